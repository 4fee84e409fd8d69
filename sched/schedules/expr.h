#pragma once
#include "sched/cursor.h"
#include "sched/formula.h"
#include "sched/registry.h"
#include "sched/replace_word.h"

namespace anneal::sched {

struct Expr {
  std::string formula_text = "0.5 * (1 + cos(pi * t))";

  static constexpr std::string_view name = "expr";
  static constexpr std::string_view help =
      "Any formula over t (from 0 to 1 in the stage), step, total and steps_per_epoch (updates).";
  static constexpr std::string_view when = "For anything that has no name yet.";
  static constexpr std::array<std::string_view, 3> shown{
      "expr", "expr:'min(1, 5 * t) * exp(-3 * t)'", "expr:'0.6 + 0.4 * sin(6 * pi * t) * (1 - t)'"};
  static constexpr std::string_view formula = "as given: arithmetic as Python writes it";
  static constexpr std::string_view source = {};
  static constexpr auto params() {
    return std::array{param<&Expr::formula_text>(
        "formula", "such as 'min(1, 3 * t) * exp(-t)' or '1 if t < 0.5 else 0.1'")};
  }

  static constexpr std::array<std::string_view, 4> variables{"t", "step", "total",
                                                             "steps_per_epoch"};

  std::string complaint() const {
    Formula::Mistake mistake;
    if (Formula::read(formula_text, variables, mistake)) return {};
    return pointed_out(mistake.what, formula_text, mistake.at);
  }

  std::string expression(const Clock& window) const {
    return replace_word(formula_text, "steps_per_epoch", number_text(window.steps_per_epoch));
  }

  struct Evaluator {
    Formula formula;
    bool counts_epochs;
    double operator()(const Clock& now) const {
      const std::array values{now.progress(), now.elapsed(), now.total,
                              counts_epochs ? now.epoch() : 0.0};
      return formula(values);
    }
  };
  Evaluator prepared() const {
    Formula::Mistake mistake;
    return {*Formula::read(formula_text, variables, mistake),  // complaint() has seen to that
            formula_text.find("steps_per_epoch") != std::string::npos};
  }
};
inline const bool expr_registered = add<Expr>();

}  // namespace anneal::sched
