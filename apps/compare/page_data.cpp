#include "apps/compare/page_data.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "apps/compare/figures.h"
#include "apps/compare/judge.h"

namespace anneal::apps {
namespace {

using Json = nlohmann::ordered_json;

constexpr int rate_points = 400;  // of a curve: more than a chart can show

/// Six digits are more than a chart can show. JSON has no infinity.
Json number(double value) {
  if (!std::isfinite(value)) return nullptr;
  return std::stod(fmt::format("{:.6g}", value));
}

Json numbers(const std::vector<double>& values) {
  Json array = Json::array();
  for (const double v : values) array.push_back(number(v));
  return array;
}

/// Mean, least and greatest over a contestant's runs of what `get` takes from an evaluation. The
/// curve ends where the first of the runs did: a mean of those that are left would flatter it.
template <class Get>
Json band(const std::vector<RunLog>& runs, Get get) {
  std::size_t shared = runs.empty() ? 0 : runs[0].evaluations.size();
  for (const RunLog& run : runs) shared = std::min(shared, run.evaluations.size());
  Json out{{"x", Json::array()},
           {"mean", Json::array()},
           {"low", Json::array()},
           {"high", Json::array()}};
  for (std::size_t i = 0; i < shared; ++i) {
    std::vector<double> values;
    values.reserve(runs.size());
    for (const RunLog& run : runs) values.push_back(get(run.evaluations[i]));
    const auto [low, high] = std::ranges::minmax(values);
    out["x"].push_back(runs[0].evaluations[i].step);
    out["mean"].push_back(number(mean_of(values)));
    out["low"].push_back(number(low));
    out["high"].push_back(number(high));
  }
  return out;
}

/// Tuning losses keep every digit, because ranks are made of them.
Json series_of(const Contestant& one) {
  const RateCurve rate = rate_curve(one, rate_points);
  const double mean = mean_of(one.losses);
  const Interval interval = interval_of(one.losses).value_or(Interval{mean, mean});
  return {
      {"name", one.entrant.name},
      {"rate", {{"x", rate.steps}, {"y", numbers(rate.rates)}}},
      {"loss", band(one.runs, [](const EvaluationRecord& e) { return e.validation_loss; })},
      {"accuracy",
       band(one.runs, [](const EvaluationRecord& e) { return 100 * e.validation_accuracy; })},
      {"peaks", numbers(one.tuned() ? one.entrant.peaks : std::vector<double>{})},
      {"grid", numbers(one.tuned() ? one.common_peaks() : std::vector<double>{})},
      {"tuning", one.tuning_losses},
      {"best", one.best},
      {"final",
       {{"mean", number(mean)}, {"low", number(interval.low)}, {"high", number(interval.high)}}}};
}

}  // namespace

std::string comparison_data(const Report& report) {
  Json studies = Json::array();
  for (const Study& study : report.studies) {
    Json series = Json::array();
    for (const Contestant& one : study.contestants) series.push_back(series_of(one));
    studies.push_back({{"epochs", study.comparison.training.epochs}, {"series", series}});
  }
  // Names are in UTF-8, or were not: then the offending bytes are replaced.
  const std::string text =
      Json{{"studies", studies}}.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string safe;
  for (const char c : text) safe += c == '<' ? std::string("\\u003c") : std::string(1, c);
  return safe;
}

}  // namespace anneal::apps
