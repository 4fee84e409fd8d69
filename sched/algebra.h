#pragma once
#include <limits>

#include "sched/schedule.h"

/// Schedules made of schedules. Each combinator hands its parts a clock of their own.
namespace anneal::sched {

/// One schedule after another, `a@5% | b | c@20%`. A percentage is of the whole chain. At most one
/// part, anywhere, may go without a length. A part of length 0 is left out. Boundaries are rounded
/// once, from exact sums, so that no update is lost or counted twice. Evaluated in a run that it
/// does not fit, a chain is cut off where the run ends; stages() refuses that. Throws
/// std::invalid_argument for no parts that are longer than 0, two without a length, or a length
/// that is negative or makes the percentages exceed 100.
Schedule chain(std::vector<Part> parts);
/// Where each part of a chain ends in a stage, in updates from its beginning.
std::vector<double> boundaries(const std::vector<Part>& parts, const Clock& window);
/// `first(percent(5), make(Warmup{})) | make(Cosine{})` reads in training order.
inline Part first(Length length, Schedule s) {
  return {std::move(s), length};
}
inline Schedule operator|(const Part& part, const Schedule& rest) {
  return chain({part, {rest}});
}

// ---- at each moment by itself --------------------------------------------------------------

/// The same factor at every update; its text is the number. Must be finite and >= 0.
Schedule number(double factor);
/// Pointwise product, e.g. of a decay and a warmup that overlaps it.
Schedule operator*(const Schedule& a, const Schedule& b);
/// The same curve, `scale` times as high.
Schedule operator*(double scale, const Schedule& s);
/// Pointwise sum: `0.1 + 0.9 * cosine` is a cosine that ends at 0.1.
Schedule operator+(const Schedule& a, const Schedule& b);
/// The higher, or lower, of the two at each moment.
Schedule max(const Schedule& a, const Schedule& b);
Schedule min(const Schedule& a, const Schedule& b);
/// Never below `floor`, never above `ceiling`: a curve with flat tails. One that is to *end* at a
/// floor has a parameter for that, or is a sum. Throws unless 0 <= floor <= ceiling.
Schedule clamp(double floor, double ceiling, const Schedule& s);

// ---- moved in time -------------------------------------------------------------------------

/// `times` cycles of the same schedule, whose lengths differ by at most one update.
Schedule repeat(int times, const Schedule& cycle);

/// Cycles by length; repeat() is cycles by count.
struct Cycles {
  Length first = percent(10);
  double growth = 1.0;  ///< each cycle is so many times as long as the one before
  double decay = 1.0;   ///< each begins at so much of where the one before began
  int limit = 0;        ///< after so many, the floor is held; 0: there is no limit
  double floor = 0.0;   ///< a curve from 1 to 0 falls to this in every cycle
  /// Whether peaks may fall below the floor, to which a late cycle then climbs, as in timm; else
  /// the floor is the lowest peak.
  bool below_floor = false;
};
/// floor + (max(decay^i, floor) - floor) s, s being evaluated in cycle i as its stage: warm
/// restarts of any curve (Loshchilov & Hutter, SGDR, 2017, section 3, which is `cycles(...,
/// cosine)`). With a growth below 1 the cycles end after first / (1 - growth), and the floor is
/// held. Throws std::invalid_argument for a first length, a growth or a decay that is not above 0,
/// a negative limit or floor.
Schedule cycles(const Cycles& how, const Schedule& s);

/// The curve from its end to its beginning. Throws for a product over the past, as of cumulative().
Schedule reverse(const Schedule& s);
/// The schedule `times` as slow: all its lengths in updates and epochs are so many times as long.
/// Evaluated in a run that it would make longer than limits::updates it throws, as offset() does.
Schedule stretch(double times, const Schedule& s);
/// The schedule with epochs for updates: what it says of updates holds of epochs, counted from the
/// beginning of its stage, and its factor is the same throughout each. `per_epoch(step:every=30)`
/// falls every 30 epochs, as PyTorch's StepLR does when its step() is called once an epoch.
/// Throws for what follows the losses: it counts evaluations, whenever they are.
Schedule per_epoch(const Schedule& s);
/// The schedule as though it had begun `skipped` earlier: its first part is never seen.
Schedule offset(Length skipped, const Schedule& s);
/// The schedule as in a run of `planned` updates, whatever the length of its stage: cut off in a
/// shorter one, which Stage::used tells; held in a longer one.
Schedule over(Length planned, const Schedule& s);
/// The schedule as in a run that never ends, for stages that need no total.
Schedule endless(const Schedule& s);
/// The product of the factors of the updates 1, 2, ..., step; 1 at the first update. With a
/// clock's memory an update costs one factor more, without one all factors since the first.
Schedule cumulative(const Schedule& s);

/// The names above that parse() knows, and how each is written.
struct Combinator {
  std::string_view name;
  std::string_view usage;
  std::string_view help;
};
std::span<const Combinator> combinators();

}  // namespace anneal::sched
