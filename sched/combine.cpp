#include "sched/combine.h"

#include <array>

#include "sched/algebra.h"
#include "sched/fail.h"
#include "sched/limits.h"

namespace anneal::sched {

std::shared_ptr<const Form> form_of(const char* name, std::vector<Value> values,
                                    const Schedule& s) {
  return std::make_shared<const Form>(Form{name, std::move(values), {{s}}});
}

std::string refusal_to_move(const Schedule& s) {
  return s.watches_losses()
             ? "'" + shown(s.text()) + "' follows the losses, which cannot be moved in time"
             : "";
}

std::string refusal_to_count_epochs(const Schedule& s) {
  return s.watches_losses()
             ? "'" + shown(s.text()) + "' follows the losses: it counts evaluations, not epochs"
             : "";
}

std::string refusal_to_reverse(const Schedule& s) {
  if (s.extent().pace == 0.0) return refusal_to_move(s);
  return "'" + shown(s.text()) + "' holds a product over the past, which cannot be run backwards";
}

std::string refusal_to_stretch(double times, const Schedule& s) {
  const double pace = s.extent().pace / times;
  if (pace <= limits::pace) return refusal_to_move(s);
  return "'" + shown(s.text()) + "' holds a product, to which each update would add " +
         number_text(pace) + " factors; at most " + number_text(limits::pace);
}

std::string refusal_to_skip(Length skipped, const Schedule& s) {
  const bool known = skipped.unit == Length::Unit::updates;
  if (s.extent().pace == 0.0 || !known || skipped.amount * s.extent().parts <= limits::catching_up)
    return refusal_to_move(s);
  return "'" + shown(s.text()) + "' holds a product, which would begin with " +
         number_text(skipped.amount) + " factors";
}

std::string refusal_of(const Extent& extent) {
  if (extent.levels > limits::levels)
    return "more than " + std::to_string(limits::levels) +
           " levels deep; each term of a sum or product is a level";
  if (extent.parts > limits::parts) return "more than " + number_text(limits::parts) + " parts";
  return {};
}

Clock window_of(double total, double steps_per_epoch) {
  return {.total = total, .steps_per_epoch = steps_per_epoch};
}

std::vector<Stage> inner_stages(const Schedule& s, const Clock& window) {
  std::vector<Stage> stages;
  s.append_stages(window, stages);
  return stages;
}

std::size_t size_of(const Stage& stage) {
  return sizeof(Stage) + stage.text.size();
}

std::size_t size_of(const std::vector<Stage>& stages) {
  std::size_t sum = 0;
  for (const Stage& stage : stages) sum += size_of(stage);
  return sum;
}

Stage one_stage(std::string text, const Clock& window) {
  return {std::move(text), std::llround(window.origin), std::llround(window.origin + window.total)};
}

std::span<const Combinator> combinators() {
  static constexpr std::array all{
      Combinator{"repeat", "repeat(3, a)", "3 cycles that fill the stage"},
      Combinator{"cycles", "cycles(10, growth=2, decay=0.5, limit=4, floor=0.1, a)",
                 "cycles of given lengths: warm restarts of any curve"},
      Combinator{"clamp", "clamp(0.1, 1, a)", "never below 0.1, never above 1"},
      Combinator{"max", "max(a, b)", "the higher of the two"},
      Combinator{"min", "min(a, b)", "the lower of the two"},
      Combinator{"reverse", "reverse(a)", "from its end to its beginning"},
      Combinator{"stretch", "stretch(2, a)", "all lengths twice as long"},
      Combinator{"per_epoch", "per_epoch(a)", "lengths in epochs; one factor for each epoch"},
      Combinator{"offset", "offset(10%, a)", "as though it had begun 10% earlier"},
      Combinator{"over", "over(500, a)", "as in a run of 500 updates: cut off or held"},
      Combinator{"endless", "endless(a)", "as in a run without an end"},
      Combinator{"cumulative", "cumulative(a)", "the product of a's factors so far"},
  };
  return all;
}

}  // namespace anneal::sched
