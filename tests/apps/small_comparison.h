#pragma once
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <iterator>
#include <string>
#include <vector>

#include "apps/compare/comparison.h"
#include "datasets/digits.h"

/// A comparison that takes a moment, for tests.
namespace anneal::apps::small_comparison {

inline datasets::TrainAndTest data() {
  return {datasets::digits(1, 1200, 0), datasets::digits(1, 300, 1)};
}

inline Comparison quick(const std::vector<std::string>& schedules) {
  Comparison c{.tuning_seeds = {1001, 1002},
               .fresh_seeds = {1, 2, 3},
               .growth = 0,
               .refinements = 0,
               .evaluations = 4};
  for (const std::string& s : schedules)
    c.entrants.push_back(
        {.name = s, .schedule = s, .optimizer = {.name = "sgd"}, .peaks = {0.02, 0.04}});
  c.training.network.hidden = {16};
  c.training.epochs = 1;
  c.training.batch_size = 50;
  c.training.validation = 200;
  return c;
}

/// A store of its own, gone afterwards.
struct TemporaryStore {
  std::filesystem::path path;
  TrialStore store;
  explicit TemporaryStore(const std::string& name = "")
      : path(std::filesystem::temp_directory_path() /
             ("anneal-comparison-" + std::to_string(getpid()) + name)),
        store((std::filesystem::remove_all(path), path)) {}
  ~TemporaryStore() { std::filesystem::remove_all(path); }
  TemporaryStore(const TemporaryStore&) = delete;
  TemporaryStore& operator=(const TemporaryStore&) = delete;
  std::size_t trials() const {
    return static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(path),
                                                  std::filesystem::directory_iterator{}));
  }
};

/// One comparison, to its end.
inline std::vector<Contestant> run(const Comparison& c, const datasets::TrainAndTest& data,
                                   const TrialStore& store, int workers,
                                   const CompareEvents& events = {}) {
  Ranks ranks;
  CompareResult result = compare(std::span(&c, 1), data, store, {ranks, workers}, events);
  REQUIRE(result.end == CompareEnd::complete);
  return std::move(result.contestants.at(0));
}

}  // namespace anneal::apps::small_comparison
