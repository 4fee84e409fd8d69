// MLX: mlx.optimizers' schedules.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/interpolated.h"
#include "sched/schedules/step.h"

namespace anneal::sched::peers {
namespace mlx {
namespace {

Translation exponential_decay(const Arguments& a) {
  return {
      a.absolute(a.not_negative("init") *
                 make(Exponential{.gamma = a.not_negative("decay_rate"), .every = updates(1)}))};
}
Translation step_decay(const Arguments& a) {
  return {a.absolute(a.not_negative("init") *
                     make(StepDecay{.gamma = a.not_negative("decay_rate"),
                                    .every = updates(a.whole("step_size", 1))}))};
}
Translation cosine_decay(const Arguments& a) {
  return {a.absolute(make(Interpolated{.at = {updates(a.whole("decay_steps", 1))},
                                       .values = {a.not_negative("init"), a.not_negative("end")},
                                       .curve = Curve::cosine}))};
}
Translation linear_schedule(const Arguments& a) {
  return {a.absolute(
      over(updates(a.whole("steps", 1)), line(a.not_negative("init"), a.not_negative("end"))))};
}
Translation join_schedules(const Arguments& a) {
  std::vector<Schedule> stages;
  for (Translation& t : a.schedules("schedules")) stages.push_back(std::move(t.lr));
  return {joined(stages, a.boundaries("boundaries", "schedules"))};
}

}  // namespace
}  // namespace mlx

Peer mlx_peer() {
  using namespace mlx;
  static constexpr std::array classes{
      Class{"exponential_decay", "init, decay_rate", "0.1, 0.97", exponential_decay, ""},
      Class{"step_decay", "init, decay_rate, step_size", "0.1, 0.5, 30", step_decay, ""},
      Class{"cosine_decay", "init, decay_steps, end=0.0", "0.1, 100", cosine_decay, ""},
      Class{"linear_schedule", "init, end, steps", "0.0, 0.1, 20", linear_schedule, ""},
      Class{"join_schedules", "schedules, boundaries",
            "[mlx.linear_schedule(0.0, 0.1, 10), mlx.cosine_decay(0.1, 90)], [10]", join_schedules,
            ""},
  };
  return {"mlx", "MLX", classes, false, true};
}

}  // namespace anneal::sched::peers
