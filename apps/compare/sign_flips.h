#pragma once
#include <cstdint>
#include <span>
#include <vector>

/// Tests of paired differences by flipping their signs. Where two contestants are alike, each
/// difference could as well have had the other sign (Fisher, The Design of Experiments, 1935,
/// section 21). Numbers in, numbers out, and the same numbers every time.
namespace anneal::apps {

/// What a p is a share of.
struct SignSets {
  /// Sets of signs counted. A set and its opposite are as far from 0, so one of the two stands for
  /// both: n pairs have 2^(n - 1).
  std::int64_t counted = 1;
  bool all =
      true;  ///< counted every one; otherwise they are drawn at random, the observed among them
  bool operator==(const SignSets&) const = default;
};

/// The standard error of a p that was sampled; 0 where all sets were counted.
double sampling_error(double p, const SignSets& sets);

/// The smallest p that n pairs can give, 2^(1 - n).
double least_sign_flip_p(std::int64_t pairs);

/// The two-sided p of one row of paired differences: the share of the sets of signs whose sum is at
/// least as far from 0 as that of the observed. Exact up to 21 differences; beyond, from 2^20 sets
/// drawn at random.
double sign_flip_p(std::span<const double> differences, std::uint64_t seed = 0);

struct JointTest {
  std::vector<double> p;  ///< of each row, adjusted for all of them
  SignSets sets = {};
};

/// Several rows of paired differences at once, all of as many rounds: the chance that any row whose
/// two contestants are alike gets a p of at most a is at most a, however many rows there are, and
/// whichever of them are alike (Westfall and Young, Resampling-Based Multiple Testing, 1993,
/// section 2.6: the largest statistic, step-down; that flipping signs may stand for their
/// resampling, Goeman and Solari, The Sequential Rejection Principle of Familywise Error Control,
/// 2010). The signs of a round are flipped in every row together, so the least p is that of a
/// single row, 2^(1 - n). The statistic is sum^2 / sum of squares, which orders as |t| does.
///
/// Exact up to 17 rounds; beyond, from 2^16 sets drawn at random, fewer where there are so many
/// rows or rounds that counting would take seconds: sets * rows * rounds / 8 is kept to about 2^29.
JointTest joint_sign_flip(std::span<const std::vector<double>> rows, std::uint64_t seed = 0,
                          std::int64_t most_sets = std::int64_t{1} << 16);

}  // namespace anneal::apps
