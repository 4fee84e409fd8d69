#pragma once
#include <array>
#include <cstddef>
#include <span>
#include <string_view>

/// What a learning-rate range test suggests, by the usual rules: numbers in, numbers out.
namespace anneal::apps {

/// A range test as the rules see it: at each update the rate, greater than 0 and rising, and the
/// smoothed loss, finite. As many of one as of the other, and at least one.
struct RangeCurve {
  std::span<const double> rates = {};
  std::span<const double> losses = {};
};

/// The curve without the first tenth of the `updates` that were planned, where the average has seen
/// few losses and is noisy, and without its last five values, which the divergence owns. (What
/// fastai 2 shows the rules, Learner.lr_find.) A curve too short for that is left whole.
RangeCurve without_ends(const RangeCurve& curve, std::size_t updates);

/// Each rule returns the index of an update.

/// Where the loss falls fastest against the logarithm of the rate: the i at which
/// (loss[i+1] - loss[i]) / (ln rate[i+1] - ln rate[i]) is least. (Smith, Cyclical Learning Rates
/// for Training Neural Networks, 2017, section 3.3, looks for where the improvement sets in and
/// where it slows; the point between is fastai's `steep`.)
std::size_t steepest(const RangeCurve& curve);

/// Where the loss is lowest, the first time. (fastai's `minimum`, which suggests a tenth of this
/// rate.)
std::size_t minimum(const RangeCurve& curve);

/// The middle of the longest valley. Its length L is that of the longest falling subsequence of the
/// losses, which may leave losses out; where that ends first, at e, the suggestion is
/// e - L + floor(L/3) + floor(L/6). (ESRI's rule, as fastai's `valley` computes it. fastai's
/// documentation speaks of two thirds of the way down; its code goes half of it, and takes the
/// valley to be the L updates before e, also where losses were left out.)
std::size_t valley(const RangeCurve& curve);

/// Before the loss's slope begins to change. With g[i] = (loss[i+1] - loss[i-1]) / 2, and one-sided
/// at the ends, an interval of 15 % of the curve is moved from the right end to the left for as
/// long as g differs by more than 0.005 between its ends; the suggestion is its left end at the
/// last place where it did, or at the first place of all. (Novetta's interval slide rule, fastai's
/// `slide`. Both measure in updates of a test of a hundred; here g is a loss for each hundredth of
/// the `updates` that were planned and the interval 15 hundredths of them, so that the rule does
/// not depend on how fine the test is. For a hundred updates it is the same.)
std::size_t slide(const RangeCurve& curve, std::size_t updates);

/// A rule's suggestion for a curve.
struct Suggestion {
  double rate = 0.0;   ///< what is suggested
  std::size_t at = 0;  ///< the update that the rule chose, as an index of the whole curve
};

/// A rule by its name.
struct Rule {
  std::string_view name;
  std::string_view meaning;  ///< what it looks for
  std::string_view source;   ///< the paper or the system that it comes from
  std::size_t (*choose)(const RangeCurve&, std::size_t updates);
  double factor;  ///< the suggestion, as a multiple of the chosen rate
};

inline constexpr std::size_t rule_count = 4;
extern const std::array<Rule, rule_count> rules;

/// The suggestion of each of the rules, from the curve without_ends() of a test of so many updates.
/// Throws std::invalid_argument for an empty curve, or one with more rates than losses or fewer.
std::array<Suggestion, rule_count> suggestions(const RangeCurve& curve, std::size_t updates);

}  // namespace anneal::apps
