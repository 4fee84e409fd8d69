#include "apps/studies/sklearn_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "apps/compare/verdict_words.h"
#include "apps/view/table.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

std::string name(std::size_t strategy) {
  return std::string(strategies()[strategy].name);
}

/// One value has no deviation.
std::string mean_and_deviation(const std::vector<double>& values, int digits) {
  if (values.size() < 2) return fmt::format("{:.{}f}", mean_of(values), digits);
  return fmt::format("{:.{}f} ± {:.{}f}", mean_of(values), digits, deviation_of(values), digits);
}

std::string interval_text(const std::optional<Interval>& interval) {
  if (!interval) return "–";
  return fmt::format("{:+.4f} … {:+.4f}", interval->low, interval->high);
}

// ---- as published ---------------------------------------------------------------------------

bool agrees(const Outcome& ours, const Published& theirs) {
  return std::abs(ours.score - theirs.score) < 1e-9 && std::abs(ours.loss - theirs.loss) <= 0.5e-6;
}

std::string published_table(const std::vector<ProblemResults>& results) {
  std::vector<Row> rows{{"strategy", "data", "initial rate", "score published", "ours",
                         "loss published", "ours", "epochs"}};
  for (const ProblemResults& r : results)
    for (std::size_t i = 0; i < strategies().size(); ++i) {
      const Published theirs = strategies()[i].published(r.pattern);
      const Outcome& ours = r.as_published[i];
      rows.push_back({name(i), name_of(r.pattern), number_text(strategies()[i].rate, 3),
                      fmt::format("{:.2f}", theirs.score), fmt::format("{:.2f}", ours.score),
                      fmt::format("{:.6f}", theirs.loss), fmt::format("{:.6f}", ours.loss),
                      std::to_string(ours.epochs)});
    }
  return table(rows);
}

std::string agreement(const std::vector<ProblemResults>& results) {
  std::size_t agreeing = 0;
  for (const ProblemResults& r : results)
    for (std::size_t i = 0; i < strategies().size(); ++i)
      if (agrees(r.as_published[i], strategies()[i].published(r.pattern))) ++agreeing;
  const std::size_t all = results.size() * strategies().size();
  return agreeing == all ? fmt::format(
                               "All {} published scores and losses come out to the last of "
                               "their six decimals.",
                               all)
                         : fmt::format(
                               "{} of {} published scores and losses come out to the last "
                               "of their six decimals.",
                               agreeing, all);
}

// ---- what is left of it ---------------------------------------------------------------------

/// An invscaling beside the constant rate with the same momentum: how much higher its training loss
/// is as published, and when each has its own best rate.
struct Contrast {
  std::size_t invscaling;
  double published_gap;
  std::vector<double> gaps;      ///< of each fresh seed
  std::optional<double> p = {};  ///< adjusted for the contrasts of its data; none if not tested

  /// False where a trial diverged: then there is nothing to test.
  bool is_finite() const { return std::isfinite(mean_of(gaps)); }
  double share_left() const { return mean_of(gaps) / published_gap; }
};

std::vector<Contrast> contrasts(const ProblemResults& r) {
  constexpr auto measure = Measure::training_loss;
  std::vector<Contrast> contrasts;
  std::vector<std::size_t> tested;
  std::vector<std::vector<double>> rows;
  for (std::size_t i = 0; i < strategies().size(); ++i) {
    // The constant rates come first.
    const auto same = std::ranges::find(strategies(), strategies()[i].rule, &Strategy::rule);
    const auto base = static_cast<std::size_t>(same - strategies().begin());
    if (base == i) continue;
    const std::vector<double> gaps =
        differences(values_of(r.by_training_loss[i].fresh, measure),
                    values_of(r.by_training_loss[base].fresh, measure));
    contrasts.push_back(
        {i, strategies()[i].published(r.pattern).loss - same->published(r.pattern).loss, gaps});
    if (!contrasts.back().is_finite() || std::ssize(gaps) < fewest_rounds) continue;
    tested.push_back(contrasts.size() - 1);
    rows.push_back(gaps);
  }
  const JointTest test = joint_sign_flip(rows);
  for (std::size_t k = 0; k < tested.size(); ++k) contrasts[tested[k]].p = test.p[k];
  return contrasts;
}

std::string contrasts_table(const std::vector<ProblemResults>& results) {
  std::vector<Row> rows{{"training loss, invscaling minus constant", "data", "published",
                         "each at its best rate", "95 %", "p", "left"}};
  for (const ProblemResults& r : results)
    for (const Contrast& c : contrasts(r)) {
      Row row{name(c.invscaling), name_of(r.pattern), fmt::format("{:+.4f}", c.published_gap)};
      if (c.is_finite())
        row.insert(row.end(),
                   {fmt::format("{:+.4f}", mean_of(c.gaps)), interval_text(interval_of(c.gaps)),
                    c.p ? p_text(*c.p) : "–", fmt::format("{:.0f} %", 100 * c.share_left())});
      else
        row.insert(row.end(), {"diverged", "–", "–", "–"});
      rows.push_back(std::move(row));
    }
  return table(rows);
}

std::vector<std::size_t> by_rank(const std::vector<Standing>& standings) {
  std::vector<Verdict> verdicts(standings.size());
  std::ranges::transform(standings, verdicts.begin(), &Standing::verdict);
  return ranked(verdicts);
}

/// The best and those that cannot be told from it; with too few seeds, the first by rank.
std::string leaders(const std::vector<Standing>& standings) {
  std::vector<std::string> names;
  const std::vector<std::size_t> order = by_rank(standings);
  for (const std::size_t i : order)
    if (standings[i].verdict.tier.find('a') != std::string::npos) names.push_back(name(i));
  if (names.empty()) return name(order.front()) + " (not tested)";
  return joined(names) + (names.size() > 1 ? ", which cannot be told apart" : "");
}

std::string answer(const std::vector<ProblemResults>& results) {
  std::string text =
      "As published, invscaling's training loss lies above that of the constant rate with the same "
      "momentum. When each has its own best rate, so much of that gap is left:\n\n";
  for (const ProblemResults& r : results) {
    std::vector<std::string> shares;
    for (const Contrast& c : contrasts(r)) {
      const std::string share = fmt::format("{:.0f} %", 100 * c.share_left());
      shares.push_back((!c.is_finite()   ? "unknown"
                        : !c.p           ? share + ", not tested,"
                        : *c.p > claimed ? "nothing that these seeds can tell from none"
                                         : share) +
                       " for " + name(c.invscaling));
    }
    text +=
        fmt::format("- **{}**: {}. Lowest training loss: {}. Lowest loss on points held out: {}.\n",
                    name_of(r.pattern), joined(shares), leaders(r.by_training_loss),
                    leaders(r.by_held_out_loss));
  }
  return text;
}

// ---- each at its own best rate --------------------------------------------------------------

std::string standings_table(const std::vector<Standing>& standings, Measure measure,
                            const FairPlan& plan) {
  const bool training = measure == Measure::training_loss;
  const std::string of = training ? "training" : "held-out";
  std::vector<Row> rows{{"strategy", "best rate", of + " loss", "minus " + name(0) + ", 95 %", "p",
                         "rank", "tier", of + " score, %", "epochs"}};
  for (const std::size_t i : by_rank(standings)) {
    const Standing& s = standings[i];
    const Verdict& v = s.verdict;
    const bool diverged = !std::isfinite(mean_of(values_of(s.fresh, measure)));
    const bool edge = s.best == 0 || s.best + 1 == plan.rates.size();
    std::vector<double> scores;
    std::vector<double> epochs;
    for (const Outcome& o : s.fresh) {
      scores.push_back(100.0 * (training ? o.score : o.held_out_score));
      epochs.push_back(o.epochs);
    }
    rows.push_back({name(i), number_text(plan.rates[s.best], 3) + (edge ? " (edge)" : ""),
                    diverged ? "diverged" : mean_and_deviation(values_of(s.fresh, measure), 4),
                    interval_text(v.difference), v.tested ? p_text(v.p) : "–",
                    fmt::format("{:.1f}", v.rank), v.tier.empty() ? "–" : tier_text(v),
                    mean_and_deviation(scores, 1), fmt::format("{:.0f}", mean_of(epochs))});
  }
  return table(rows);
}

std::string tuning_table(const std::vector<Standing>& standings, const FairPlan& plan) {
  Row head{"rate"};
  for (std::size_t i = 0; i < standings.size(); ++i) head.push_back(name(i));
  std::vector<Row> rows{head};
  for (std::size_t k = 0; k < plan.rates.size(); ++k) {
    Row row{number_text(plan.rates[k], 3)};
    for (const Standing& s : standings) {
      const char* mark = k == s.best ? "*" : "";
      row.push_back(mark + loss_text(s.tuning[k]) + mark);
    }
    rows.push_back(std::move(row));
  }
  return table(rows);
}

std::string cautions(const FairPlan& plan) {
  std::string text =
      "- Every batch holds all the points, so the gradients have no noise for a falling rate to "
      "average out: what invscaling is for is not asked here.\n"
      "- Training ends when 10 epochs in a row do not lower the loss by 1e-4, as in the article. A "
      "strategy whose loss stalls or swings may be cut short; the epochs tell.\n"
      "- One network of 100 hidden units, 100 points, 400 epochs.\n";
  const auto pairs = static_cast<std::int64_t>(plan.fresh_seeds.size());
  if (pairs < fewest_rounds)
    text += fmt::format("- With {} nothing is tested. It takes {} seeds.\n",
                        counted(pairs, "fresh seed"), fewest_rounds);
  return text;
}

}  // namespace

std::string sklearn_report(const std::vector<ProblemResults>& results, const FairPlan& plan,
                           const std::string& command) {
  std::string text = fmt::format(
      "# scikit-learn's learning strategies, as published and fairly\n\n{}\n\nWhat of the "
      "article's "
      "picture survives a rate of one's own?\n\n{}\n    {}\n\n"
      "## As published\n\n{}\n"
      "Score and loss are of the training points: 100 of them, weights of random_state 0, one "
      "initial rate for all but Adam. The article: scikit-learn's example \"Compare Stochastic "
      "learning strategies for MLPClassifier\".\n\n"
      "## What is left of invscaling's failure\n\n{}\n"
      "Each beside the constant rate with the same momentum; published: one run at 0.2. Each at "
      "its "
      "best rate: mean over {}, the rates chosen by the training loss.\n\n",
      agreement(results), answer(results), command, published_table(results),
      contrasts_table(results), counted(std::ssize(plan.fresh_seeds), "fresh seed"));
  for (const ProblemResults& r : results)
    text += fmt::format(
        "## {}: each at its own best rate, {}\n\n"
        "By the training loss, which the article compares:\n\n{}\n"
        "By the loss on 1000 other points of the same distribution:\n\n{}\n"
        "Training loss at every rate, mean of {}:\n\n{}\n",
        name_of(r.pattern), counted(std::ssize(plan.fresh_seeds), "fresh seed"),
        standings_table(r.by_training_loss, Measure::training_loss, plan),
        standings_table(r.by_held_out_loss, Measure::held_out_loss, plan),
        counted(std::ssize(plan.tuning_seeds), "tuning seed"),
        tuning_table(r.by_training_loss, plan));
  return text +
         fmt::format(
             "Mean ± standard deviation over seeds, each of which draws points and weights anew, "
             "the same for all strategies. A strategy's rate is the one whose loss, the one that "
             "the table compares, has the lowest mean over the tuning seeds. Differences are "
             "paired by seed, their intervals Student's t, each by itself; p: joint sign-flip test "
             "of "
             "all pairs of a table, or of the contrasts of one data set. Strategies that share a "
             "tier letter cannot be told apart (p above 0.025); ~: but one is close to it.\n\n"
             "## What these numbers cannot say\n\n{}",
             cautions(plan));
}

std::string sklearn_csv(const std::vector<ProblemResults>& results, const FairPlan& plan) {
  std::string text =
      "data,part,strategy,rate,seed,training_loss,training_score,held_out_loss,held_out_score,"
      "epochs\n";
  const auto add = [&](Pattern pattern, const char* part, std::size_t strategy, double rate,
                       std::uint32_t seed, const Outcome& o) {
    text += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", name_of(pattern), part, name(strategy),
                        rate, seed, o.loss, o.score, o.held_out_loss, o.held_out_score, o.epochs);
  };
  for (const ProblemResults& r : results)
    for (std::size_t s = 0; s < strategies().size(); ++s) {
      add(r.pattern, "as published", s, strategies()[s].rate, example_weights_seed,
          r.as_published[s]);
      for (std::size_t k = 0; k < plan.rates.size(); ++k)
        for (std::size_t i = 0; i < plan.tuning_seeds.size(); ++i)
          add(r.pattern, "tuning", s, plan.rates[k], plan.tuning_seeds[i], r.tuning[s][k][i]);
      for (std::size_t i = 0; i < plan.fresh_seeds.size(); ++i) {
        const Standing& by_training = r.by_training_loss[s];
        const Standing& by_held_out = r.by_held_out_loss[s];
        add(r.pattern, "by training loss", s, plan.rates[by_training.best], plan.fresh_seeds[i],
            by_training.fresh[i]);
        add(r.pattern, "by held-out loss", s, plan.rates[by_held_out.best], plan.fresh_seeds[i],
            by_held_out.fresh[i]);
      }
    }
  return text;
}

}  // namespace anneal::apps
