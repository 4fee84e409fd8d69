// PyTorch's schedulers, and above all several at once. The values are what PyTorch 1.13.1 gives;
// tests/apps/torch_curves.py asks it about random ones.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "sched/memory.h"
#include "sched/parse.h"
#include "sched/peers/peers.h"
#include "tests/close.h"

using namespace anneal::sched;

namespace {

std::string error_of(const std::string& text) {
  try {
    const Schedule s = parse(text);
    for (Step step = 0; step < 100; ++step) s(Clock::at(step, 100));
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "none";
}

bool fails_with(const std::string& text, const std::string& what) {
  const std::string error = error_of(text);
  CAPTURE(error);
  CHECK(error.find(what) != std::string::npos);
  return error.find(what) != std::string::npos;
}

/// The caret of the message stands under `argument`.
bool has_caret_under(const std::string& text, const std::string& argument) {
  const std::string error = error_of(text);
  const std::size_t last = error.rfind('\n');
  return last != std::string::npos && error.size() - last - 4 == text.find(argument);
}

struct Curve {
  const char* text;
  std::vector<double> rates;
  double lr = 1.0;
};

}  // namespace

TEST_CASE("compositions have PyTorch's own numbers") {
  const std::vector<Curve> curves{
      {"torch.SWALR(swa_lr=0.05, anneal_epochs=0)", {0.05, 0.05, 0.05}},
      {"torch.ChainedScheduler([torch.CosineAnnealingLR(5), "
       "torch.ConstantLR(factor=0.5, total_iters=100)])",
       {0.5, 0.4522542485937369, 0.3272542485937369, 0.1727457514062631, 0.0477457514062631, 0.0,
        0.0954915028125263, 0.3454915028125263}},
      {"torch.SequentialLR([torch.OneCycleLR(max_lr=0.5, total_steps=10), "
       "torch.ExponentialLR(gamma=0.9)], [5])",
       {0.02, 0.26, 0.5, 0.4752423160067369, 0.4058728269748816, 0.02, 0.018}},
      {"torch.OneCycleLR(max_lr=0.1, total_steps=10, pct_start=0.6, three_phase=True)",
       {0.004, 0.0131671842700025, 0.0371671842700025, 0.0668328157299975, 0.0908328157299975, 0.1,
        0.0908328157299975, 0.0668328157299975, 0.0371671842700025, 0.0131671842700025}},
      {"torch.CyclicLR(base_lr=0.1, max_lr=1, step_size_up=2, scale_fn=lambda x: 1/x)",
       {0.1, 0.55, 1.0, 0.55, 0.1, 0.325, 0.55}},
      // Sets the rate anew, whatever the one before it has made of it.
      {"torch.ChainedScheduler([torch.ExponentialLR(0.9), torch.LambdaLR(lambda s: 0.5)])",
       {0.5, 0.5}},
      {"torch.ChainedScheduler([torch.LambdaLR(lambda s: 0.5), torch.ExponentialLR(0.9)])",
       {0.5, 0.45, 0.45}},
      // At update 0 the first still rules, and the second begins from what it left.
      {"torch.SequentialLR([torch.ConstantLR(0.5, 9), torch.ExponentialLR(0.5)], [0])",
       {0.5, 0.5, 0.25}},
      {"torch.ChainedScheduler([torch.SequentialLR([torch.LinearLR(0.5, total_iters=2), "
       "torch.ExponentialLR(0.5)], [3]), torch.ConstantLR(0.5, 4)])",
       {0.25, 0.375, 0.5, 1.0, 1.0, 0.5}},
  };
  for (const Curve& curve : curves) {
    CAPTURE(curve.text);
    const Schedule s = parse(curve.text, curve.lr);
    const Schedule read = parse(s.text());
    CHECK(read.text() == s.text());
    Memory memory;
    for (std::size_t i = 0; i < curve.rates.size(); ++i) {
      const auto step = static_cast<Step>(i);
      CAPTURE(step);
      CHECK(s(Clock::at(step, 50)) == close(curve.rates[i], 1e-9).or_within(1e-15));
      CHECK(s(Clock::at(step, 50, 1, {}, &memory)) == s(Clock::at(step, 50)));
      CHECK(read(Clock::at(step, 50)) == s(Clock::at(step, 50)));
    }
  }
}

TEST_CASE("compositions have PyTorch's rates and momenta: golden values") {
  std::ifstream file(ANNEAL_TESTS_DIR "/golden/torch_compositions.json");
  const auto golden = nlohmann::json::parse(file);
  for (const auto& c : golden["cases"]) {
    const std::string text = c["schedule"];
    const double lr = c["lr"];
    CAPTURE(text);
    const auto translation = peers::translate(text, lr);
    REQUIRE(translation);
    const std::vector<double> rates = c["rates"];
    const double peak = *std::ranges::max_element(rates);
    const auto total = static_cast<Step>(rates.size());
    Memory memory;
    for (Step step = 0; step < total; ++step) {
      CAPTURE(step);
      const auto i = static_cast<std::size_t>(step);
      const Clock now = Clock::at(step, total, 1, {}, &memory);
      CHECK(lr * translation->lr(now) == close(rates[i], 1e-9).or_within(1e-14 * peak));
      REQUIRE(translation->momentum.has_value() == c.contains("momenta"));
      if (translation->momentum)
        CHECK((*translation->momentum)(now) == close(c["momenta"][i].get<double>(), 1e-9));
    }
  }
}

TEST_CASE("rates that are absolute are factors of the optimizer's") {
  const char* text =
      "torch.SequentialLR([torch.SWALR(0.2, 2, 'linear'), torch.LambdaLR(lambda s: 3)], [3])";
  const Schedule s = parse(text, 0.5);
  const std::vector<double> rates{0.5, 0.35, 0.2, 1.5};
  for (std::size_t i = 0; i < rates.size(); ++i)
    CHECK(0.5 * s(Clock::at(static_cast<Step>(i), 9)) == close(rates[i], 1e-12));
  CHECK(parse(s.text())(Clock::at(1, 9)) == s(Clock::at(1, 9)));
}

TEST_CASE("compositions move the momentum") {
  const auto translation = peers::translate(
      "torch.SequentialLR([torch.OneCycleLR(0.5, total_steps=10), torch.ExponentialLR(0.9)], [2])",
      1.0);
  REQUIRE(translation);
  REQUIRE(translation->momentum);
  CHECK((*translation->momentum)(Clock::at(0, 9)) == close(0.95, 1e-12));
  CHECK((*translation->momentum)(Clock::at(5, 9)) == close(0.9, 1e-12));
}

TEST_CASE("a best loss below 0, and thresholds that nothing passes") {
  const auto at_end = [](const char* text, std::vector<double> losses) {
    std::vector<Observation> log;
    for (const double loss : losses) log.push_back({static_cast<Step>(log.size()) + 1, loss});
    return parse(text)(Clock::at(static_cast<Step>(losses.size()), 50, 1, log));
  };
  // -1 * (1 - 0.1) = -0.9: -0.95 is an improvement, in PyTorch.
  CHECK(at_end("torch.ReduceLROnPlateau(patience=0, factor=0.5, threshold=0.1)", {-1, -0.95}) ==
        1.0);
  CHECK(at_end("torch.ReduceLROnPlateau(patience=0, factor=0.5, threshold=0.1)", {-1, -0.8}) ==
        0.5);
  // No loss is below inf * 0.
  CHECK(at_end("torch.ReduceLROnPlateau(patience=0, factor=0.5, threshold=1)", {3, 2, 1}) == 0.125);
}

TEST_CASE("what PyTorch refuses is refused, under the argument that was written") {
  struct Mistake {
    const char* text;
    const char* argument;
    const char* what;
  };
  const std::vector<Mistake> mistakes{
      {"torch.MultiStepLR(milestones=[0.5*75, 0.75*75])", "[0.5",
       "milestones has 37.5, which no update is: PyTorch never meets it"},
      {"torch.LinearLR(start_factor=0.0)", "0.0", "start_factor must be above 0"},
      {"torch.LinearLR(start_factor=1.5)", "1.5", "start_factor must be between 0 and 1"},
      {"torch.LinearLR(end_factor=2)", "2", "end_factor must be between 0 and 1"},
      {"torch.ConstantLR(factor=1.1)", "1.1", "factor must be between 0 and 1"},
      {"torch.ConstantLR(factor=0)", "0", "factor must be above 0"},
      {"torch.StepLR(step_size=0)", "0", "step_size must be a whole number, at least 1"},
      {"torch.CosineAnnealingLR(T_max=0)", "0", "T_max must be above 0"},
      {"torch.CosineAnnealingWarmRestarts(T_0=3, T_mult=0.5)", "0.5",
       "T_mult must be a whole number, at least 1"},
      {"torch.CosineAnnealingWarmRestarts(T_0=0)", "0)", "T_0 must be a whole number"},
      {"torch.OneCycleLR(max_lr=0.1, total_steps=10, pct_start=1.5)", "1.5",
       "pct_start must be between 0 and 1"},
      {"torch.OneCycleLR(max_lr=0.1, total_steps=10, pct_start=0.1)", "0.1)",
       "pct_start makes the way up a single update"},
      {"torch.OneCycleLR(max_lr=0.1, total_steps=10, div_factor=0)", "0)",
       "div_factor must be above 0"},
      {"torch.OneCycleLR(max_lr=[0.1, 0.2], total_steps=10)", "[0.1", "give each group its own"},
      {"torch.CyclicLR(base_lr=[1, 2], max_lr=3)", "[1", "give each group its own"},
      {"torch.CyclicLR(0.1, 0.2, mode='square')", "'square'", "mode must be one of 'triangular'"},
      {"torch.ReduceLROnPlateau(factor=1.0)", "1.0", "factor must be below 1"},
      {"torch.ReduceLROnPlateau(min_lr=[0.1, 0.2])", "[0.1", "give each group its own"},
      {"torch.StepLR(step_size=30, last_epoch=4)", "4", "last_epoch is not translated"},
      {"torch.StepLR(30, 0.1, 4)", "4", "last_epoch is not translated"},
      {"torch.StepLR(step_size=30, verbose=True)", "True", "verbose would print"},
      {"torch.ReduceLROnPlateau(verbose=True)", "True", "verbose would print"},
      {"torch.SequentialLR([torch.ChainedScheduler([torch.StepLR(3)]), torch.StepLR(3)], [2])",
       "[t", "cannot hold ChainedScheduler"},
      {"torch.SequentialLR([torch.StepLR(3), torch.SequentialLR([torch.StepLR(3)], [])], [2])",
       "[t", "cannot hold SequentialLR but as the first"},
      {"torch.SequentialLR([torch.StepLR(3), torch.StepLR(3)], [5, 6])", "[5",
       "milestones must be one fewer"},
  };
  for (const Mistake& m : mistakes) {
    CAPTURE(m.text);
    CHECK(fails_with(m.text, m.what));
    CHECK(has_caret_under(m.text, m.argument));
  }
  CHECK(
      fails_with("torch.ChainedScheduler([torch.OneCycleLR(1.0, total_steps=5), "
                 "torch.ExponentialLR(0.9)])",
                 "OneCycleLR has total_steps=5 and would be stepped further"));
  CHECK(fails_with("lr_scheduler.StepLR(30)", "did you mean torch.StepLR(...)?"));
  CHECK(fails_with("torch.ChainedScheduler([timm.StepLRScheduler(3)])",
                   "wanted a schedule of PyTorch\n"));
  CHECK(fails_with("optim.lr_scheduler.StepLR(30)", "did you mean torch.StepLR(...)?"));
}

TEST_CASE("what PyTorch takes without making sense is taken") {
  for (const char* text :
       {"torch.PolynomialLR(total_iters=0)", "torch.PolynomialLR(total_iters=5, power=0)",
        "torch.ConstantLR(factor=0, total_iters=0)", "torch.ExponentialLR(gamma=0)",
        "torch.MultiStepLR(milestones=[])", "torch.SWALR(swa_lr=0)",
        "torch.CyclicLR(0, 0, step_size_down=0)", "torch.LambdaLR([lambda e: 1])",
        "torch.OneCycleLR(max_lr=[0.1], total_steps=100, pct_start=0.0)",
        "torch.StepLR(30, last_epoch=-1, verbose=False)"})
    CHECK_MESSAGE(error_of(text) == "none", text);
}
