#pragma once
#include <string>

#include "random_schedule.h"

/// Texts of all schedules and combinators with anything from the harmless to the extreme in every
/// place: many are refused, and whatever is not must be evaluated in bounded time.
namespace anneal::sched {

class RandomText {
 public:
  explicit RandomText(unsigned seed) : random_(seed) {}

  std::string expression(int depth) {
    if (depth == 0) return leaf();
    const auto inner = [&] {
      return expression(static_cast<int>(below(static_cast<std::size_t>(depth))));
    };
    switch (below(17)) {
      case 0: return "(" + inner() + ") + (" + inner() + ")";
      case 1: return "(" + inner() + ") * (" + inner() + ")";
      case 2: return "max(" + inner() + ", " + inner() + ")";
      case 3: return "min(" + inner() + ", " + inner() + ")";
      case 4: return "clamp(" + number() + ", " + number() + ", " + inner() + ")";
      case 5: return "repeat(" + number() + ", " + inner() + ")";
      case 6: return "repeat(" + std::to_string(1 + below(5)) + ", " + inner() + ")";
      case 7: return "reverse(" + inner() + ")";
      case 8: return "stretch(" + number() + ", " + inner() + ")";
      case 9: return "offset(" + length() + ", " + inner() + ")";
      case 10: return "over(" + length() + ", " + inner() + ")";
      case 11: return "endless(" + inner() + ")";
      case 12: return "per_epoch(" + inner() + ")";
      case 13: return "cumulative(" + inner() + ")";
      case 14: {
        std::string text = "cycles(" + length();
        for (const char* key : {"growth", "decay", "floor"})
          if (below(2) == 0) text += std::string(", ") + key + "=" + number();
        if (below(3) == 0) text += ", limit=" + std::to_string(below(4));
        if (below(3) == 0) text += ", below_floor=true";
        return text + ", " + inner() + ")";
      }
      default: {
        std::string text;
        for (std::size_t n = 1 + below(3); n > 0; --n)
          text += "(" + inner() + ")@" + length() + " | ";
        return text + "(" + inner() + ")";
      }
    }
  }

  std::size_t below(std::size_t n) { return random_.below(n); }

 private:
  std::string leaf() {
    if (below(4) == 0) return number();
    const Entry& entry = registry()[below(registry().size())];
    std::string text = entry.name;
    char separator = ':';
    for (const ParamInfo& p : entry.params) {
      if (below(3) == 0) continue;
      const std::string value = value_of(p);
      if (value.empty()) continue;
      text += separator + p.name + "=" + value;
      separator = ',';
    }
    return text;
  }

  std::string value_of(const ParamInfo& p) {
    if (std::holds_alternative<double>(p.initial) || std::holds_alternative<int>(p.initial)) {
      const bool whole = std::holds_alternative<int>(p.initial);
      switch (below(3)) {
        case 0: return number_text(below(2) == 0 ? p.min : p.max);
        case 1:
          return number_text(whole ? p.min + static_cast<double>(below(3))
                                   : random_.real(p.min, std::min(p.max, p.min + 2.0)));
        default: return number();
      }
    }
    if (std::holds_alternative<bool>(p.initial)) return below(2) == 0 ? "true" : "false";
    if (std::holds_alternative<Length>(p.initial)) return length();
    if (std::holds_alternative<Choice>(p.initial))
      return std::string(p.choices[below(p.choices.size())]);
    return {};
  }

  std::string number() {
    constexpr std::array extremes{"0",    "1",    "2",   "0.5",   "1e-9",   "1e-300",     "5e-324",
                                  "1e15", "1e16", "1e9", "1e308", "100000", "0.999999999"};
    return below(2) == 0 ? extremes[below(extremes.size())] : number_text(random_.real(0.0, 3.0));
  }
  std::string length() {
    const std::array units{"", "ep", "%"};
    if (below(2) == 0) return std::to_string(1 + below(60)) + units[below(3)];
    return number() + units[below(3)];
  }

  RandomSchedule random_;
};

}  // namespace anneal::sched
