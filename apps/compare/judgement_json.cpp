#include "apps/compare/judgement_json.h"

#include <algorithm>
#include <cmath>

#include "apps/compare/findings.h"
#include "apps/compare/report.h"
#include "apps/compare/verdict_words.h"
#include "apps/view/text.h"

namespace anneal::apps {
namespace {

Json finite_or_null(double value) {
  if (!std::isfinite(value)) return nullptr;
  return value;
}

Json ends_of(const std::optional<Interval>& interval) {
  if (!interval) return nullptr;
  return {finite_or_null(interval->low), finite_or_null(interval->high)};
}

Json schedule_json(const Judgement& j, std::size_t metric, std::size_t i, const std::string& name) {
  const auto& values = j.metrics[metric].values;
  const Verdict& v = j.verdicts[metric][i];
  const auto failed =
      std::ranges::count_if(values[i], [](double value) { return !std::isfinite(value); });
  Json out{{"name", name},
           {"mean", finite_or_null(mean_of(values[i]))},
           {"deviation", j.rounds > 1 ? finite_or_null(deviation_of(values[i])) : Json()},
           {"interval", ends_of(interval_of(values[i]))},
           {"failed", failed},
           {"rank", v.rank},
           {"tier", v.tier.empty() ? Json() : Json(v.tier)},
           {"tier_is_close", v.tier_is_close}};
  if (i == j.baseline) return out;
  const std::vector<double> d = differences(values[i], values[j.baseline]);
  out["difference"] = {{"mean", finite_or_null(mean_of(d))}, {"interval", ends_of(v.difference)}};
  out["p"] = v.tested ? Json(v.p) : Json();
  out["seeds_needed"] = seeds_needed(d, j) ? Json(*seeds_needed(d, j)) : Json();
  return out;
}

Json pair_json(const Judgement& j, const Pair& pair, const std::vector<std::string>& names) {
  const Metric& metric = j.metrics[pair.metric];
  const std::vector<double> d = differences(metric.values[pair.better], metric.values[pair.worse]);
  return {{"metric", metric.name},
          {"better", names[pair.better]},
          {"worse", names[pair.worse]},
          {"difference", mean_of(d)},
          {"interval", ends_of(interval_of(d))},
          {"p", pair.p}};
}

Json pairs_json(const Judgement& j, Told told, const std::vector<std::string>& names) {
  Json out = Json::array();
  for (const Pair& pair : j.pairs)
    if (pair.told() == told) out.push_back(pair_json(j, pair, names));
  return out;
}

}  // namespace

Json judgement_json(const Judgement& j, const std::vector<std::string>& names) {
  // In sentences names are as a terminal shows them; elsewhere as they were given.
  std::vector<std::string> shown;
  for (const std::string& name : names) shown.push_back(printable(name, true));
  Json metrics = Json::array();
  for (std::size_t m = 0; m < j.metrics.size(); ++m) {
    Json schedules = Json::array();
    for (const std::size_t i : ranked(j.verdicts[m]))
      schedules.push_back(schedule_json(j, m, i, names[i]));
    metrics.push_back({{"name", j.metrics[m].name},
                       {"higher_is_better", j.metrics[m].higher_is_better},
                       {"schedules", schedules}});
  }
  const double least = std::max(1.0 / static_cast<double>(j.sets.counted),
                                least_sign_flip_p(std::max<std::int64_t>(j.rounds, 1)));
  Json test{
      {"procedure", "all pairs of all metrics at once: sign flips, largest statistic, step-down"},
      {"pairs", j.pairs.size()},
      {"sets", j.sets.counted},
      {"exact", j.sets.all},
      {"claimed_at", claimed},
      {"close_up_to", close_to},
      {"sampling_error", sampling_error(claimed, j.sets)},
      {"least_p", least}};
  return {{"baseline", names[j.baseline]},
          {"seeds", j.rounds},
          {"tested", j.tested() && names.size() > 1},
          {"verdict", headline(j, shown)},
          {"test", j.tested() ? test : Json()},
          {"metrics", metrics},
          {"claims", pairs_json(j, Told::apart, names)},
          {"close", pairs_json(j, Told::close, names)},
          {"reservations", reservations(j, shown)}};
}

std::string verdict_json(const Report& report) {
  Json studies = Json::array();
  for (const Study& study : report.studies) {
    std::vector<std::string> names;
    for (const Contestant& one : study.contestants) names.push_back(one.entrant.name);
    Json one{{"epochs", study.comparison.training.epochs}};
    one.update(judgement_json(study.judgement, names));
    one["reservations"] = cautions(study);  // of the peaks as well
    studies.push_back(std::move(one));
  }
  return Json{{"comparison", report.comparison}, {"studies", studies}}.dump(
             2, ' ', false, Json::error_handler_t::replace) +
         "\n";
}

}  // namespace anneal::apps
