#include "apps/compare/check_trial.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string_view>

#include "apps/compare/trials.h"

namespace anneal::apps {
namespace {

/// An option as text, as a key is made of it.
std::string option(const RunLog& log, std::string_view name) {
  for (const auto& [key, value] : log.config.options)
    if (key == name) return text_of(value);
  return {};
}

bool is_fraction(double x) {
  return x >= 0.0 && x <= 1.0;
}

std::string objection_to_result(const RunLog& log) {
  const RunResult& r = *log.result;
  if (r.stopped == Stopped::interrupted) return "was interrupted";
  if (r.diverged != (r.stopped == Stopped::diverged)) return "has diverged and has not";
  if (r.dataset != option(log, "dataset") || r.optimizer != option(log, "optimizer") ||
      r.schedule != option(log, "schedule") || fmt::format("{}", r.seed) != option(log, "seed"))
    return "has the result of another trial";
  const std::int64_t total = log.config.total_steps;
  if (r.steps > total || (r.steps < total && !r.diverged))
    return fmt::format("has a result after {} updates of {}", r.steps, total);
  const bool tested = option(log, "test") != "0";
  if (tested ? !is_fraction(r.test_accuracy) : !std::isnan(r.test_accuracy))
    return fmt::format("has a test accuracy of {}", r.test_accuracy);
  if (r.test_loss < 0.0 || r.train_loss < 0.0) return "has a loss below 0";
  return {};
}

std::string objection_to_evaluations(const RunLog& log) {
  const auto count = std::ssize(log.evaluations);
  const std::string planned = option(log, "validation") == "0" ? "0" : option(log, "evaluations");
  if (!log.result->diverged && fmt::format("{}", count) != planned)
    return fmt::format("has {} evaluations where {} were planned", count, planned);
  for (const EvaluationRecord& e : log.evaluations) {
    if (!is_fraction(e.validation_accuracy))
      return fmt::format("has a validation accuracy of {} after {} updates", e.validation_accuracy,
                         e.step);
    if (e.validation_loss < 0.0 || e.train_loss < 0.0)
      return fmt::format("has a loss below 0 after {} updates", e.step);
    if (e.step > log.result->steps)
      return fmt::format("was evaluated after {} updates and ended after {}", e.step,
                         log.result->steps);
  }
  return {};
}

constexpr std::string_view seal_begin = R"(,"sha256":")";
constexpr std::string_view seal_end = "\"}\n";

}  // namespace

std::string objection_to(const RunLog& log, const std::string& key) {
  if (!log.result) return "has no result";
  if (key_of(log.config.options) != key) return "is not the trial that its folder is named after";
  if (log.steps.size() != 1 || log.steps[0].step != 0)
    return "has other updates than the first alone";
  std::string objection = objection_to_result(log);
  return objection.empty() ? objection_to_evaluations(log) : objection;
}

std::string sealed(const std::string& text) {
  const std::string_view open = std::string_view(text).substr(0, text.size() - 2);  // "}\n"
  return fmt::format("{}{}{}{}", open, seal_begin, sha256_of(text), seal_end);
}

bool seal_holds(const std::string& text) {
  if (text.find("\"sha256\"") == std::string::npos) return true;
  constexpr std::size_t digits = 64;
  constexpr std::size_t length = seal_begin.size() + digits + seal_end.size();
  return text.size() > length && sealed(text.substr(0, text.size() - length) + "}\n") == text;
}

}  // namespace anneal::apps
