#pragma once
#include <algorithm>
#include <cmath>
#include <deque>
#include <limits>
#include <numbers>

#include "sched/registry.h"

namespace anneal::sched {

/// Asks of the training losses, not of an evaluation: how far back can one go and still not be
/// sure that they fall? A line is fitted to the last n losses for every n up to `patience`; the
/// steps without progress are the largest n for which the probability of a falling line is below
/// 0.51. When that is all of them, both with and without the highest tenth (single bad batches),
/// the factor drops, and old losses are forgotten so that the new rate has a chance.
///
/// A check costs two passes over `patience` losses, and is made every patience / 200 losses.
struct Stalled {
  double factor = 0.1;
  int patience = 2000;
  int dump = 400;

  static constexpr std::string_view name = "stalled";
  static constexpr std::string_view help =
      "Falls by a factor when the training loss has probably stopped falling.";
  static constexpr std::string_view when =
      "For long runs without a validation set: the training loss of each update counts.";
  static constexpr std::array<std::string_view, 3> shown{
      "stalled:patience=30", "stalled:patience=20,factor=0.5", "stalled:patience=40"};
  static constexpr std::string_view formula = "factor ^ (number of drops)";
  static constexpr std::string_view source =
      "dlib's dnn_trainer; King, Automatic Learning Rate Scheduling That Really Works, 2018";
  static constexpr auto params() {
    return std::array{
        param<&Stalled::factor>("factor", 0.0, 1.0, "factor", "multiplies the factor at each drop"),
        param<&Stalled::patience>("patience", 3, 10000000, "losses",
                                  "so many without progress make it drop"),
        param<&Stalled::dump>("dump", 0, 10000000, "losses",
                              "forgotten at a drop, besides a tenth of patience")};
  }

  struct State {
    double current = 1.0;
    std::deque<double> losses;  ///< the newest, `patience` at most
    int unchecked = 0;          ///< 200 for each loss since the last check
  };

  void observe(State& s, const Observation& seen) const {
    if (!std::isfinite(seen.loss)) return;  // no line goes through it
    s.losses.push_back(seen.loss);
    if (s.losses.size() > static_cast<std::size_t>(patience)) s.losses.pop_front();
    s.unchecked += 200;
    if (s.unchecked <= patience) return;
    s.unchecked = 0;
    const auto enough = static_cast<std::size_t>(patience);
    if (without_progress(s.losses, std::numeric_limits<double>::infinity()) < enough ||
        without_progress(s.losses, upper_decile(s.losses)) < enough)
      return;
    s.current *= factor;
    const auto forgotten =
        std::min(s.losses.size(), static_cast<std::size_t>(dump + patience / 10));
    s.losses.erase(s.losses.begin(), s.losses.begin() + static_cast<std::ptrdiff_t>(forgotten));
  }
  double answer(const State& s) const { return s.current; }

 private:
  /// A line y = slope x + level through y_0, y_1, ..., by recursive least squares with a prior
  /// covariance of 10^6.
  class Line {
   public:
    void add(double y) {
      const double x = n_++;
      const double gain_slope = a_ * x + b_;  // the covariance [a b; b d] times (x, 1)
      const double gain_level = b_ * x + d_;
      const double scale = 1.0 + x * gain_slope + gain_level;
      a_ -= gain_slope * gain_slope / scale;
      b_ -= gain_slope * gain_level / scale;
      d_ -= gain_level * gain_level / scale;
      const double error = y - slope_ * x - level_;
      slope_ += (a_ * x + b_) * error;
      level_ += (b_ * x + d_) * error;
      const double left = y - slope_ * x - level_;
      squares_ += left * left * scale;
    }
    /// The probability that the slope is above 0; asks for three points.
    double probability_rising() const {
      const double deviation = std::sqrt(squares_ / (n_ - 2.0) * 12.0 / (n_ * n_ * n_ - n_));
      if (deviation == 0.0) return slope_ > 0.0 ? 1.0 : slope_ < 0.0 ? 0.0 : 0.5;
      return 1.0 - 0.5 * std::erfc(slope_ / deviation / std::numbers::sqrt2);
    }
    double size() const { return n_; }

   private:
    double n_ = 0.0;
    double a_ = 1e6;
    double b_ = 0.0;
    double d_ = 1e6;
    double slope_ = 0.0;
    double level_ = 0.0;
    double squares_ = 0.0;
  };

  /// Backwards in time a falling loss rises. Losses above `highest` are counted but not fitted.
  static std::size_t without_progress(const std::deque<double>& losses, double highest) {
    Line line;
    std::size_t count = 0;
    for (std::size_t back = 1; back <= losses.size(); ++back) {
      const double loss = losses[losses.size() - back];
      if (loss <= highest) line.add(loss);
      if (line.size() > 2.0 && line.probability_rising() < 0.51) count = back;
    }
    return count;
  }

  static double upper_decile(std::deque<double> losses) {
    const double place = std::round(static_cast<double>(losses.size() - 1) * 0.9);
    const auto nth = losses.begin() + static_cast<std::ptrdiff_t>(place);
    std::ranges::nth_element(losses, nth);
    return *nth;
  }
};
inline const bool stalled_registered = add<Stalled>();

}  // namespace anneal::sched
