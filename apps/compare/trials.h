#pragma once
#include <string>

#include "apps/run_log.h"
#include "apps/training.h"

/// The training runs of a comparison: each is known by what decides its bits.
namespace anneal::apps {

/// A training run that is ready to start, in one thread.
struct Trial {
  TrainingOptions options;
  TrainingPlan plan;
  /// All that decides what it computes, by the names that `anneal train` has for its options. The
  /// schedule is written as it was understood: two ways of writing one schedule are one trial.
  Fields description;
  std::string key;
};

/// In hexadecimal digits.
std::string sha256_of(const std::string& text);

/// The value of an option as a description has it.
std::string text_of(const Value& value);

/// The SHA-256 of all examples and labels, wherever they were found.
std::string digest_of(const datasets::TrainAndTest& data);

/// `digest` is that of the data. Throws as plan() does.
Trial make_trial(TrainingOptions options, const datasets::TrainAndTest& data,
                 const std::string& digest);

/// 64 hexadecimal digits: the SHA-256 of a description, and of the version of the arithmetic.
std::string key_of(const Fields& description);

}  // namespace anneal::apps
