// The numbers of a report with every digit; RFC 4180.
#include <fmt/format.h>

#include "apps/compare/figures.h"
#include "apps/compare/report.h"
#include "apps/view/quote.h"

namespace anneal::apps {
namespace {

/// What every line begins with: who, and under which budget.
std::string who(const Study& study, const Contestant& one) {
  return fmt::format("{},{},{},{}", study.comparison.training.epochs, csv_field(one.entrant.name),
                     csv_field(one.canonical), one.entrant.optimizer.name);
}
constexpr const char* who_columns = "epochs,name,schedule,optimizer";

}  // namespace

std::string results_csv(const Report& report) {
  std::string text = fmt::format(
      "{},peak,seed,validation_loss,test_loss,test_accuracy,area,updates_to_target,diverged\n",
      who_columns);
  for (const Study& study : report.studies)
    for (const Contestant& one : study.contestants)
      for (std::size_t k = 0; k < one.losses.size(); ++k) {
        const auto reached = steps_to(one.runs[k], report.target);
        text +=
            fmt::format("{},{},{},{},{},{},{},{},{}\n", who(study, one), one.peak(),
                        study.comparison.fresh_seeds[k], one.losses[k],
                        one.runs[k].result->test_loss, one.accuracies[k], area_under(one.runs[k]),
                        reached ? std::to_string(*reached) : "", has_diverged(one.runs[k]) ? 1 : 0);
      }
  return text;
}

std::string tuning_csv(const Report& report) {
  std::string text = fmt::format("{},peak,seed,validation_loss\n", who_columns);
  for (const Study& study : report.studies)
    for (const Contestant& one : study.contestants)
      for (std::size_t p = 0; p < one.tuning.size(); ++p)
        for (std::size_t k = 0; k < one.tuning[p].size(); ++k)
          text += fmt::format("{},{},{},{}\n", who(study, one), one.entrant.peaks[p],
                              study.comparison.tuning_seeds[k], one.tuning[p][k]);
  return text;
}

std::string curves_csv(const Report& report) {
  std::string text =
      fmt::format("{},peak,seed,updates,validation_loss,validation_accuracy\n", who_columns);
  for (const Study& study : report.studies)
    for (const Contestant& one : study.contestants)
      for (std::size_t k = 0; k < one.runs.size(); ++k)
        for (const EvaluationRecord& e : one.runs[k].evaluations)
          text += fmt::format("{},{},{},{},{},{}\n", who(study, one), one.peak(),
                              study.comparison.fresh_seeds[k], e.step, e.validation_loss,
                              e.validation_accuracy);
  return text;
}

}  // namespace anneal::apps
