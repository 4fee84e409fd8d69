// anneal-sklearn: scikit-learn's comparison of learning strategies, as published and fairly.
#include <fmt/format.h>
#include <omp.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <numeric>

#include "apps/commands.h"
#include "apps/cores.h"
#include "apps/fail.h"
#include "apps/options.h"
#include "apps/process.h"
#include "apps/studies/sklearn_report.h"
#include "apps/view/text.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

struct Arguments {
  std::string command;  ///< that makes the same report again
  std::string out = "runs/sklearn";
  int workers = 0;
  int tuning_seeds = 10;
  int seeds = 10;
  bool quick = false;
};

FairPlan plan_of(const Arguments& a) {
  FairPlan plan;
  // Around the example's 0.2: Adam wants less, invscaling far more.
  for (int k = -8; k <= 8; k += a.quick ? 2 : 1) plan.rates.push_back(std::ldexp(0.2, k));
  const auto seeds = [&](int first, int count) {
    std::vector<std::uint32_t> list(static_cast<std::size_t>(a.quick ? std::min(count, 3) : count));
    std::iota(list.begin(), list.end(), static_cast<std::uint32_t>(first));
    return list;
  };
  plan.tuning_seeds = seeds(1001, a.tuning_seeds);
  plan.fresh_seeds = seeds(1, a.seeds);
  plan.workers = a.workers > 0 ? a.workers : cores();
  return plan;
}

ProblemResults study(Pattern pattern, const FairPlan& plan) {
  ProblemResults r{.pattern = pattern};
  const Problem example = example_problem(pattern);
  for (const Strategy& s : strategies())
    r.as_published.push_back(train(s, s.rate, example, example_weights_seed));
  std::cerr << fmt::format("{}: {} strategies, {} rates\n", name_of(pattern), strategies().size(),
                           plan.rates.size());
  r.tuning = tune(pattern, plan);
  r.by_training_loss = decide(pattern, Measure::training_loss, plan, r.tuning);
  r.by_held_out_loss = decide(pattern, Measure::held_out_loss, plan, r.tuning);
  return r;
}

int run(std::vector<std::string> arguments) {
  Arguments a{.command = "anneal-sklearn"};
  for (const std::string& argument : arguments) a.command += " " + quoted(argument);
  CLI::App app(
      "scikit-learn's comparison of learning strategies for its MLP on circles and moons: as "
      "published, then with each strategy at its own best rate.",
      "anneal-sklearn");
  app.allow_extras();  // refuse_unknown has suggestions
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_option("--out", a.out, "Folder for report.md and results.csv")
      ->capture_default_str()
      ->type_name("DIR");
  whole(app, "--workers", a.workers, 0, 1024, "Trials at a time; 0: one for each core");
  whole(app, "--tuning-seeds", a.tuning_seeds, 1, 1000, "Seeds that choose the rates");
  whole(app, "--seeds", a.seeds, 1, 1000, "Fresh seeds that decide");
  app.add_flag("--quick", a.quick,
               "Every second rate, three tuning and three fresh seeds: a first look");
  app.add_option("--command", a.command)->group("");  // of anneal compare, when it started this
  try {
    std::ranges::reverse(arguments);  // as CLI11 wants them
    app.parse(std::move(arguments));
    refuse_unknown(app);
  } catch (const CLI::Success& answer) {  // --help
    return app.exit(answer);
  } catch (const CLI::ParseError& error) {
    std::cerr << "anneal-sklearn: " << printable_lines(error.what())
              << "\nTry anneal-sklearn --help.\n";
    return exit_mistake;
  }

  omp_set_num_threads(1);  // within a trial, which is too small to be shared
  std::error_code error;
  fs::create_directories(a.out, error);
  if (error) fail(Fault::world, a.out + ": cannot be made: " + error.message());
  const FairPlan plan = plan_of(a);
  std::vector<ProblemResults> results;
  for (const Pattern pattern : {Pattern::circles, Pattern::moons})
    results.push_back(study(pattern, plan));
  const std::string text = sklearn_report(results, plan, a.command);
  const fs::path report = fs::path(a.out) / "report.md";
  const fs::path numbers = fs::path(a.out) / "results.csv";
  write_then_print(
      [&] {
        write_file(report, text);
        write_file(numbers, sklearn_csv(results, plan));
      },
      [&] { std::cout << text << std::flush; });
  std::cerr << fmt::format("\nreport {}\nnumbers {}\n", report.string(), numbers.string());
  return 0;
}

}  // namespace
}  // namespace anneal::apps

int main(int argc, char** argv) {
  anneal::apps::prepare_process();
  try {
    return anneal::apps::run({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::cerr << "anneal-sklearn: " << anneal::apps::printable_lines(error.what()) << "\n";
    return anneal::apps::exit_mistake;
  }
}
