#include "apps/comparisons.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "apps/compare/open_constants.h"
#include "apps/fail.h"
#include "sched/parse.h"
#include "sched/suggest.h"

namespace anneal::apps {
namespace {

/// Comparison k has the seeds (k - 1) 10000 + 1, 2, 3, ... to decide and (k - 1) 10000 + 5001,
/// 5002,
/// ... to tune: none in common with one another's, for at most 1000 of each.
constexpr std::uint64_t seeds_apart = 10'000;
constexpr std::uint64_t first_tuning_seed = 5001;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t") + 1 - first);
}

/// A factor of two apart, around what the optimizer is known to take.
std::vector<double> default_peaks(const OptimizerOptions& optimizer, int count) {
  // Six reach from an eighth of it to four times it; others grow or shrink from the middle.
  std::vector<double> peaks;
  peaks.reserve(static_cast<std::size_t>(count));
  for (int k = 0; k < count; ++k)
    peaks.push_back(
        std::stod(fmt::format("{:.3g}", std::ldexp(usual_peak_of(optimizer), k - count / 2))));
  return peaks;
}

/// The options that this rule has, of those meant for any.
OptimizerOptions options_for(const std::string& name, const OptimizerOptions& given) {
  OptimizerOptions options = given;
  options.name = name;
  const OptimizerOptions own{.name = name};
  if (!momentum_of(own)) options.momentum.reset();
  if (!beta1_of(own)) options.beta1.reset();
  if (!beta2_of(own)) options.beta2.reset();
  if (name != "sgd") options.nesterov = false;
  if (name == "sgd") options.epsilon.reset();
  if (name != "adam" && name != "adamw") options.amsgrad = false;
  return options;
}

/// Appends a schedule under each of the optimizers, or under its own.
void add_entrants(const CompareArguments& a, const std::string& text,
                  std::vector<Entrant>& entrants) {
  const EntrantText t = read_entrant(text);
  const std::vector<std::string> variants = variants_of(t.schedule);
  std::vector<std::string> optimizers = a.optimizers;
  if (!t.optimizer.empty()) optimizers = {t.optimizer};
  for (const std::string& optimizer : optimizers) {
    Entrant e{.name = t.name.empty() ? t.schedule : t.name,
              .schedule = t.schedule,
              .optimizer = options_for(optimizer, a.training.optimizer),
              .peaks = t.peaks};
    if (!variants.empty()) {
      e.schedule = variants[0];
      if (variants.size() > 1) e.variants = variants;
    }
    if (optimizers.size() > 1) e.name += ", " + optimizer;
    if (e.peaks.empty()) e.peaks = a.peaks;
    if (e.peaks.empty()) e.peaks = default_peaks(e.optimizer, a.grid);
    entrants.push_back(std::move(e));
  }
}

std::ptrdiff_t place_of(const std::string& baseline, const std::vector<Entrant>& entrants) {
  return std::ranges::find_if(
             entrants,
             [&](const Entrant& e) { return e.name == baseline || e.schedule == baseline; }) -
         entrants.begin();
}

/// One that is none of the entrants joins them, if it is a schedule.
void check_baseline(const std::string& baseline, const std::vector<Entrant>& entrants) {
  try {
    const std::string schedule = read_entrant(baseline).schedule;
    const std::vector<std::string> variants = variants_of(schedule);
    sched::parse(variants.empty() ? schedule : variants[0]);
  } catch (const std::exception&) {
    std::vector<std::string> names(entrants.size());
    std::ranges::transform(entrants, names.begin(), &Entrant::name);
    const std::string guess = sched::did_you_mean(baseline, names);
    const std::string those =
        guess.empty() ? fmt::format(" ({})", fmt::join(names, "; ")) : std::string();
    fail(Fault::argument, "--baseline '" + baseline + "' is none of those compared" + those +
                              ", and no schedule" + guess);
  }
}

}  // namespace

std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts(1);
  bool quoted = false;
  for (const char c : text) {
    if (c == '\'') quoted = !quoted;
    if (c == separator && !quoted)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  std::ranges::transform(parts, parts.begin(), trimmed);
  return parts;
}

std::vector<double> read_rates(const std::string& text) {
  std::vector<double> rates;
  for (const std::string& part : parts_of(text, ',')) {
    std::size_t used = 0;
    double rate = 0.0;
    try {
      rate = std::stod(part, &used);
    } catch (const std::exception&) {
      return {};
    }
    if (used != part.size() || !(rate > 0.0) || !std::isfinite(rate)) return {};
    if (!rates.empty() && rate <= rates.back()) return {};
    rates.push_back(rate);
  }
  return rates;
}

EntrantText read_entrant(const std::string& text) {
  const std::vector<std::string> parts = parts_of(text, ';');
  EntrantText entrant{.schedule = parts[0]};
  const auto wrong = [&](const std::string& what) {
    fail(Fault::argument, "--schedule '" + text + "': " + what);
  };
  std::vector<std::string> seen;
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const auto equals = parts[i].find('=');
    const std::string key = trimmed(parts[i].substr(0, equals));
    if (std::ranges::find(seen, key) != seen.end()) wrong("'" + key + "' is given twice");
    seen.push_back(key);
    const std::string value =
        equals == std::string::npos ? "" : trimmed(parts[i].substr(equals + 1));
    if (value.empty()) wrong("'" + parts[i] + "' should be name=TEXT, optimizer=NAME or lr=RATE");
    if (key == "name") {
      entrant.name = value;
    } else if (key == "optimizer") {
      const std::vector<std::string> known = optimizer_names();
      if (std::ranges::find(known, value) == known.end())
        wrong("optimizer '" + value + "' is not known" + sched::did_you_mean(value, known));
      entrant.optimizer = value;
    } else if (key == "lr") {
      entrant.peaks = read_rates(value);
      if (entrant.peaks.empty()) wrong("'" + value + "' is not a rate, or a rising list of them");
      if (entrant.peaks.back() > 1e6) wrong("'" + value + "' is beyond 1e6");
    } else {
      wrong("'" + key + "' is none of name, optimizer and lr");
    }
  }
  return entrant;
}

std::vector<Comparison> comparisons_of(const CompareArguments& a, std::int64_t examples) {
  constexpr std::int64_t enough = 10'000;  // to tell accuracies that differ by some tenths of 1 %
  Comparison c{.training = a.training,
               .growth = a.growth,
               .refinements = a.refinements,
               .evaluations = a.evaluations};
  if (!c.training.validation) c.training.validation = std::min(enough, examples / 6);
  if (c.training.validation == 0)
    fail(Fault::argument,
         "--validation is 0, but schedules are compared by their loss on examples held out");
  // A quarter is enough to watch by, and what is watched must not judge.
  c.training.watched = *c.training.validation / 4;
  for (const std::string& text : a.schedules) add_entrants(a, text, c.entrants);
  if (!a.baseline.empty()) {
    c.baseline = static_cast<std::size_t>(place_of(a.baseline, c.entrants));
    if (c.baseline == c.entrants.size()) {
      check_baseline(a.baseline, c.entrants);
      add_entrants(a, a.baseline, c.entrants);
    }
  }
  const std::uint64_t before = (a.seed - 1) * seeds_apart;
  for (int i = 0; i < a.tuning_seeds; ++i)
    c.tuning_seeds.push_back(before + first_tuning_seed + static_cast<std::uint64_t>(i));
  for (int i = 0; i < a.seeds; ++i)
    c.fresh_seeds.push_back(before + 1 + static_cast<std::uint64_t>(i));
  if (a.epochs.empty()) fail(Fault::argument, "--epochs: there must be one budget at least");
  for (const std::int64_t epochs : a.epochs)
    if (std::ranges::count(a.epochs, epochs) > 1)
      fail(Fault::argument, fmt::format("--epochs: {} is given twice", epochs));
  std::vector<Comparison> all;
  for (const std::int64_t epochs : a.epochs) {
    c.training.epochs = static_cast<int>(epochs);
    all.push_back(c);
  }
  return all;
}

}  // namespace anneal::apps
