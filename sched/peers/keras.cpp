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
                                      .every = updates(a.length("decay_steps")),
                                      .staircase = a.yes("staircase")}))};
}
Translation piecewise(const Arguments& a) {
  Piecewise p{.at = {}, .values = a.not_negative_numbers("values")};
  const std::vector<double> boundaries = a.boundaries("boundaries", "values");
  // The old value still holds at a boundary.
  for (const double boundary : boundaries) p.at.push_back(updates(std::floor(boundary) + 1.0));
  return {a.absolute(make(p))};
}
Translation polynomial(const Arguments& a) {
  const double from = a.not_negative("initial_learning_rate");
  const double to = a.not_negative("end_learning_rate");
  const double steps = a.length("decay_steps");
  const double power = a.power("power");
  if (from > 0.0 && to > Arguments::largest * from)
    a.refuse_here("end_learning_rate", "must not be so far above initial_learning_rate");
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
                                      .every = updates(a.length("decay_steps")),
                                      .staircase = a.yes("staircase")}))};
}
Translation cosine(const Arguments& a) {
  const Schedule decay =
      over(updates(a.whole("decay_steps", 1)), cosine_to(a.not_negative("alpha")));
  const double from = a.not_negative("initial_learning_rate");
  a.ignore({"warmup_steps"});  // Keras has no warmup without a target
  if (!a.given("warmup_target")) return {a.absolute(from * decay)};
  const double target = a.not_negative("warmup_target");
  return {a.absolute(then(a.whole("warmup_steps"), line(from, target), target * decay))};
}
Translation cosine_restarts(const Arguments& a) {
  const double alpha = a.not_negative("alpha");
  Cycles how;
  how.first = updates(a.length("first_decay_steps"));
  how.growth = a.growth("t_mul");
  how.decay = a.positive("m_mul");
  const Schedule waves = cycles(how, cosine_to(0.0));
  const double from = a.not_negative("initial_learning_rate");
  if (alpha == 0.0) return {a.absolute(from * waves)};
  if (alpha > 1.0) a.refuse("alpha", "must be at most 1");
  return {a.absolute(number(from * alpha) + from * (1.0 - alpha) * waves)};
}
/// schedule(epoch), or schedule(epoch, lr) of the rate before, which Keras asks for first.
Translation scheduler_callback(const Arguments& a) {
  const auto* lambda = std::get_if<python::Lambda>(&a.value("schedule").is);
  if (lambda == nullptr || lambda->parameters.size() != 2)
    return {a.absolute(formula(a.formula("schedule")))};
  static const std::array<std::string, 2> without_rate{"step", "1"};
  const std::string text = lambda->body.text(without_rate, Formula::plain);
  switch (lambda->body.dependence_on(1)) {
    case Formula::Dependence::none: return {a.absolute(formula(text))};
    case Formula::Dependence::proportional: {
      // The factors of the epochs so far, that of epoch 0 too.
      const Schedule factors = formula(text);
      const double first = factors({.step = 0.0, .total = 1e15});
      if (!(first >= 0.0 && first <= Arguments::largest))
        a.refuse("schedule", "makes of the first rate none that can be");
      return {first == 1.0 ? cumulative(factors) : first * cumulative(factors)};
    }
    default:
      a.refuse("schedule",
               "must be a function of the epoch, or lr times such a function: one that goes on "
               "from lr in another way is not translated");
  }
}

/// Keras 3 asks the model's metrics, whose names these are; one that it does not know must have a
/// mode. Counts such as true_positives have no direction there.
bool rises(const Arguments& a) {
  const std::string mode = a.word("mode", {"auto", "min", "max"});
  const std::string monitor = a.text("monitor");
  if (mode != "auto") return mode == "max";
  // "val_AUC" and "auc_1" are aucs.
  std::string metric = monitor.starts_with("val_") ? monitor.substr(4) : monitor;
  for (char& c : metric) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  const std::size_t stem = metric.find_last_not_of("0123456789");
  if (stem + 1 < metric.size() && metric[stem] == '_') metric.resize(stem);
  static constexpr std::array up{"acc",
                                 "accuracy",
                                 "binary_accuracy",
                                 "categorical_accuracy",
                                 "sparse_categorical_accuracy",
                                 "top_k_categorical_accuracy",
                                 "sparse_top_k_categorical_accuracy",
                                 "auc",
                                 "precision",
                                 "recall",
                                 "sensitivity_at_specificity",
                                 "specificity_at_sensitivity",
                                 "precision_at_recall",
                                 "recall_at_precision",
                                 "f1_score",
                                 "fbeta_score",
                                 "io_u",
                                 "binary_io_u",
                                 "mean_io_u",
                                 "one_hot_io_u",
                                 "one_hot_mean_io_u",
                                 "cosine_similarity",
                                 "r2_score",
                                 "pearson_correlation",
                                 "concordance_correlation"};
  static constexpr std::array down{"loss",
                                   "mse",
                                   "mae",
                                   "mape",
                                   "msle",
                                   "mean_squared_error",
                                   "mean_absolute_error",
                                   "mean_absolute_percentage_error",
                                   "mean_squared_logarithmic_error",
                                   "root_mean_squared_error",
                                   "log_cosh",
                                   "logcosh",
                                   "hinge",
                                   "squared_hinge",
                                   "categorical_hinge",
                                   "binary_crossentropy",
                                   "categorical_crossentropy",
                                   "sparse_categorical_crossentropy",
                                   "kl_divergence",
                                   "poisson"};
  if (std::ranges::find(up, metric) != up.end()) return true;
  if (std::ranges::find(down, metric) == down.end())
    a.refuse("monitor",
             "'" + monitor +
                 "' does not tell Keras 3 whether it should rise or fall: write mode='max' "
                 "or mode='min'");
  return false;
}

Translation plateau(const Arguments& a) {
  Plateau p;
  p.maximize = rises(a);
  p.factor = a.not_negative("factor");
  if (p.factor >= 1.0) a.refuse("factor", "must be below 1");
  p.patience = std::max(a.count("patience") - 1, 0);
  p.threshold = 0.0;
  p.margin = std::abs(a.within("min_delta", -Arguments::largest, Arguments::largest));
  // In Keras the evaluation at which the cooldown runs out counts already.
  p.cooldown = std::max(a.count("cooldown") - 1, 0);
  p.floor = a.rate("min_lr");
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
            "0.1, first_decay_steps=20", cosine_restarts,
            "With t_mul below 1 the cycles end after first_decay_steps / (1 - t_mul) updates: the "
            "rate "
            "stays at its lowest, where Keras gives NaN."},
      Class{"LearningRateScheduler", "schedule, verbose=0",
            "schedule=lambda epoch: 0.1 * 0.97**epoch", scheduler_callback,
            "Of the epoch, or lr times a function of it; one epoch is one update here."},
      Class{"ReduceLROnPlateau",
            "monitor='val_loss', factor=0.1, patience=10, verbose=0, mode='auto', min_delta=1e-4, "
            "cooldown=0, min_lr=0.0",
            "patience=5", plateau,
            "It falls at the patience-th bad evaluation, one earlier than PyTorch's, and min_delta "
            "is "
            "absolute."},
  };
  return {"keras", "Keras", classes, false};
}

}  // namespace anneal::sched::peers
