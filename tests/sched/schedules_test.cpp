// Each schedule against its formula, and against the curves of PyTorch's classes.
#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numbers>

#include "sched/parse.h"
#include "tests/close.h"

using namespace anneal::sched;

namespace {

double at(const char* text, Step step, Step total = 100, Step steps_per_epoch = 10) {
  return parse(text)(Clock::at(step, total, steps_per_epoch));
}
Close about(double x) {
  return close(x, 1e-14);
}

}  // namespace

TEST_CASE("constant, linear and warmup") {
  CHECK(at("constant:value=0.3", 57) == 0.3);
  CHECK(at("linear", 0) == 1.0);
  CHECK(at("linear", 25) == 0.75);
  CHECK(at("linear", 100) == 0.0);
  CHECK(at("linear:from=0.2,to=0.6", 50) == about(0.4));
  CHECK(at("warmup", 0) == 0.01);
  CHECK(at("warmup", 99) == 1.0);
  CHECK(at("warmup:from=0.5", 49) == 0.75);
}

TEST_CASE("step, multistep and exponential, in updates, epochs and percent") {
  CHECK(at("step:every=30", 29) == 1.0);
  CHECK(at("step:every=30", 30) == 0.1);
  CHECK(at("step:every=3ep,gamma=0.5", 59) == 0.5);
  CHECK(at("step:every=3ep,gamma=0.5", 60) == 0.25);
  CHECK(at("step:every=25%", 75) == about(1e-3));
  CHECK(at("multistep", 49) == 1.0);
  CHECK(at("multistep", 50) == 0.1);
  CHECK(at("multistep:at=[3ep,3ep,80]", 30) == about(0.01));
  CHECK(at("multistep:at=[3ep,3ep,80]", 80) == about(0.001));
  CHECK(at("exponential", 50) == about(0.1));
  CHECK(at("exponential:gamma=0.9,every=1ep", 20) == about(0.81));
  CHECK(at("exponential:gamma=0.9,every=1", 2) == about(0.81));
}

TEST_CASE("polynomial, cosine and inverse_sqrt") {
  CHECK(at("polynomial:power=3,floor=0.2", 50) == about(0.2 + 0.8 / 8));
  CHECK(at("polynomial", 100) == 0.0);
  CHECK(at("cosine", 0) == 1.0);
  CHECK(at("cosine:floor=0.2", 50) == about(0.6));
  CHECK(at("cosine:floor=0.2", 100) == 0.2);
  CHECK(at("cosine", 25) == about((1 + std::numbers::sqrt2 / 2) / 2));
  // The last update of a long run: (pi / 2 / 10^6)^2, where 1 + cos(pi t) has no digits left.
  CHECK(at("cosine", 999'999, 1'000'000) == close(std::pow(std::numbers::pi / 2e6, 2), 1e-9));
  CHECK(at("inverse_sqrt:timescale=10", 0) == 1.0);
  CHECK(at("inverse_sqrt:timescale=10", 30) == 0.5);
  CHECK(at("inverse_sqrt:timescale=1ep", 90) == about(std::sqrt(0.1)));
}

TEST_CASE("noam, with its peak at 1 and as the paper has it") {
  CHECK(at("noam:warmup=10", 0) == about(0.1));
  CHECK(at("noam:warmup=10", 9) == about(1.0));
  CHECK(at("noam:warmup=10", 39) == about(0.5));
  // d_model = 512, warmup_steps = 4000: the paper's own.
  CHECK(at("noam:warmup=4000,width=512", 0, 10000) ==
        about(std::pow(512, -0.5) * std::pow(4000, -1.5)));
  CHECK(at("noam:warmup=4000,width=512", 3999, 10000) == about(std::pow(512 * 4000.0, -0.5)));
  CHECK(at("noam:warmup=4000,width=512", 9999, 10000) == about(std::pow(512, -0.5) / 100));
}

TEST_CASE("plateau forgives `patience` evaluations, cools down, and keeps to its floor") {
  const auto factor = [](const char* text, const std::vector<double>& losses) {
    std::vector<Observation> log;
    log.reserve(losses.size());
    for (const double loss : losses) log.push_back({static_cast<Step>(log.size()) + 1, loss});
    return parse(text)(Clock::at(99, 100, 1, log));
  };
  CHECK(factor("plateau:patience=2", {1, 1, 1}) == 1.0);
  CHECK(factor("plateau:patience=2", {1, 1, 1, 1}) == 0.1);
  CHECK(factor("plateau:patience=0,factor=0.5", {1, 1, 1, 1}) == 0.125);
  CHECK(factor("plateau:patience=0,factor=0.5,cooldown=2", {1, 1, 1, 1, 1}) == 0.25);
  CHECK(factor("plateau:patience=0,floor=0.3", {1, 1, 1, 1}) == 0.3);
  // Of the last three: 1, 1.5, 1.17, 0.97, 0.43.
  CHECK(factor("plateau:patience=1", {1, 2, 0.5, 0.5}) == 1.0);
  CHECK(factor("plateau:patience=1,window=3", {1, 2, 0.5}) == 0.1);
  CHECK(factor("plateau:patience=2,window=3", {1, 2, 0.5, 0.4, 0.4}) == 1.0);
  CHECK(factor("plateau:patience=0", {1, 0.99995}) == 0.1);  // an improvement of half the threshold
  CHECK(factor("plateau:patience=0,threshold=0,margin=0.1", {1, 0.95}) == 0.1);
  CHECK(factor("plateau:patience=0,threshold=0.1", {-1, -1.05}) == 0.1);
  CHECK(factor("plateau:patience=0,threshold=0.1", {-1, -1.2}) == 1.0);
  CHECK(factor("plateau:patience=0,threshold=0.1", {-1, -0.95}) == 0.1);  // worse is never better
  CHECK(factor("plateau:patience=0", {1, std::nan("")}) == 0.1);
  CHECK(factor("plateau:patience=0", {std::nan(""), std::nan("")}) == about(0.01));
}

TEST_CASE("PyTorch's curves, to 1e-12") {
  // Each case of the golden file that this catalogue can write, in our terms.
  const std::map<std::string, const char*> specs{
      {"torch.StepLR.0", "step:every=30"},
      {"torch.StepLR.1", "step:every=1,gamma=0.97"},
      {"torch.StepLR.2", "step:every=7,gamma=1"},
      {"torch.MultiStepLR.0", "multistep:at=[30,80]"},
      {"torch.MultiStepLR.1", "multistep:at=[5,5,9],gamma=0.5"},
      {"torch.ConstantLR.0", "0.3333333333333333@5 | constant"},
      {"torch.LinearLR.0", "linear:from=0.3333333333333333,to=1@5"},
      {"torch.LinearLR.1", "linear:to=0.01@50"},
      {"torch.ExponentialLR.0", "exponential:gamma=0.9,every=1"},
      {"torch.ExponentialLR.1", "exponential:gamma=1,every=1"},
      {"torch.PolynomialLR.0", "polynomial:power=1@50"},
      {"torch.PolynomialLR.1", "polynomial@40"},
      {"torch.CosineAnnealingLR.0", "cosine@100"},
      {"torch.CosineAnnealingWarmRestarts.0", "repeat(5, cosine)"},
      {"torch.CosineAnnealingWarmRestarts.1",
       "cosine:floor=0.001@10 | cosine:floor=0.001@20 | cosine:floor=0.001@40 | "
       "cosine:floor=0.001@80"},
      {"torch.ReduceLROnPlateau.0", "plateau"},
      {"torch.ReduceLROnPlateau.1",
       "plateau:factor=0.5,patience=2,threshold=0,margin=0.01,cooldown=3,floor=0.01"},
      {"torch.SequentialLR.0", "linear:from=0.1,to=1@10 | cosine@90"},
      {"torch.SequentialLR.1", "0.1@2 | exponential:gamma=0.9,every=1"},
      {"torch.ChainedScheduler.0", "(0.1@5 | constant) * exponential:gamma=0.95,every=1"},
  };
  std::ifstream file(ANNEAL_TESTS_DIR "/golden/schedules_torch.json");
  const auto golden = nlohmann::json::parse(file);
  std::size_t seen = 0;
  for (const auto& c : golden["cases"]) {
    const auto id = c["id"].get<std::string>();
    if (!specs.contains(id)) continue;  // a schedule that is tested elsewhere
    ++seen;
    CAPTURE(id);
    const Schedule s = parse(specs.at(id));
    const auto total = static_cast<Step>(c["lr"].size());
    std::vector<Observation> log;
    if (c.contains("metrics"))
      for (const double metric : c["metrics"])
        log.push_back({static_cast<Step>(log.size()) + 1, metric});
    const double base = c["base_lr"];
    for (Step t = 0; t < total; ++t) {
      CAPTURE(t);
      const double wanted = c["lr"][static_cast<std::size_t>(t)];
      const double lr = base * s(Clock::at(t, total, 1, log));
      const double scale = std::max(std::abs(wanted), base * 1e-3);  // near 0, of the peak
      CHECK(std::abs(lr - wanted) <= 1e-12 * scale);
    }
  }
  CHECK(seen == specs.size());
}
