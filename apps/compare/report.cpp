#include "apps/compare/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "apps/view/text.h"

namespace anneal::apps {
namespace {

constexpr double significant = 0.05;

using Row = std::vector<std::string>;

/// Columns as wide as their widest cell; the first is set left, the others right.
std::string table(const std::vector<Row>& rows) {
  std::vector<int> widths(rows[0].size(), 3);
  for (const Row& row : rows)
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], columns_of(row[i]));
  std::string text;
  const auto add = [&](const Row& row) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      const std::string space(static_cast<std::size_t>(widths[i] - columns_of(row[i])), ' ');
      text += i == 0 ? "| " + row[i] + space + " |" : " " + space + row[i] + " |";
    }
    text += '\n';
  };
  add(rows[0]);
  for (std::size_t i = 0; i < widths.size(); ++i)
    text += (i == 0 ? "|" : "") + std::string(static_cast<std::size_t>(widths[i]) + 1, '-') +
            (i == 0 ? "-|" : ":|");
  text += '\n';
  for (std::size_t i = 1; i < rows.size(); ++i) add(rows[i]);
  return text;
}

std::string loss_text(double loss) {
  return std::isfinite(loss) ? fmt::format("{:.4f}", loss) : "diverged";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

std::vector<double> finite(const std::vector<double>& values) {
  std::vector<double> kept;
  std::ranges::copy_if(values, std::back_inserter(kept), [](double v) { return std::isfinite(v); });
  return kept;
}

std::string code(const std::string& schedule) {
  return "`" + schedule + "`";
}

/// Contestants by mean rank, the best first.
std::vector<std::size_t> ranked(const std::vector<Verdict>& verdicts) {
  std::vector<std::size_t> order(verdicts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, {}, [&](std::size_t i) { return verdicts[i].rank; });
  return order;
}

std::string answer(const Comparison& c, const std::vector<Contestant>& contestants,
                   const std::vector<Verdict>& verdicts) {
  const std::vector<std::size_t> order = ranked(verdicts);
  std::vector<std::string> leaders;
  std::vector<std::string> better;
  std::vector<std::string> worse;
  for (const std::size_t i : order) {
    if (verdicts[i].tier.find('a') != std::string::npos) leaders.push_back(code(c.schedules[i]));
    if (verdicts[i].p > significant) continue;
    (mean_of(contestants[i].losses) < mean_of(contestants[c.baseline].losses) ? better : worse)
        .push_back(code(c.schedules[i]));
  }
  const std::string base = code(c.schedules[c.baseline]);
  if (leaders.size() == contestants.size() && contestants.size() > 1)
    return "No schedule leads: these seeds cannot tell the best from any other.";
  std::string text =
      joined(leaders) + (leaders.size() == 1 ? " leads: it can be told from every other. "
                                             : " lead; they cannot be told apart. ");
  if (!better.empty()) text += joined(better) + " end lower than " + base + ". ";
  if (!worse.empty()) text += joined(worse) + " end higher than " + base + ". ";
  if (better.empty() && worse.empty())
    text += "No schedule differs significantly from " + base + ". ";
  text.pop_back();
  return text;
}

std::string decided_table(const Comparison& c, const std::vector<Contestant>& contestants,
                          const std::vector<Verdict>& verdicts) {
  const std::string& base = c.schedules[c.baseline];
  std::vector<Row> rows{{"schedule", "peak", "validation loss", "minus " + base + ", 95 %",
                         "p (Holm)", "rank", "tier", "test accuracy, %",
                         "minus " + base + ", 95 %"}};
  for (const std::size_t i : ranked(verdicts)) {
    const Contestant& one = contestants[i];
    const Verdict& v = verdicts[i];
    const std::vector<double> losses = finite(one.losses);
    const bool tested =
        i != c.baseline && one.diverged() == 0 && contestants[c.baseline].diverged() == 0;
    Row row{code(one.schedule),
            number_text(c.peaks[one.best], 3) + (one.best_is_at_the_edge() ? " (edge)" : "")};
    row.push_back(one.diverged() > 0
                      ? fmt::format("{} of {} diverged", one.diverged(), one.losses.size())
                      : fmt::format("{:.4f} ± {:.4f}", mean_of(losses), deviation_of(losses)));
    row.push_back(
        tested ? fmt::format("{:+.4f} … {:+.4f}", v.loss_difference.low, v.loss_difference.high)
               : "–");
    row.push_back(tested ? fmt::format("{:.3f}", v.p) : "–");
    row.push_back(fmt::format("{:.1f}", v.rank));
    row.push_back(v.tier);
    row.push_back(fmt::format("{:.2f} ± {:.2f}", 100 * mean_of(one.accuracies),
                              100 * deviation_of(one.accuracies)));
    row.push_back(tested ? fmt::format("{:+.2f} … {:+.2f}", 100 * v.accuracy_difference.low,
                                       100 * v.accuracy_difference.high)
                         : "–");
    rows.push_back(std::move(row));
  }
  return table(rows);
}

/// The peaks whose loss is within 5 % of the best, next to it without a gap.
std::string robust_range(const Comparison& c, const Contestant& one) {
  const double limit = 1.05 * one.tuning_losses[one.best];
  std::size_t low = one.best;
  std::size_t high = one.best;
  while (low > 0 && one.tuning_losses[low - 1] <= limit) --low;
  while (high + 1 < c.peaks.size() && one.tuning_losses[high + 1] <= limit) ++high;
  return low == high ? number_text(c.peaks[low], 3)
                     : number_text(c.peaks[low], 3) + " … " + number_text(c.peaks[high], 3);
}

std::string tuning_table(const Comparison& c, const std::vector<Contestant>& contestants) {
  Row head{"schedule"};
  for (const double peak : c.peaks) head.push_back(number_text(peak, 3));
  head.push_back("within 5 % of its best");
  std::vector<Row> rows{head};
  for (const Contestant& one : contestants) {
    Row row{code(one.schedule)};
    for (std::size_t k = 0; k < c.peaks.size(); ++k)
      row.push_back((k == one.best ? "*" : "") + loss_text(one.tuning_losses[k]) +
                    (k == one.best ? "*" : ""));
    row.push_back(robust_range(c, one));
    rows.push_back(std::move(row));
  }
  Row winners{"the lowest at this peak"};
  for (std::size_t k = 0; k < c.peaks.size(); ++k) {
    const auto best = std::ranges::min_element(
        contestants, {}, [k](const Contestant& one) { return one.tuning_losses[k]; });
    winners.push_back(std::isfinite(best->tuning_losses[k]) ? code(best->schedule) : "–");
  }
  winners.emplace_back("");
  rows.push_back(std::move(winners));
  return table(rows);
}

std::string cautions(const Comparison& c, const std::vector<Contestant>& contestants,
                     const std::vector<Verdict>& verdicts) {
  std::string text;
  const auto add = [&](const std::string& line) { text += "- " + line + "\n"; };
  const auto pairs = static_cast<std::int64_t>(c.fresh_seeds.size());
  const auto others = static_cast<double>(contestants.size() - 1);
  if (others > 0 && least_sign_flip_p(pairs) * others > significant)
    add(
        fmt::format("With {} fresh seeds no difference from the baseline can be significant: the "
                    "least p is {:.3g}, times {} comparisons. It takes {} seeds.",
                    pairs, least_sign_flip_p(pairs), others,
                    static_cast<int>(std::ceil(1.0 + std::log2(others / significant)))));
  if (least_sign_flip_p(pairs) > significant)
    add(fmt::format("With {} fresh seeds no two schedules can be told apart: all share a tier.",
                    pairs));
  for (const Contestant& one : contestants) {
    if (one.best_is_at_the_edge())
      add(
          fmt::format("The best peak of {} is at the edge of the grid: it might do better beyond; "
                      "give more --peaks.",
                      code(one.schedule)));
    if (one.diverged() > 0)
      add(
          fmt::format("{} diverged with {} of {} fresh seeds. They count as its failures: it is "
                      "ranked last there, and not tested.",
                      code(one.schedule), one.diverged(), one.losses.size()));
  }
  const std::vector<std::size_t> order = ranked(verdicts);
  if (order.size() > 1 && pairs > 1) {
    const Contestant& first = contestants[order[0]];
    const Contestant& second = contestants[order[1]];
    if (first.diverged() == 0 && second.diverged() == 0) {
      std::vector<double> d;
      for (std::size_t i = 0; i < first.losses.size(); ++i)
        d.push_back(first.losses[i] - second.losses[i]);
      const double needed = pairs_needed(mean_of(d), deviation_of(d));
      if (std::isfinite(needed))
        add(
            fmt::format("If the two best, {} and {}, really differ by as much as here, it takes "
                        "about {} seeds to see it four times in five.",
                        code(first.schedule), code(second.schedule),
                        grouped(static_cast<std::int64_t>(std::ceil(needed)))));
      else
        add(fmt::format("{} and {} gave the same losses.", code(first.schedule),
                        code(second.schedule)));
    }
  }
  return text;
}

}  // namespace

std::string report_text(const Comparison& c, const std::vector<Contestant>& contestants,
                        const ReportFacts& facts) {
  const std::vector<Verdict> verdicts = judge(contestants, c.baseline);
  return fmt::format(
      "# {} schedules on {}\n\n{}\n\n- data: {}\n- {}\n- machine: {}\n\n    {}\n\n"
      "## Each at its own best peak, {} fresh seed{}\n\n{}\n"
      "Mean ± standard deviation over seeds; differences are paired by seed (same initial weights, "
      "same batches), their intervals BCa bootstrap. p: exact sign-flip test of the validation "
      "loss. Schedules that share a tier letter cannot be told apart at 5 %.\n\n"
      "## Validation loss at every peak, mean of {} tuning seed{}\n\n{}\n"
      "*The best of each schedule.* A comparison at a single peak would crown the last row.\n\n"
      "## What these numbers cannot say\n\n{}",
      contestants.size(), facts.dataset, answer(c, contestants, verdicts), facts.data,
      facts.conditions, facts.machine, facts.command, c.fresh_seeds.size(),
      c.fresh_seeds.size() == 1 ? "" : "s", decided_table(c, contestants, verdicts),
      c.tuning_seeds.size(), c.tuning_seeds.size() == 1 ? "" : "s", tuning_table(c, contestants),
      cautions(c, contestants, verdicts));
}

std::string report_csv(const Comparison& c, const std::vector<Contestant>& contestants) {
  const auto quoted = [](const std::string& text) {
    std::string out = "\"";
    for (const char ch : text) out += ch == '"' ? std::string("\"\"") : std::string(1, ch);
    return out + "\"";
  };
  std::string text = "schedule,canonical,peak,seed,validation_loss,test_accuracy\n";
  for (const Contestant& one : contestants)
    for (std::size_t k = 0; k < one.losses.size(); ++k)
      text += fmt::format("{},{},{},{},{},{}\n", quoted(one.schedule), quoted(one.canonical),
                          c.peaks[one.best], c.fresh_seeds[k], one.losses[k], one.accuracies[k]);
  return text;
}

}  // namespace anneal::apps
