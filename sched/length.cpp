#include "sched/length.h"

#include <array>
#include <charconv>
#include <cmath>

#include "sched/fail.h"

namespace anneal::sched {

std::string number_text(double value) {
  std::array<char, 32> buffer{};  // the longest double needs 24
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

void fail_without_epoch() {
  fail(
      "how many updates an epoch has is not known: Clock::at(step, total, steps_per_epoch), or "
      "Run");
}

double Length::in(const Clock& now) const {
  switch (unit) {
    case Unit::updates: return amount;
    case Unit::epochs: return amount * now.epoch();
    case Unit::percent: break;
  }
  return amount * now.total / 100.0;
}

double Length::steps_in(const Clock& now) const {
  return std::round(in(now));
}

std::string Length::text() const {
  constexpr std::array suffix{"", "ep", "%"};
  return number_text(amount) + suffix[static_cast<std::size_t>(unit)];
}

std::string text(const Lengths& lengths) {
  std::string text = "[";
  for (const Length& length : lengths) text += (text.size() == 1 ? "" : ",") + length.text();
  return text + "]";
}

}  // namespace anneal::sched
