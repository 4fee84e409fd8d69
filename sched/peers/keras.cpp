// Keras: keras.optimizers.schedules and the two callbacks that set the learning rate.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/inverse_time.h"
#include "sched/schedules/piecewise.h"
#include "sched/schedules/plateau.h"
#include "sched/schedules/polynomial.h"

namespace anneal::sched::peers {
namespace keras {
namespace {

Translation exponential(const Arguments& a) {
  return {a.absolute(a.not_negative("initial_learning_rate") *
                     make(Exponential{.gamma = a.not_negative("decay_rate"),
                                      .every = updates(a.positive("decay_steps")),
                                      .staircase = a.yes("staircase")}))};
}
Translation piecewise(const Arguments& a) {
  Piecewise p{.at = {}, .values = a.numbers("values")};
  // The old value still holds at a boundary.
  for (const double boundary : a.numbers("boundaries"))
    p.at.push_back(updates(std::floor(boundary) + 1.0));
  if (p.values.size() != p.at.size() + 1)
    a.refuse("values", "must be one more than the boundaries");
  return {a.absolute(make(p))};
}
Translation polynomial(const Arguments& a) {
  const double from = a.not_negative("initial_learning_rate");
  const double to = a.not_negative("end_learning_rate");
  const double steps = a.positive("decay_steps");
  const double power = a.positive("power");
  if (from == 0.0 && power == 1.0 && !a.yes("cycle"))
    return {a.absolute(over(updates(steps), line(from, to)))};
  if (from == 0.0) a.refuse("initial_learning_rate", "of 0 is translated for power=1 alone");
  return {a.absolute(
      from *
      make(Polynomial{
          .power = power, .floor = to / from, .every = updates(steps), .cycle = a.yes("cycle")}))};
}
Translation inverse_time(const Arguments& a) {
  return {a.absolute(a.not_negative("initial_learning_rate") *
                     make(InverseTime{.rate = a.not_negative("decay_rate"),
                                      .every = updates(a.positive("decay_steps")),
                                      .staircase = a.yes("staircase")}))};
}
Translation cosine(const Arguments& a) {
  const Schedule decay =
      over(updates(a.whole("decay_steps", 1)), cosine_to(a.not_negative("alpha")));
  const double from = a.not_negative("initial_learning_rate");
  if (!a.given("warmup_target")) return {a.absolute(from * decay)};
  const double target = a.not_negative("warmup_target");
  return {a.absolute(then(a.whole("warmup_steps"), line(from, target), target * decay))};
}
Translation cosine_restarts(const Arguments& a) {
  const double alpha = a.not_negative("alpha");
  Cycles how;
  how.first = updates(a.positive("first_decay_steps"));
  how.growth = a.positive("t_mul");
  how.decay = a.positive("m_mul");
  const Schedule waves = cycles(how, cosine_to(0.0));
  const double from = a.not_negative("initial_learning_rate");
  if (alpha == 0.0) return {a.absolute(from * waves)};
  if (alpha > 1.0) a.refuse("alpha", "must be at most 1");
  return {a.absolute(number(from * alpha) + from * (1.0 - alpha) * waves)};
}
Translation scheduler_callback(const Arguments& a) {
  return {a.absolute(formula(a.formula("schedule")))};
}
Translation plateau(const Arguments& a) {
  Plateau p;
  std::string mode = a.word("mode", {"auto", "min", "max"});
  const std::string* monitor = std::get_if<std::string>(&a.value("monitor").is);
  if (mode == "auto" && monitor != nullptr && monitor->find("acc") != std::string::npos)
    mode = "max";
  p.maximize = mode == "max";
  p.factor = a.not_negative("factor");
  if (p.factor >= 1.0) a.refuse("factor", "must be below 1");
  p.patience = static_cast<int>(std::max(a.whole("patience") - 1.0, 0.0));
  p.threshold = 0.0;
  p.margin = std::abs(a.number("min_delta"));
  // In Keras the evaluation at which the cooldown runs out counts already.
  p.cooldown = static_cast<int>(std::max(a.whole("cooldown") - 1.0, 0.0));
  p.floor = a.of_base(a.not_negative("min_lr"));
  return {make(p)};
}

}  // namespace
}  // namespace keras

Peer keras_peer() {
  using namespace keras;
  static constexpr std::array classes{
      Class{"ExponentialDecay",
            "initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None",
            "0.1, decay_steps=20, decay_rate=0.5", exponential, ""},
      Class{"PiecewiseConstantDecay", "boundaries, values, name=None",
            "[50, 75], [0.1, 0.01, 0.001]", piecewise,
            "At a boundary the old value still holds; it changes one update later."},
      Class{"PolynomialDecay",
            "initial_learning_rate, decay_steps, end_learning_rate=1e-4, power=1.0, cycle=False, "
            "name=None",
            "0.1, decay_steps=100, power=2.0", polynomial, "With cycle=True the peaks get lower."},
      Class{"InverseTimeDecay",
            "initial_learning_rate, decay_steps, decay_rate, staircase=False, name=None",
            "0.1, decay_steps=10, decay_rate=0.5", inverse_time, ""},
      Class{"CosineDecay",
            "initial_learning_rate, decay_steps, alpha=0.0, name=None, warmup_target=None, "
            "warmup_steps=0",
            "0.0, decay_steps=90, warmup_target=0.1, warmup_steps=10", cosine,
            "decay_steps does not count the warmup, and without warmup_target there is none."},
      Class{"CosineDecayRestarts",
            "initial_learning_rate, first_decay_steps, t_mul=2.0, m_mul=1.0, alpha=0.0, name=None",
            "0.1, first_decay_steps=20", cosine_restarts, ""},
      Class{"LearningRateScheduler", "schedule, verbose=0",
            "schedule=lambda epoch: 0.1 * 0.97**epoch", scheduler_callback,
            "A function of the epoch alone; one epoch is one update here."},
      Class{"ReduceLROnPlateau",
            "monitor='val_loss', factor=0.1, patience=10, verbose=0, mode='auto', min_delta=1e-4, "
            "cooldown=0, min_lr=0.0",
            "patience=5", plateau,
            "It falls at the patience-th bad evaluation, one earlier than PyTorch's, and min_delta "
            "is "
            "absolute."},
  };
  return {"keras", "Keras", classes};
}

}  // namespace anneal::sched::peers
