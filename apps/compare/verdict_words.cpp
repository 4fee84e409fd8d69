#include "apps/compare/verdict_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "apps/view/text.h"

namespace anneal::apps {
namespace {

using Words = std::vector<std::string>;

/// "lower" for the better of two losses, "higher" for the worse; of accuracies the other way round.
const char* direction(const Metric& metric, bool better) {
  return better == metric.higher_is_better ? "higher" : "lower";
}

/// Those that are told from the baseline so far, on the one side or the other, the best first.
Words beside_baseline(const Judgement& j, std::size_t metric, Told told, bool better,
                      const Words& names) {
  std::vector<bool> found(names.size(), false);
  for (const Pair& pair : j.pairs)
    if (pair.metric == metric && pair.told() == told &&
        (better ? pair.worse : pair.better) == j.baseline)
      found[better ? pair.better : pair.worse] = true;
  Words out;
  for (const std::size_t i : ranked(j.verdicts[metric]))
    if (found[i]) out.push_back(names[i]);
  return out;
}

std::string ends(const Words& who) {
  return joined(who) + (who.size() == 1 ? " ends " : " end ");
}

/// Who is not told to be worse than anybody.
std::string on_the_lead(const Judgement& j, const Words& names) {
  std::vector<bool> beaten(names.size(), false);
  std::vector<std::size_t> beats(names.size(), 0);
  std::vector<bool> alive(names.size(), false);
  for (const Pair& pair : j.pairs) {
    if (pair.metric != 0) continue;
    alive[pair.better] = alive[pair.worse] = true;
    if (pair.told() != Told::apart) continue;
    beaten[pair.worse] = true;
    ++beats[pair.better];
  }
  const auto living = static_cast<std::size_t>(std::ranges::count(alive, true));
  if (living == 0) return "Too many failed with some seed: there are no two to test. ";
  const std::string others =
      living == names.size() ? "every other" : "every other that never failed";
  std::vector<std::size_t> leaders;
  for (const std::size_t i : ranked(j.verdicts[0]))
    if (alive[i] && !beaten[i]) leaders.push_back(i);
  Words words;
  for (const std::size_t i : leaders) words.push_back(names[i]);
  if (leaders.size() == living)
    return "No schedule leads: these seeds cannot tell the best from any other. ";
  if (leaders.size() > 1) return joined(words) + " lead; they cannot be told apart. ";
  if (beats[leaders[0]] + 1 == living)
    return words[0] + " leads: it can be told from " + others + ". ";
  return words[0] + " leads: it alone is not told to be worse than another. ";
}

/// What is claimed beside the baseline by one metric.
std::string on_the_baseline(const Judgement& j, std::size_t metric, const Words& names) {
  const Metric& by = j.metrics[metric];
  const Words better = beside_baseline(j, metric, Told::apart, true, names);
  const Words worse = beside_baseline(j, metric, Told::apart, false, names);
  const std::string base = names[j.baseline];
  const std::string prefix = metric == 0 ? "" : "By " + by.name + " ";
  const std::string than = " than " + base + ". ";
  const bool failed = std::ranges::none_of(j.pairs, [&](const Pair& pair) {
    return pair.metric == metric && (pair.better == j.baseline || pair.worse == j.baseline);
  });
  if (failed) return metric > 0 ? "" : base + " failed: nothing is compared with it. ";
  if (better.empty() && worse.empty())
    return (metric == 0 ? "None is told from " : prefix + "none is told from ") + base + ". ";
  std::string text;
  if (!better.empty()) text += prefix + ends(better) + direction(by, true) + than;
  if (!worse.empty()) text += prefix + ends(worse) + direction(by, false) + than;
  return text;
}

std::string close_to_baseline(const Judgement& j, const Words& names) {
  Words who;
  for (const bool better : {true, false})
    for (const std::string& name : beside_baseline(j, 0, Told::close, better, names))
      who.push_back(name + " " + direction(j.metrics[0], better));
  if (who.empty()) return "";
  return fmt::format(
      "Close to the threshold, so that more seeds would have to decide: {} than {}. ", joined(who),
      names[j.baseline]);
}

/// Pairs that the first metric and another tell apart, in opposite senses.
Words contradictions(const Judgement& j, std::size_t metric, const Words& names) {
  std::vector<std::pair<std::size_t, std::size_t>> first;
  for (const Pair& pair : j.pairs)
    if (pair.metric == 0 && pair.told() == Told::apart) first.emplace_back(pair.better, pair.worse);
  std::ranges::sort(first);
  Words out;
  for (const Pair& pair : j.pairs)
    if (pair.metric == metric && pair.told() == Told::apart &&
        std::ranges::binary_search(first, std::pair(pair.worse, pair.better)))
      out.push_back(fmt::format("{} before {}", names[pair.worse], names[pair.better]));
  return out;
}

std::string on_contradictions(const Judgement& j, const Words& names) {
  std::string text;
  for (std::size_t m = 1; m < j.metrics.size(); ++m)
    if (const Words pairs = contradictions(j, m, names); !pairs.empty())
      text += fmt::format(
          "{} and {} contradict each other: the first puts {}, the second the other "
          "way round. ",
          j.metrics[0].name, j.metrics[m].name, joined(pairs, 3));
  return text;
}

std::string sentence(std::string text) {
  if (text.ends_with(' ')) text.pop_back();
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z')
    text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

std::string joined(const std::vector<std::string>& words, std::size_t most) {
  if (words.size() > most + 1) {
    const std::vector<std::string> first(words.begin(),
                                         words.begin() + static_cast<std::ptrdiff_t>(most));
    return fmt::format("{} and {} more", fmt::join(first, ", "),
                       grouped(static_cast<std::int64_t>(words.size() - most)));
  }
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i)
    text += (i == 0 ? "" : i + 1 == words.size() ? " and " : ", ") + words[i];
  return text;
}

std::string counted_in_words(std::int64_t number, std::string_view what) {
  constexpr std::array words{"no",    "one",   "two",  "three", "four",   "five",  "six",
                             "seven", "eight", "nine", "ten",   "eleven", "twelve"};
  if (number < 0 || number >= std::ssize(words)) return counted(number, what);
  return fmt::format("{} {}{}", words[static_cast<std::size_t>(number)], what,
                     number == 1 ? "" : "s");
}

std::string p_text(double p) {
  return p < 0.0005 ? "<0.001" : fmt::format("{:.3f}", p);
}

std::string tier_text(const Verdict& verdict) {
  return verdict.tier + (verdict.tier_is_close ? "~" : "");
}

std::string headline(const Judgement& j, const std::vector<std::string>& names) {
  if (names.size() == 1) return names[0] + " is alone: there is nothing to compare it with.";
  if (!j.tested()) {
    Words order;
    for (const std::size_t i : ranked(j.verdicts[0])) order.push_back(names[i]);
    return fmt::format("In this order: {}; {}, not tested.", joined(order),
                       counted_in_words(j.rounds, "seed"));
  }
  std::string text = on_the_lead(j, names);
  const bool any = std::ranges::any_of(j.pairs, [](const Pair& p) { return p.metric == 0; });
  if (any) text += on_the_baseline(j, 0, names) + close_to_baseline(j, names);
  for (std::size_t m = 1; any && m < j.metrics.size(); ++m) text += on_the_baseline(j, m, names);
  const std::string contradicted = on_contradictions(j, names);
  if (!contradicted.empty()) text += sentence(contradicted) + " ";
  text.pop_back();
  return text;
}

std::vector<std::string> reservations(const Judgement& j, const std::vector<std::string>& names) {
  Words lines;
  if (names.size() < 2) return lines;
  if (!j.tested()) {
    lines.push_back(fmt::format(
        "With {} nothing is tested: a claim takes a p of {} or less, and the least "
        "possible is {:.3g}. It takes {} seeds.",
        counted(j.rounds, "seed"), claimed, least_sign_flip_p(j.rounds), fewest_rounds));
    return lines;
  }
  Words close;
  for (const Pair& pair : j.pairs)
    if (pair.told() == Told::close)
      close.push_back(fmt::format("{} {} than {}{} (p {})", names[pair.better],
                                  direction(j.metrics[pair.metric], true), names[pair.worse],
                                  pair.metric == 0 ? "" : " in " + j.metrics[pair.metric].name,
                                  p_text(pair.p)));
  if (!close.empty())
    lines.push_back(
        fmt::format("Close to the threshold, within a factor of two of {}, and not "
                    "claimed, on whichever side: {}.",
                    significant, joined(close, 10)));
  if (!j.sets.all)
    lines.push_back(
        fmt::format("A p is sampled: {} sets of signs of 2^{}, drawn at random. One of {} is known "
                    "to ± {:.2g}, "
                    "and none can be below {:.2g}.",
                    grouped(j.sets.counted), j.rounds - 1, claimed, sampling_error(claimed, j.sets),
                    1.0 / static_cast<double>(j.sets.counted)));
  return lines;
}

std::string how_tested(const Judgement& j) {
  std::string text;
  if (j.rounds >= fewest_for_interval)
    text += "Intervals of 95 % are Student's t, each by itself. ";
  if (!j.tested()) return text + fmt::format("Fewer than {} seeds are not tested.", fewest_rounds);
  if (j.pairs.empty()) return text;
  Words by;
  for (const Metric& m : j.metrics) by.push_back(m.name);
  return text +
         fmt::format(
             "p: sign flips of {} at once, by {}, {}; the chance that anything at all is claimed "
             "wrongly is below 5 %, where the differences are about symmetric. Claimed is a p of "
             "{} or less; up to {} it is close to the "
             "threshold. Schedules that share a tier letter cannot be told apart; ~: but one is "
             "close to it.",
             counted(std::ssize(j.pairs), "pair"), joined(by),
             j.sets.all
                 ? fmt::format("exact ({} of signs)", counted(j.sets.counted, "set"))
                 : fmt::format("sampled ({} sets of signs, ± {:.2g} at {})",
                               grouped(j.sets.counted), sampling_error(claimed, j.sets), claimed),
             claimed, close_to);
}

}  // namespace anneal::apps
