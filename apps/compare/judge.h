#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "apps/compare/sign_flips.h"
#include "apps/compare/statistics.h"

/// Who is better than whom, by the rules of docs/protocol.md: numbers in, verdicts out.
namespace anneal::apps {

/// The error that all of a verdict's claims together may have: one verdict in twenty.
inline constexpr double significant = 0.05;

/// Within a factor of two of that, a p is close to the threshold: another processor, or one more
/// seed, may move it over. Such a difference is shown as close, whichever side it is on, and is
/// not claimed; what is claimed has a p of this or less.
inline constexpr double claimed = significant / 2;
inline constexpr double close_to = significant * 2;

/// With fewer rounds nothing is tested: 2^(1 - n) is at most `claimed` from seven on.
inline constexpr std::int64_t fewest_rounds = 7;
/// With fewer rounds a mean has no interval: its ends would be the choice of a table.
inline constexpr std::int64_t fewest_for_interval = 3;

/// What contestants are judged by: a number of each in each round, not finite where it failed.
struct Metric {
  std::string name = {};  ///< in words, as in "test accuracy"
  bool higher_is_better = false;
  std::vector<std::vector<double>> values = {};  ///< [contestant][round]
};

/// a[i] - b[i], of as many in each; 0 where that is no more than rounding, 1e-12 of the larger.
std::vector<double> differences(std::span<const double> a, std::span<const double> b);

/// The 95 % interval of a mean; none where a value is not finite or the values are too few.
std::optional<Interval> interval_of(std::span<const double> values);

/// What can be said of a contestant by one metric. One that failed in a round is ranked last there
/// and is not tested: that it fails is seen, and needs no test.
struct Verdict {
  bool tested = false;                      ///< against the baseline
  std::optional<Interval> difference = {};  ///< 95 %, of its mean minus the baseline's, by itself
  double p = 1.0;                           ///< of that difference, adjusted for all pairs
  double rank = 0.0;                        ///< mean over rounds
  std::string tier = {};                    ///< letters; empty where nothing is tested
  bool tier_is_close = false;               ///< it is close to being told from one of its tier
};

/// How far a difference is told.
enum class Told { no, close, apart };
Told told_by(double p);

/// Two contestants by one metric, tested.
struct Pair {
  std::size_t metric = 0;
  std::size_t better = 0;  ///< by its mean; the first of the two where these are equal
  std::size_t worse = 0;
  double p = 1.0;  ///< adjusted for all pairs of all metrics
  Told told() const { return told_by(p); }
};

/// A verdict: all its claims are `pairs` that are told apart, and come from one joint test.
struct Judgement {
  std::size_t baseline = 0;
  std::int64_t rounds = 0;
  std::vector<Metric> metrics = {};
  std::vector<std::vector<Verdict>> verdicts = {};  ///< [metric][contestant]
  std::vector<Pair> pairs = {};                     ///< none with fewer than `fewest_rounds`
  SignSets sets = {};

  bool tested() const { return rounds >= fewest_rounds; }
};

/// At most about so many seeds it takes to claim a difference such as this, with a power of 80 %:
/// all pairs are reckoned with, though those that are claimed make it easier for the others; none
/// where it is 0, or where it or its deviation is not known.
std::optional<std::int64_t> seeds_needed(std::span<const double> differences,
                                         const Judgement& judgement);

/// Throws std::invalid_argument for more pairs than can be counted in seconds, about a million.
Judgement judge(std::vector<Metric> metrics, std::size_t baseline);

/// Contestants by mean rank, the best first.
std::vector<std::size_t> ranked(std::span<const Verdict> verdicts);

}  // namespace anneal::apps
