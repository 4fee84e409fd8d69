#pragma once
#include <cmath>

#include "sched/registry.h"

namespace anneal::sched {

/// The paper's rate is width^-0.5 min(n^-0.5, n warmup^-1.5) at update n, counted from 1: with
/// `width` it is that, for a base rate of 1 (or the factor that it is often multiplied by).
/// Without, its peak is 1, so that the base rate is the highest.
struct Noam {
  Length warmup = percent(10);
  int width = 0;

  static constexpr std::string_view name = "noam";
  static constexpr std::string_view help =
      "The transformer's: a straight warmup, then it falls like 1 / sqrt(time).";
  static constexpr std::string_view when =
      "To reproduce transformers trained as in their first paper; inverse_sqrt is its decay.";
  static constexpr std::array<std::string_view, 3> shown{"noam", "noam:warmup=4%",
                                                         "noam:warmup=30%"};
  static constexpr std::string_view formula =
      "min((step + 1) ** -0.5, (step + 1) * warmup ** -1.5) * (warmup if width == 0 else 1 / "
      "max(width, 1)) ** 0.5";
  static constexpr std::string_view source =
      "Vaswani et al., Attention Is All You Need, 2017, section 5.3, eq. 3";
  static constexpr auto params() {
    return std::array{
        param<&Noam::warmup>("warmup", "the way up to the peak"),
        param<&Noam::width>("width", 0, 1000000, "",
                            "of the model (d_model), for the paper's own rates; 0: the peak is 1")};
  }

  double operator()(const Clock& now) const {
    const double n = now.elapsed() + 1.0;
    const double rise = warmup.in(now);
    const double scale = std::sqrt(width == 0 ? rise : 1.0 / width);
    return scale * std::min(1.0 / std::sqrt(n), n * std::pow(rise, -1.5));
  }
};
inline const bool noam_registered = add<Noam>();

}  // namespace anneal::sched
