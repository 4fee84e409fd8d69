#include "apps/compare/presets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "sched/parse.h"
#include "sched/registry.h"

using namespace anneal;
using namespace anneal::apps;

namespace {

std::vector<std::string> schedules_in(const std::vector<std::string>& arguments) {
  std::vector<std::string> schedules;
  for (std::size_t i = 0; i + 1 < arguments.size(); ++i)
    if (arguments[i] == "--schedule")
      schedules.push_back(arguments[i + 1].substr(0, arguments[i + 1].find(';')));
  return schedules;
}

}  // namespace

TEST_CASE("every preset's schedules are schedules, and fit their budget") {
  for (const Preset& preset : presets()) {
    CAPTURE(preset.name);
    for (const std::string& text : schedules_in(preset.arguments)) {
      CAPTURE(text);
      CHECK_NOTHROW(sched::parse(text).stages(391, 391));
    }
  }
}

TEST_CASE("all: the whole catalogue but what is no schedule of a rate by itself") {
  const auto all = std::ranges::find(presets(), "all", &Preset::name);
  REQUIRE(all != presets().end());
  const auto listed = schedules_in(all->arguments);
  std::set<std::string> names(listed.begin(), listed.end());
  CHECK(names.size() == listed.size());
  for (const char* left_out : {"table", "expr", "one_cycle_momentum"}) names.insert(left_out);
  CHECK(names.size() == sched::registry().size());
}

TEST_CASE("what a preset stands for comes first, so that what is given overrides it") {
  const auto words = expand_presets(
      {"compare", "--epochs", "2", "--preset", "budgeted", "--schedule", "warmup | linear"});
  CHECK(words[0] == "compare");
  const auto first = std::ranges::find(words, "--epochs");
  CHECK(*(first + 1) == "1,3,10");
  CHECK(*(std::ranges::find(first + 1, words.end(), "--epochs") + 1) == "2");
  CHECK(schedules_in(words).front() == "linear");
  CHECK(schedules_in(words).back() == "warmup | linear");
  CHECK(std::ranges::count(words, "--preset") == 0);
}

TEST_CASE("without a schedule, the default; with one, that one alone") {
  CHECK(schedules_in(expand_presets({"compare"})).size() == 9);
  CHECK(schedules_in(expand_presets({"compare", "--schedule", "rex"})).size() == 1);
  CHECK(expand_presets({"compare", "--schedule=rex"}).size() == 2);
  const auto quick = expand_presets({"compare", "--preset=classic", "--quick", "--seeds", "4"});
  const auto seeds = std::ranges::find(quick, "--seeds");
  CHECK(*(seeds + 1) == "9");
  CHECK(*(quick.end() - 1) == "4");
}

TEST_CASE("a preset that there is not") {
  CHECK_THROWS_WITH_AS(expand_presets({"compare", "--preset", "budgetd"}),
                       "--preset 'budgetd' is not known; did you mean 'budgeted'?",
                       std::invalid_argument);
}

TEST_CASE("two ways of decaying by 1 / (1 + 0.005 epoch) are two schedules") {
  const auto product = sched::parse("stretch(313, cumulative(inverse_time:rate=0.005,every=1))");
  const auto quotient = sched::parse("inverse_time:rate=0.005,every=1ep,staircase=true");
  double expected = 1.0;
  for (int epoch = 0; epoch < 100; ++epoch) {
    if (epoch > 0) expected /= 1.0 + 0.005 * epoch;
    for (const int step : {epoch * 313, epoch * 313 + 312}) {
      const auto now = sched::Clock::at(step, 31'300, 313);
      CHECK(product(now) == doctest::Approx(expected).epsilon(1e-12));
      CHECK(quotient(now) == doctest::Approx(1.0 / (1.0 + 0.005 * epoch)).epsilon(1e-12));
    }
  }
  CHECK(expected < 1e-9);
}
