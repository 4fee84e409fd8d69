#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "apps/bench/contenders.h"

namespace anneal::apps {

/// What a processor allows: time that the dense work of an epoch takes at its measured speeds.
struct Roofline {
  double products_s = 0;   ///< all multiply-adds, those with background too
  double optimizer_s = 0;  ///< the bytes that the optimizer reads and writes
};

/// One arrangement, over the rounds that were run.
struct Runs {
  Arrangement arrangement;
  Roofline roofline = {};
  std::vector<Speed> ours = {};
  std::vector<double> exchange_ns = {};  ///< of a line between two cores, before each round's run
  std::vector<Speed> theirs = {};        ///< the better of one thread and of several, in each round

  std::vector<double> ratios() const;
  /// Seconds an epoch, of the median speed.
  double seconds() const;
};

/// Runs all of them, then all of them again: what disturbs the machine for some minutes disturbs
/// both sides and all workloads. Says on stderr how it goes. Ends early, without the round at hand,
/// when `stop` is true.
std::vector<Runs> race(const std::vector<Arrangement>& arrangements,
                       const datasets::TrainAndTest& data, const std::string& data_directory,
                       int epochs, int rounds, const std::optional<Torch>& torch,
                       const std::function<bool()>& stop);

double median(std::vector<double> values);
std::vector<double> samples_per_s(const std::vector<Speed>& speeds);

}  // namespace anneal::apps
