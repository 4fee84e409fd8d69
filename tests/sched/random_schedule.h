#pragma once
#include <random>
#include <string>

#include "sched/algebra.h"
#include "sched/registry.h"

/// Random values, schedules and expressions made from whatever the registry holds, for properties
/// that must hold for all of them.
namespace anneal::sched {

class RandomSchedule {
 public:
  explicit RandomSchedule(unsigned seed) : random_(seed) {}

  /// Any schedule of the registry with any parameters that it allows.
  Schedule leaf() {
    const Entry& entry = registry()[below(registry().size())];
    std::vector<Value> values;
    const auto lists = std::ranges::count_if(entry.params, [](const ParamInfo& p) {
      return std::holds_alternative<Lengths>(p.initial) ||
             std::holds_alternative<Numbers>(p.initial);
    });
    for (const ParamInfo& p : entry.params) values.push_back(value(p, lists));
    return entry.make(values);
  }

  /// An expression nested at most `depth` deep.
  Schedule expression(int depth) {
    if (depth == 0) return leaf();
    const Schedule s = expression(depth - 1);
    switch (below(18)) {
      case 0: return s * expression(depth - 1);
      case 1: return real(0.0, 3.0) * s;
      case 2: return repeat(1 + static_cast<int>(below(4)), s);
      case 3:
      case 4:
      case 5: return random_chain(depth);
      case 6: return s + expression(depth - 1);
      case 7: return max(s, expression(depth - 1));
      case 8: return min(s, expression(depth - 1));
      case 9: return clamp(real(0.0, 0.5), real(0.5, 2.0), s);
      case 10: return s.watches_losses() || s.extent().pace > 0.0 ? s : reverse(s);
      case 11: return s.watches_losses() ? s : stretch(real(0.5, 3.0), s);
      case 12: return s.watches_losses() ? s : offset(length(50.0), s);
      case 13: return over(length(100.0), s);
      case 14:
        return s.watches_losses() || s.extent().levels > 3 ? s : cumulative(clamp(0.5, 1.0, s));
      case 15: return s.watches_losses() ? s : per_epoch(s);
      case 16: return random_cycles(s);
      default: return leaf();
    }
  }

  std::size_t below(std::size_t n) { return static_cast<std::size_t>(random_() % n); }
  /// Round numbers as well as ones with many digits.
  double real(double low, double high) {
    const double u = static_cast<double>(random_()) * 0x1p-32;
    const double x = low + (high - low) * u;
    const double round = std::round(x * 100) / 100;
    return below(2) == 0 && round >= low && round <= high ? round : x;
  }

 private:
  /// Of lengths whose sums are exact.
  Schedule random_cycles(const Schedule& s) {
    static constexpr std::array growths{1.0, 1.0, 2.0, 3.0, 1.5, 0.5};
    const bool low = below(4) == 0;  // with a curve above 1 that would be below 0
    return cycles({.first = updates(static_cast<double>(1 + below(16))),
                   .growth = growths[below(growths.size())],
                   .decay = real(0.3, 1.0),
                   .limit = static_cast<int>(below(5)),
                   .floor = below(2) == 0 ? 0.0 : real(0.0, 1.5),
                   .below_floor = low},
                  low ? min(s, number(1.0)) : s);
  }

  Schedule random_chain(int depth) {
    std::vector<Part> parts;
    const std::size_t n = 1 + below(3);
    const std::size_t open = below(n + 1);
    for (std::size_t i = 0; i < n; ++i) {
      parts.push_back({expression(depth - 1)});
      if (i != open) parts.back().length = length(100.0 / static_cast<double>(n));
    }
    return chain(parts);
  }

  Length length(double most_percent) {
    switch (below(3)) {
      case 0: return updates(static_cast<double>(1 + below(200)));
      case 1: return epochs(real(0.1, 5.0));
      default: return percent(real(1.0, most_percent));
    }
  }

  Value value(const ParamInfo& p, std::ptrdiff_t lists) {
    if (std::holds_alternative<double>(p.initial)) return real(p.min, std::min(p.max, p.min + 2.0));
    if (std::holds_alternative<int>(p.initial))
      return static_cast<int>(p.min + static_cast<double>(below(5)));
    if (std::holds_alternative<bool>(p.initial)) return below(2) == 0;
    if (std::holds_alternative<Length>(p.initial)) return length(100.0);
    if (std::holds_alternative<Choice>(p.initial))
      return Choice{p.choices[below(p.choices.size())]};
    // Lists that belong together, and texts, stay as they are.
    if (!std::holds_alternative<Lengths>(p.initial) || lists > 1) return p.initial;
    Lengths list;
    double amount = 0.0;
    for (std::size_t n = 1 + below(3); n > 0; --n)
      list.push_back(percent(amount += real(1.0, 30.0)));
    return list;
  }

  std::mt19937 random_;  // its numbers, unlike those of distributions, are the same everywhere
};

}  // namespace anneal::sched
