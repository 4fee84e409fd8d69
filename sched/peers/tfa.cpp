// TensorFlow Addons: tfa.optimizers' cyclical learning rates.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"

namespace anneal::sched::peers {
namespace tfa {
namespace {

/// `scale` is a formula over the number of the cycle, counted from 1, or over the step.
Translation cyclical(const Arguments& a, const std::string& scale) {
  const double half = a.positive("step_size");
  const bool in_cycles = a.word("scale_mode", {"cycle", "iterations"}) == "cycle";
  const std::string cycle = "(1 + floor(step / " + number_text(2.0 * half) + "))";
  return {triangles(a.rate("initial_learning_rate"), a.rate("maximal_learning_rate"), half, half,
                    in_cycles ? replace_word(scale, "step", cycle) : scale)};
}
Translation any(const Arguments& a) {
  return cyclical(a, a.formula("scale_fn"));
}
Translation triangular(const Arguments& a) {
  return cyclical(a, "1");
}
Translation triangular2(const Arguments& a) {
  return cyclical(a, "0.5 ** (step - 1)");
}
Translation exponential(const Arguments& a) {
  return cyclical(a, number_text(a.not_negative("gamma")) + " ** step");
}

}  // namespace
}  // namespace tfa

Peer tfa_peer() {
  using namespace tfa;
  static constexpr std::array classes{
      Class{"CyclicalLearningRate",
            "initial_learning_rate, maximal_learning_rate, step_size, scale_fn, "
            "scale_mode='cycle', name='CyclicalLearningRate'",
            "0.01, 0.1, step_size=20, scale_fn=lambda x: 1 / x", any,
            "scale_fn has no default; cycles are counted from 1."},
      Class{"TriangularCyclicalLearningRate",
            "initial_learning_rate, maximal_learning_rate, step_size, scale_mode='cycle', "
            "name='TriangularCyclicalLearningRate'",
            "0.01, 0.1, step_size=20", triangular, ""},
      Class{"Triangular2CyclicalLearningRate",
            "initial_learning_rate, maximal_learning_rate, step_size, scale_mode='cycle', "
            "name='Triangular2CyclicalLearningRate'",
            "0.01, 0.1, step_size=20", triangular2,
            "With scale_mode='iterations' the height is halved at each update."},
      Class{"ExponentialCyclicalLearningRate",
            "initial_learning_rate, maximal_learning_rate, step_size, scale_mode='iterations', "
            "gamma=1.0, name='ExponentialCyclicalLearningRate'",
            "0.01, 0.1, step_size=20, gamma=0.99", exponential, ""},
  };
  return {"tfa", "TensorFlow Addons", classes, false};
}

}  // namespace anneal::sched::peers
