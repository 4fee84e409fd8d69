// Burn: burn's lr_scheduler. Composed is its composed scheduler.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/inverse_sqrt.h"
#include "sched/schedules/step.h"
#include "sched/schedules/warmup.h"
#include "sched/schedules/wave.h"

namespace anneal::sched::peers {
namespace burn {
namespace {

/// Burn takes no rate above 1.
double first_rate(const Arguments& a) {
  a.positive("initial_lr");
  return a.between("initial_lr", 0.0, 1.0);
}

Translation constant(const Arguments& a) {
  return {a.absolute(number(a.not_negative("lr")))};
}
Translation linear(const Arguments& a) {
  return {a.absolute(over(updates(a.whole("num_iters", 1)),
                          line(first_rate(a), a.between("final_lr", 0.0, 1.0))))};
}
Translation cosine(const Arguments& a) {
  const double top = first_rate(a);
  if (a.not_negative("min_lr") > top) a.refuse("min_lr", "must be at most initial_lr");
  return {a.absolute(top * make(Wave{.half = updates(a.whole("num_iters", 1)),
                                     .floor = a.not_negative("min_lr") / top}))};
}
Translation exponential(const Arguments& a) {
  a.positive("gamma");
  return {a.absolute(first_rate(a) * make(Exponential{.gamma = a.between("gamma", 0.0, 1.0),
                                                      .every = updates(1)}))};
}
Translation step(const Arguments& a) {
  return {a.absolute(a.not_negative("initial_lr") *
                     make(StepDecay{.gamma = a.not_negative("gamma"),
                                    .every = updates(a.whole("step_size", 1))}))};
}
Translation noam(const Arguments& a) {
  // The warmup counts the update about to be made, and so does the decay: its time goes on from
  // warmup + 1.
  const double warmup = a.whole("warmup_steps", 1);
  const double peak =
      a.not_negative("factor") / std::sqrt(a.whole("model_size", 1)) / std::sqrt(warmup);
  return {a.absolute(peak * then(warmup, make(Warmup{}),
                                 std::sqrt(warmup / (warmup + 1.0)) *
                                     make(InverseSqrt{.timescale = updates(warmup + 1.0)})))};
}
Translation composed(const Arguments& a) {
  const std::vector<Translation> parts = a.schedules("schedulers");
  const std::string how = a.word("reduction", {"Prod", "Sum", "Avg"});
  Schedule all = parts[0].lr;
  for (std::size_t i = 1; i < parts.size(); ++i)
    all = how == "Prod" ? all * (a.base() == 1.0 ? parts[i].lr : a.base() * parts[i].lr)
                        : all + parts[i].lr;
  if (how == "Avg") all = (1.0 / static_cast<double>(parts.size())) * all;
  return {all};
}
Translation sequential(const Arguments& a) {
  std::vector<Schedule> stages;
  for (Translation& t : a.schedules("schedulers")) stages.push_back(std::move(t.lr));
  const std::vector<double> milestones = a.boundaries("milestones", "schedulers");
  for (std::size_t i = 0; i < milestones.size(); ++i)
    if (milestones[i] <= (i == 0 ? 0.0 : milestones[i - 1]))
      a.refuse("milestones", "must be above 0, and each above the one before");
  return {joined(stages, milestones)};
}

}  // namespace
}  // namespace burn

Peer burn_peer() {
  using namespace burn;
  static constexpr std::array classes{
      Class{"Constant", "lr", "lr=0.1", constant, ""},
      Class{"Linear", "initial_lr, final_lr, num_iters",
            "initial_lr=0.1, final_lr=0.01, num_iters=100", linear, ""},
      Class{"CosineAnnealing", "initial_lr, num_iters, min_lr=0.0", "initial_lr=0.1, num_iters=100",
            cosine, "Past num_iters it climbs again."},
      Class{"Exponential", "initial_lr, gamma", "initial_lr=0.1, gamma=0.97", exponential, ""},
      Class{"Noam", "factor=1.0, warmup_steps=4000, model_size=512",
            "warmup_steps=10, model_size=64", noam, ""},
      Class{"Step", "initial_lr, step_size, gamma=0.1", "initial_lr=0.1, step_size=30", step, ""},
      Class{"Composed", "schedulers, reduction='Prod'",
            "[burn.Linear(0.1, 1.0, 10), burn.CosineAnnealing(0.1, 100)]", composed, ""},
      Class{"Sequential", "schedulers, milestones",
            "[burn.Linear(0.01, 0.1, 10), burn.CosineAnnealing(0.1, 90)], milestones=[10]",
            sequential, ""},
  };
  return {"burn", "Burn", classes, false};
}

}  // namespace anneal::sched::peers
