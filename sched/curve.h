#pragma once
#include <array>
#include <cmath>
#include <numbers>
#include <string>
#include <string_view>

namespace anneal::sched {

/// How a value goes from one level to another.
enum class Curve { linear, cosine, exponential, sqrt, square, mirror_cosine };

inline constexpr std::array<std::string_view, 6> curve_words{"linear", "cosine", "exponential",
                                                             "sqrt",   "square", "mirror_cosine"};
constexpr const auto& choices(Curve /*unused*/) {
  return curve_words;
}

/// (1 + cos(pi x)) / 2, written cos^2(pi x / 2): the sum loses all its digits near its zeros.
inline double half_cosine(double x) {
  const double turn = std::fmod(x, 2.0);  // exact, and so is the zero
  if (std::abs(turn) == 1.0) return 0.0;
  const double c = std::cos(0.5 * std::numbers::pi * turn);
  return c * c;
}

/// The value at x in [0, 1] on the way from `from` to `to`; both ends are exact.
///   sqrt: fast at first, "1 - sqrt" downwards; square: slow at first; mirror_cosine: as far from
///   the line as cosine is, on its other side (Haegele et al., 2024, appendix). An exponential from
///   or to 0 is 0 all the way.
inline double between(double from, double to, double x, Curve curve) {
  if (x <= 0.0) return from;
  if (x >= 1.0) return to;
  const auto mix = [&](double done) { return from + (to - from) * done; };
  switch (curve) {
    case Curve::linear: return mix(x);
    case Curve::cosine: return to + (from - to) * half_cosine(x);
    case Curve::exponential: return from == 0.0 || to == 0.0 ? 0.0 : from * std::pow(to / from, x);
    case Curve::sqrt: return mix(std::sqrt(x));
    case Curve::square: return mix(x * x);
    case Curve::mirror_cosine: break;
  }
  return mix(2.0 * x - (1.0 - half_cosine(x)));
}

/// The same as an expression over step, on its way from `begin` to `end`.
std::string between_text(double from, double to, double begin, double end, Curve curve);

}  // namespace anneal::sched
