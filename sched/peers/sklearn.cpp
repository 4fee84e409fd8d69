// scikit-learn: SGDClassifier and SGDRegressor, whose step is a sample, and the MLPs, whose step is
// an epoch.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/adaptive.h"
#include "sched/schedules/invscaling.h"
#include "sched/schedules/optimal.h"

namespace anneal::sched::peers {
namespace sklearn {
namespace {

Translation constant(const Arguments& a) {
  return {a.absolute(number(a.positive("eta0")))};
}
Translation invscaling(const Arguments& a) {
  return {
      a.absolute(a.positive("eta0") * make(InvScaling{.power = a.within("power_t", 0.0, 100.0)}))};
}
Translation optimal(const Arguments& a) {
  const double alpha = a.within("alpha", 1e-12, Arguments::largest);
  return {a.absolute(std::sqrt(1.0 / std::sqrt(alpha)) * make(Optimal{.alpha = alpha}))};
}
Translation adaptive(const Arguments& a) {
  const double eta0 = a.positive("eta0");
  return {a.absolute(eta0 * make(Adaptive{.patience = a.count("n_iter_no_change", 1, 10'000),
                                          .tolerance = a.not_negative("tol"),
                                          .smallest = std::min(1.0, 1e-6 / eta0)}))};
}
Translation mlp_constant(const Arguments& a) {
  return {a.absolute(number(a.positive("learning_rate_init")))};
}
Translation mlp_invscaling(const Arguments& a) {
  // Divided by a power of the samples seen, of which there are n_samples in an epoch.
  return {a.absolute(a.positive("learning_rate_init") *
                     formula("(" + number_text(a.whole("n_samples", 1)) + " * step + 1) ** -" +
                             number_text(a.not_negative("power_t"))))};
}
Translation mlp_adaptive(const Arguments& a) {
  const double first = a.positive("learning_rate_init");
  return {a.absolute(first * make(Adaptive{.patience = a.count("n_iter_no_change", 1, 9'999) + 1,
                                           .tolerance = a.not_negative("tol"),
                                           .smallest = std::min(1.0, 1e-6 / first)}))};
}

}  // namespace
}  // namespace sklearn

Peer sklearn_peer() {
  using namespace sklearn;
  static constexpr std::array classes{
      Class{"SGD.constant", "eta0=0.01", "eta0=0.1", constant, ""},
      Class{"SGD.invscaling", "eta0=0.01, power_t=0.25", "eta0=0.1", invscaling,
            "Per sample, not per batch."},
      Class{"SGD.optimal", "alpha=1e-4", "alpha=0.01", optimal, "eta0 has no part in it."},
      Class{"SGD.adaptive", "eta0=0.01, tol=1e-3, n_iter_no_change=5", "eta0=0.1", adaptive,
            "partial_fit begins anew at eta0 with every call, and so never adapts."},
      Class{"MLP.constant", "learning_rate_init=0.001", "learning_rate_init=0.1", mlp_constant, ""},
      Class{"MLP.invscaling", "learning_rate_init=0.001, power_t=0.5, n_samples=1",
            "learning_rate_init=0.1", mlp_invscaling,
            "It counts samples, so it collapses within an epoch or two."},
      Class{"MLP.adaptive", "learning_rate_init=0.001, tol=1e-4, n_iter_no_change=10",
            "learning_rate_init=0.1", mlp_adaptive, "It waits one evaluation longer than SGD's."},
  };
  return {"sklearn", "scikit-learn", classes, false};
}

}  // namespace anneal::sched::peers
