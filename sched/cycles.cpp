#include <cmath>

#include "sched/algebra.h"
#include "sched/combine.h"
#include "sched/fail.h"

namespace anneal::sched {
namespace {

struct Cycle {
  double index = 0.0;
  double begin = 0.0;
  double length = 1.0;
  bool over = false;  ///< there are no more cycles: the floor is held
};

/// The cycles of one stage: a geometric series of lengths, found in closed form however many there
/// are.
class Lengthening {
 public:
  Lengthening(const Cycles& how, const Clock& now)
      : growth_(how.growth), first_(std::max(how.first.in(now), within)) {}

  double begin_of(double index) const {
    if (growth_ == 1.0) return index * first_;
    // The difference is exact for whole numbers; near 1 it would lose its digits.
    const double grown = std::abs(growth_ - 1.0) > 0.01 ? std::pow(growth_, index) - 1.0
                                                        : std::expm1(index * std::log(growth_));
    return first_ * (grown / (growth_ - 1.0));
  }

  Cycle at(double time) const {
    if (growth_ == 1.0) return cycle(std::floor(time / first_));
    const double done = time * (growth_ - 1.0) / first_;
    // Cycles that get shorter and shorter are over when the series is.
    if (growth_ < 1.0 && time + within >= first_ / (1.0 - growth_)) return {.over = true};
    double index = std::max(std::floor(std::log1p(done) / std::log(growth_)), 0.0);
    // A logarithm misses a boundary now and then.
    if (begin_of(index) > time + within && index > 0.0)
      --index;
    else if (begin_of(index + 1.0) <= time + within)
      ++index;
    return cycle(index);
  }

  /// The one that ends at the time, rather than the one that begins there.
  Cycle before(double time) const {
    const Cycle found = at(time);
    const bool begins =
        !found.over && found.index > 0.0 && found.begin >= time - (growth_ == 1.0 ? 0.0 : within);
    return begins ? cycle(found.index - 1.0) : found;
  }

 private:
  static constexpr double within = 1e-9;  // of an update

  Cycle cycle(double index) const {
    const double begin = begin_of(index);
    return {index, begin, first_ * std::pow(growth_, index)};
  }

  double growth_;
  double first_;
};

std::string cycles_text(const Cycles& how, const Schedule& s) {
  const Cycles initial;
  std::string text = "cycles(" + how.first.text();
  const auto add = [&](const char* key, double value, double usual) {
    if (value != usual) text += std::string(", ") + key + "=" + number_text(value);
  };
  add("growth", how.growth, initial.growth);
  add("decay", how.decay, initial.decay);
  add("limit", how.limit, initial.limit);
  add("floor", how.floor, initial.floor);
  if (how.below_floor) text += ", below_floor=true";
  return text + ", " + s.text() + ")";
}

void check(const Cycles& how) {
  if (!(how.first.amount > 0.0) || !std::isfinite(how.first.amount))
    fail("cycles: the first length must be above 0, got " + how.first.text());
  if (!(how.growth > 0.0) || !std::isfinite(how.growth))
    fail("cycles: growth must be above 0, got " + number_text(how.growth));
  if (!(how.decay > 0.0) || !std::isfinite(how.decay))
    fail("cycles: decay must be above 0, got " + number_text(how.decay));
  if (how.limit < 0) fail("cycles: limit must not be negative, got " + std::to_string(how.limit));
  if (!(how.floor >= 0.0) || !std::isfinite(how.floor))
    fail("cycles: floor must not be negative, got " + number_text(how.floor));
}

}  // namespace

Schedule cycles(const Cycles& how, const Schedule& s) {
  check(how);
  return {cycles_text(how, s),
          Schedule::Binding::atom,
          [=](const Clock& now) {
            Clock held = now;
            held.step = now.elapsed();
            const Lengthening lengths(how, now);
            const Cycle cycle =
                now.step >= now.total ? lengths.before(held.step) : lengths.at(held.step);
            if (cycle.over || (how.limit > 0 && cycle.index >= how.limit)) return how.floor;
            double peak = std::pow(how.decay, cycle.index);
            if (!how.below_floor) peak = std::max(peak, how.floor);
            Clock inside = held.stage(cycle.begin, cycle.begin + cycle.length);
            if (cycle.length < 1.0) inside.total = cycle.length;  // no stage is so short
            return how.floor + (peak - how.floor) * s(inside);
          },
          nullptr,
          form_of("cycles",
                  {how.first, how.growth, how.decay, how.limit, how.floor, how.below_floor}, s),
          s.watches_losses()};
}

}  // namespace anneal::sched
