#include "apps/compare/presets.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/fail.h"
#include "sched/registry.h"
#include "sched/suggest.h"

namespace anneal::apps {
namespace {

using Arguments = std::vector<std::string>;

/// Options, then each of the schedules.
Arguments with_schedules(Arguments options, const std::vector<std::string>& schedules) {
  for (const std::string& s : schedules) {
    options.emplace_back("--schedule");
    options.push_back(s);
  }
  return options;
}

/// Twenty evaluations are too few for a patience of ten: it would be a constant rate.
constexpr const char* acting_plateau = "plateau:patience=1,factor=0.5; name=plateau";

/// Every schedule of the catalogue that means something without a parameter.
std::vector<std::string> catalogue() {
  std::vector<std::string> names{"linear"};  // the baseline
  for (const sched::Entry& entry : sched::registry()) {
    // A table needs a file, a formula is what one makes of it, and that one is for the momentum.
    const std::vector<std::string> left_out{"linear", "table", "expr", "one_cycle_momentum"};
    if (std::ranges::find(left_out, entry.name) == left_out.end())
      names.emplace_back(entry.name == "plateau" ? acting_plateau : entry.name);
  }
  return names;
}

/// The Fashion-MNIST study's schedules, each with the rate that it was published with.
Arguments fashion(bool as_published) {
  const auto at = [&](const std::string& schedule, const char* lr, const std::string& more) {
    return schedule + (as_published ? std::string("; lr=") + lr : "") + more;
  };
  return with_schedules(
      {"--dataset", "fashion-mnist", "--examples", "20000", "--hidden", "512,200", "--momentum",
       "0", "--batch-size", "64", "--epochs", "100", "--target", "88%", "--title",
       as_published ? "Learning-rate decay on Fashion-MNIST, as published"
                    : "Learning-rate decay on Fashion-MNIST, each at its own best rate",
       "--about",
       as_published
           ? "A widely read comparison trains 784-512-200-10 on 20,000 images with plain SGD. Its "
             "rates were not tuned: constant runs at 0.01, where most others begin at 0.5. "
             "`product` is what its code does, lr *= 1 / (1 + 0.005 epoch) after each epoch; "
             "`1/t` is lr / (1 + 0.005 epoch), for which it is easily taken."
           : "The schedules of a widely read comparison, each at the best of the same rates."},
      {at("constant", "0.01", ""),
       at("inverse_time:rate=0.01,every=1", "0.1", "; name=Keras's time decay"),
       at("linear", "0.5", ""), at("polynomial:power=0.5", "0.5", "; name=polynomial 0.5"),
       at("polynomial:power=2", "0.5", "; name=polynomial 2"),
       at("stretch(313, cumulative(inverse_time:rate=0.005,every=1))", "0.5", "; name=product"),
       at("inverse_time:rate=0.005,every=1ep,staircase=true", "0.5", "; name=1/t"),
       at("natural_exponential:rate=0.1,every=1ep,staircase=true", "0.5", "; name=exponential"),
       at("step:every=10ep,gamma=0.8", "0.5", "; name=step"),
       at("constant", "0.001", "; name=Adam; optimizer=adam")});
}

/// Takes `--preset NAME` or `--preset=NAME` out; the name, or nothing.
std::string take_preset(Arguments& arguments) {
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const bool joined = arguments[i].starts_with("--preset=");
    if (!joined && (arguments[i] != "--preset" || i + 1 == arguments.size())) continue;
    std::string name = joined ? arguments[i].substr(9) : arguments[i + 1];
    const auto at = arguments.begin() + static_cast<std::ptrdiff_t>(i);
    arguments.erase(at, at + (joined ? 1 : 2));
    return name;
  }
  return "";
}

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> all{
      {"default", "nine well-known schedules",
       with_schedules({}, {"linear", "cosine", "wsd", "one_cycle", "rex", "exponential",
                           "step:every=34%; name=step",
                           "inverse_sqrt:timescale=1; name=inverse_sqrt", "constant"})},
      {"classic", "the seven that most articles compare",
       with_schedules({}, {"linear", "constant", "step:every=34%; name=step", "exponential",
                           "cosine", acting_plateau, "one_cycle"})},
      {"torch", "PyTorch's, as written there, for the 391 updates of the default budget",
       with_schedules(
           {"--about",
            "Written for the 391 updates of the default budget; in other budgets their numbers of "
            "updates mean something else."},
           {"torch.LinearLR(start_factor=1.0, end_factor=0.0, total_iters=391); name=LinearLR",
            "torch.ConstantLR(factor=1.0); name=ConstantLR",
            "torch.StepLR(step_size=131); name=StepLR",
            "torch.MultiStepLR(milestones=[195, 293]); name=MultiStepLR",
            "torch.ExponentialLR(gamma=0.99); name=ExponentialLR",
            "torch.PolynomialLR(total_iters=391, power=2.0); name=PolynomialLR",
            "torch.CosineAnnealingLR(T_max=391); name=CosineAnnealingLR",
            std::string("torch.CosineAnnealingWarmRestarts(T_0=56, T_mult=2); ") +
                "name=CosineAnnealingWarmRestarts",
            "torch.ReduceLROnPlateau(patience=2); name=ReduceLROnPlateau",
            "one_cycle; name=OneCycleLR", "cyclic; name=CyclicLR"})},
      {"all", "every schedule of the catalogue, at its defaults",
       with_schedules({"--tuning-seeds", "4"}, catalogue())},
      {"budgeted", "what a small budget changes: 1, 3 and 10 epochs",
       with_schedules({"--epochs", "1,3,10"}, {"linear", "cosine", "wsd", "one_cycle", "rex",
                                               "step:every=34%; name=step", "constant"})},
      {"fashion-published", "a much-read study of decay on Fashion-MNIST, its rates as published",
       fashion(true)},
      {"fashion-fair", "the same, each at its own best rate", fashion(false)},
      {"sklearn",
       "scikit-learn's comparison of its MLP's strategies (runs anneal-sklearn)",
       {"--sklearn", "--out", "runs/sklearn"}},
  };
  return all;
}

std::vector<std::string> expand_presets(std::vector<std::string> arguments) {
  Arguments expanded{arguments.at(0)};
  const auto add = [&](const Arguments& more) {
    expanded.insert(expanded.end(), more.begin(), more.end());
  };
  std::string name = take_preset(arguments);
  const auto is_schedule = [](const std::string& a) {
    return a == "--schedule" || a.starts_with("--schedule=");
  };
  if (name.empty() && std::ranges::none_of(arguments, is_schedule)) name = "default";
  if (!name.empty()) {
    const auto found = std::ranges::find(presets(), name, &Preset::name);
    if (found == presets().end()) {
      std::vector<std::string> names;
      for (const Preset& p : presets()) names.push_back(p.name);
      std::string hint = sched::did_you_mean(name, names);
      if (hint.empty()) hint = fmt::format("; there are {}", fmt::join(names, ", "));
      fail(Fault::argument, "--preset '" + name + "' is not known" + hint);
    }
    add(found->arguments);
  }
  const auto asked = [&](const char* flag) {
    return std::ranges::find(arguments, flag) != arguments.end();
  };
  if (asked("--quick"))
    // Nine fresh seeds: with fewer than seven nothing is tested.
    add({"--grid", "4", "--growth", "2", "--refinements", "0", "--tuning-seeds", "1", "--seeds",
         "9", "--evaluations", "4"});
  if (asked("--full")) add({"--epochs", "1,3,10", "--optimizer", "sgd,adam", "--seeds", "20"});
  expanded.insert(expanded.end(), arguments.begin() + 1, arguments.end());
  return expanded;
}

}  // namespace anneal::apps
