#include "apps/view/scale.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace anneal::apps {
namespace {

// Between these magnitudes nothing here overflows or underflows.
constexpr double smallest = 1e-300;
constexpr double largest = 1e300;

// 1e-05 as 1e-5.
std::string scientific(double value, int decimals) {
  std::string text = fmt::format("{:.{}e}", value, std::clamp(decimals, 0, 16));
  const auto sign = text.find('e') + 1;
  const auto digits = text.find_first_not_of('0', sign + 1);
  text.erase(sign + 1, std::min(digits, text.size() - 1) - sign - 1);
  if (text[sign] == '+') text.erase(sign, 1);
  return text;
}

int exponent(double value) {
  return static_cast<int>(std::floor(std::log10(std::abs(value))));
}

// A multiple of `step` with just the digits that tell it from the others, in a unit that suits
// `extent`, the largest of them.
std::string tick_text(double value, double step, double extent) {
  constexpr double slack = 1e-9;  // 999.9999999 is a rounded 1000
  if (value == 0.0) return "0";
  const int last_digit = exponent(step * (1.0 + slack));
  const auto plain = [=](int unit) {
    return fmt::format("{:.{}f}", value / std::pow(10.0, unit), std::max(unit - last_digit, 0));
  };
  if (extent >= 1e9 || extent < 1e-3) {
    return scientific(value, exponent(value * (1.0 + slack)) - last_digit);
  }
  if (extent >= 1e6) return plain(6) + "M";
  if (extent >= 1e4) return plain(3) + "k";
  return plain(0);
}

// The smallest of 1, 2, 5, 10 times a power of ten that is not below `least`.
double round_up(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double digit : {1.0, 2.0, 5.0}) {
    if (digit * power >= least * (1.0 - 1e-9)) return digit * power;
  }
  return 10.0 * power;
}

}  // namespace

Scale::Scale(double low, double high, Kind kind, Ends ends, int ticks)
    : low_(low), high_(high), kind_(kind) {
  // Ends that a double can hardly tell apart have no round values between them.
  const double size = std::max(std::abs(low_), std::abs(high_));
  if (high_ - low_ <= 1e-9 * size || size < smallest) {
    const double middle = low_;
    low_ = kind == Kind::logarithmic ? middle / 2 : middle - size / 2;
    high_ = kind == Kind::logarithmic ? middle * 2 : middle + size / 2;
    if (size < smallest) high_ = 1.0;
  }
  if (kind_ == Kind::logarithmic) {
    logarithmic_ticks(ends, std::max(ticks, 2));
  } else {
    linear_ticks(ends, std::max(ticks, 2));
  }
}

double Scale::operator()(double value) const {
  if (kind_ == Kind::logarithmic) {
    return (std::log(value) - std::log(low_)) / (std::log(high_) - std::log(low_));
  }
  return (value - low_) / (high_ - low_);
}

bool Scale::holds(double value, Kind kind) {
  if (kind == Kind::logarithmic && !(value >= smallest)) return false;
  return std::abs(value) <= largest;
}

void Scale::linear_ticks(Ends ends, int wanted) {
  const double step = round_up((high_ - low_) / wanted);
  const double slack = 1e-9;  // of a step: an end that is a tick stays one
  double first = std::ceil(low_ / step - slack);
  double last = std::floor(high_ / step + slack);
  if (ends == Ends::rounded) {
    first = std::floor(low_ / step + slack);
    last = std::ceil(high_ / step - slack);
    low_ = first * step;
    high_ = last * step;
  }
  const double extent = std::max(std::abs(first), std::abs(last)) * step;
  for (double i = first; i <= last; ++i) {
    ticks_.push_back({i * step, tick_text(i * step, step, extent)});
  }
}

void Scale::logarithmic_ticks(Ends ends, int wanted) {
  const int first = exponent(low_);
  const int last = exponent(high_);
  std::vector<double> candidates;  // decades, thinned when there are many, else 1, 2, 5 of each
  const int stride = 1 + (last - first) / wanted;
  const bool fine = 3 * (last - first) <= wanted;
  for (int power = first; power <= last + stride; power += stride) {
    candidates.push_back(std::pow(10.0, power));
    if (fine) candidates.push_back(2.0 * candidates.back());
    if (fine) candidates.push_back(2.5 * candidates.back());
  }
  if (ends == Ends::rounded) {
    const double slack = 1e-9;
    const auto above = [&](double end) {
      return std::ranges::find_if(candidates, [=](double c) { return c > end; });
    };
    low_ = *(above(low_ * (1.0 + slack)) - 1);
    high_ = *above(std::max(high_ * (1.0 - slack), low_));
  }
  for (const double value : candidates) {
    if (value < low_ * (1.0 - 1e-9) || value > high_ * (1.0 + 1e-9)) continue;
    const bool readable = value >= 0.999e-3 && value < 0.999e4;
    ticks_.push_back({value, readable ? fmt::format("{:g}", value) : scientific(value, 0)});
  }
}

Points drawable(std::span<const Series> series, Scale::Kind y, Scale::Kind x) {
  Points points;
  for (const Series& one : series) {
    for (std::size_t i = 0; i < one.x.size(); ++i) {
      if (!Scale::holds(one.x[i], x) || !Scale::holds(one.y[i], y)) continue;
      points.x.push_back(one.x[i]);
      points.y.push_back(one.y[i]);
    }
  }
  return points;
}

Scale fit(const std::vector<double>& values, Scale::Kind kind, Scale::Ends ends, int ticks) {
  double low = HUGE_VAL;
  double high = -HUGE_VAL;
  for (const double value : values) {
    if (!Scale::holds(value, kind)) continue;
    low = std::min(low, value);
    high = std::max(high, value);
  }
  if (low > high) return {kind == Scale::Kind::linear ? 0.0 : 0.1, 1.0, kind, ends, ticks};
  return {low, high, kind, ends, ticks};
}

}  // namespace anneal::apps
