#pragma once
#include <exception>
#include <string>

#include "apps/schedule_values.h"
#include "apps/training.h"
#include "datasets/digits.h"

/// A run that takes a moment, for tests.
namespace anneal::apps::small_run {

inline const datasets::TrainAndTest& data() {
  static const datasets::TrainAndTest both{datasets::digits(1, 2000, 0),
                                           datasets::digits(1, 500, 1)};
  return both;
}

inline TrainingOptions quick() {
  TrainingOptions options;
  options.network.hidden = {64};
  options.optimizer.lr = 5e-3;
  options.epochs = 3;
  options.batch_size = 50;
  options.validation = 500;
  options.threads = 1;
  return options;
}

inline std::string error_of(const TrainingOptions& options,
                            const datasets::TrainAndTest& d = data()) {
  try {
    check_schedule_values(plan(options, d), options.optimizer);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "none";
}

}  // namespace anneal::apps::small_run
