#include "apps/find_lr/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "apps/view/chart.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

constexpr double far_apart = 3.0;    // suggestions that differ by more disagree
constexpr double fell_at_all = 0.9;  // of the loss before the first update
constexpr std::size_t steepest_rule = 0;
constexpr std::size_t minimum_rule = 1;

std::string rate_text_of(double rate) {
  return number_text(rate, 2);
}

/// "0.01 to 0.02", or "0.01" if that is both.
std::string from_to(double low, double high) {
  const std::string text = rate_text_of(low);
  return text == rate_text_of(high) ? text : text + " to " + rate_text_of(high);
}

std::string plural(std::size_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

/// Of the first batch, before any update.
double loss_at_start(const RangeTest& test) {
  double sum = 0.0;
  for (const SeedCurve& s : test.seeds) sum += s.losses.front();
  return sum / static_cast<double>(test.seeds.size());
}

bool hardly_fell(const RangeTest& test) {
  return *std::ranges::min_element(test.mean) > fell_at_all * loss_at_start(test);
}

/// Where the test ended early: rates from there on are too much.
std::string ends_text(const RangeTest& test) {
  std::size_t early = 0;
  double first = HUGE_VAL;
  double last = 0.0;
  for (const SeedCurve& s : test.seeds) {
    if (s.end == RangeEnd::finished) continue;
    ++early;
    // A loss that was not finite is not among the losses.
    const double rate = test.rates[s.losses.size() - (s.end == RangeEnd::not_finite ? 0 : 1)];
    first = std::min(first, rate);
    last = std::max(last, rate);
  }
  if (early == 0) return {};
  return fmt::format(
      "{} of {} ended early, at {}, with a smoothed loss beyond {} times its minimum or one that "
      "was not finite.",
      early, plural(test.seeds.size(), "seed"), from_to(first, last), give_up);
}

/// An edge is the last twentieth of the updates that the rules saw: a curve that still falls there
/// need not be lowest at the very end, for it is noisy.
std::string narrow_text(const RangeTest& test) {
  const RangeCurve whole{std::span(test.rates).first(test.mean.size()), test.mean};
  const RangeCurve inner = without_ends(whole, test.rates.size());
  const auto first = static_cast<std::size_t>(inner.rates.data() - whole.rates.data());
  const std::size_t edge = inner.rates.size() / 20;
  const bool finished = std::ranges::all_of(
      test.seeds, [](const SeedCurve& s) { return s.end == RangeEnd::finished; });
  std::string text;
  if (test.suggested[steepest_rule].at <= first + edge)
    text += fmt::format(" The loss fell fastest at its lower end, {}: lower --from.",
                        rate_text_of(inner.rates.front()));
  if (finished && test.suggested[minimum_rule].at + 1 + edge >= first + inner.rates.size())
    text += fmt::format(" The loss was lowest at its upper end, {}: raise --to.",
                        rate_text_of(inner.rates.back()));
  return text.empty() ? text : "The range was too narrow." + text;
}

/// How far the rules that are offered are apart, if there are several.
std::string agreement_text(const RangeTest& test) {
  std::vector<std::size_t> offered;
  for (std::size_t r = 0; r < rule_count; ++r)
    if (is_offered(test, r)) offered.push_back(r);
  if (offered.size() < 2) return {};
  const auto rate = [&](std::size_t r) { return test.suggested[r].rate; };
  const auto [low, high] = std::ranges::minmax(offered, {}, rate);
  const double ratio = rate(high) / rate(low);
  const std::string factor = fmt::format("a factor of {:.{}f}", ratio, ratio < 10.0 ? 1 : 0);
  if (ratio <= far_apart) return fmt::format("The rules agree within {}.", factor);
  return fmt::format("The rules disagree by {}: {} says {}, {} says {}. ", factor, rules[low].name,
                     rate_text_of(rate(low)), rules[high].name, rate_text_of(rate(high))) +
         "On MNIST tuning came nearest to minimum/10 (docs/find-lr.md).";
}

/// The rules that are not offered.
std::string unsteady_text(const RangeTest& test) {
  std::vector<std::string> left_out;
  for (std::size_t r = 0; r < rule_count; ++r) {
    const auto [low, high] = spread_of(test, r);
    if (!is_offered(test, r))
      left_out.push_back(fmt::format("{} by a factor of {:.0f}", rules[r].name, high / low));
  }
  if (left_out.empty()) return {};
  return fmt::format("Left out, because single seeds differ: {}.", fmt::join(left_out, ", "));
}

/// Words in lines of at most so many columns, where they fit.
std::string wrapped(std::string_view text, int columns) {
  const auto width = static_cast<std::size_t>(std::max(columns, 30));
  std::string out;
  while (text.size() > width) {
    const std::size_t space = text.rfind(' ', width);
    if (space == std::string_view::npos) break;
    out += std::string(text.substr(0, space)) + '\n';
    text.remove_prefix(space + 1);
  }
  return out + std::string(text) + '\n';
}

}  // namespace

std::pair<double, double> spread_of(const RangeTest& test, std::size_t rule) {
  double low = HUGE_VAL;
  double high = 0.0;
  for (const auto& suggested : test.of_seeds) {
    low = std::min(low, suggested[rule].rate);
    high = std::max(high, suggested[rule].rate);
  }
  return {low, high};
}

std::string spread_text(const RangeTest& test, std::size_t rule) {
  const auto [low, high] = spread_of(test, rule);
  return from_to(low, high);
}

std::string range_text(const RangeTestOptions& o) {
  const std::uint64_t first = o.training.seed;
  return fmt::format(
      "from {} to {} in {} updates, {}", number_text(o.from, 4), number_text(o.to, 4), o.updates,
      o.seeds == 1
          ? fmt::format("seed {}", first)
          : fmt::format("seeds {} to {}", first, first + static_cast<std::uint64_t>(o.seeds) - 1));
}

std::vector<std::string> advice(const RangeTest& test) {
  std::vector<std::string> texts;
  const auto add = [&](std::string text) {
    if (!text.empty()) texts.push_back(std::move(text));
  };
  if (hardly_fell(test)) {
    add(
        fmt::format("The loss hardly fell, from {:.4g} to {:.4g}: the suggestions mean little. "
                    "Give a wider range (--from, --to) or more --updates.",
                    loss_at_start(test), *std::ranges::min_element(test.mean)));
    add(unsteady_text(test));
    add(ends_text(test));
    return texts;
  }
  const std::string narrow = narrow_text(test);
  add(narrow);
  if (narrow.empty()) {
    add(agreement_text(test));
    add(unsteady_text(test));
  }
  add(ends_text(test));
  return texts;
}

bool is_offered(const RangeTest& test, std::size_t rule) {
  constexpr double scattered = 10.0;
  const auto [low, high] = spread_of(test, rule);
  return high < scattered * low;
}

std::optional<SuggestedRate> suggested_rate(const RangeTest& test) {
  if (hardly_fell(test) || !narrow_text(test).empty() || !is_offered(test, minimum_rule)) return {};
  const auto [low, high] = spread_of(test, minimum_rule);
  return SuggestedRate{test.suggested[minimum_rule].rate, low, high};
}

std::string rate_text(const SuggestedRate& suggested) {
  return rate_text_of(suggested.rate);
}

std::string rate_origin(const RangeTest& test, const SuggestedRate& suggested) {
  return (test.seeds.size() > 1 ? from_to(suggested.low, suggested.high) + " for single seeds; "
                                : std::string()) +
         "a tenth of the rate at which the loss is lowest";
}

std::string tuning_command(const RangeFacts& facts, const RangeTest& test) {
  const auto suggested = suggested_rate(test);
  if (!suggested) return {};
  std::string peaks;
  for (const double factor : {0.5, 1.0, 2.0, 4.0, 8.0})
    peaks += (peaks.empty() ? "" : ",") + rate_text_of(factor * suggested->rate);
  return facts.comparison + " --peaks " + peaks;
}

std::string training_command(const RangeFacts& facts, const RangeTest& test) {
  const auto suggested = suggested_rate(test);
  return suggested ? facts.train + " --lr " + rate_text(*suggested) : "";
}

std::string range_report(const RangeFacts& facts, const RangeTest& test, const Terminal& terminal) {
  const auto first = test.rates.begin();
  const std::vector<double> rates(first, first + std::ssize(test.mean));
  std::vector<Series> series;
  if (test.seeds.size() > 1)
    series = {{"lowest seed", rates, test.lowest}, {"highest seed", rates, test.highest}};
  series.push_back({"mean", rates, test.mean});
  for (std::size_t r = 0; r < rule_count; ++r) {
    if (!is_offered(test, r)) continue;
    const double rate = std::max(test.suggested[r].rate, rates.front());
    const auto at = static_cast<std::size_t>(std::ranges::upper_bound(rates, rate) - rates.begin());
    series.push_back({std::string(rules[r].name), {rate}, {test.mean[at - 1]}});
  }
  const int columns = std::min(terminal.columns, 100);
  std::string out =
      terminal_chart(series, {.title = "smoothed training loss while the learning rate rises",
                              .x_label = "learning rate",
                              .width = columns,
                              .height = 20,
                              .colour = terminal.colour,
                              .unicode = terminal.unicode,
                              .log_x = true});
  const auto suggested = suggested_rate(test);
  if (suggested)
    out += fmt::format("\nlearning rate  {}\n", rate_text(*suggested)) +
           wrapped(rate_origin(test, *suggested), columns);
  out +=
      fmt::format("\n{:<10}  {:>8}  {:<17}  {}\n", "rule", "suggests", "for single seeds", "from");
  for (std::size_t r = 0; r < rule_count; ++r)
    if (is_offered(test, r))
      out +=
          fmt::format("{:<10}  {:>8}  {:<17}  {}\n", rules[r].name,
                      rate_text_of(test.suggested[r].rate), spread_text(test, r), rules[r].source);
  out += '\n';
  for (const std::string& text : advice(test)) out += wrapped(text, columns);
  if (suggested)
    out += fmt::format("\ntrain with it\n  {}\ntune around it, which is better\n  {}\n",
                       training_command(facts, test), tuning_command(facts, test));
  return out;
}

}  // namespace anneal::apps
