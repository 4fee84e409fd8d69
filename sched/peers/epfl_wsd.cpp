// Haegele et al. 2024: wsd_schedule and cos_inf_schedule of their published code.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/interpolated.h"

namespace anneal::sched::peers {
namespace epfl_wsd {
namespace {

Translation wsd(const Arguments& a) {
  const double steps = a.whole("n_iterations", 1);
  const double decay = std::floor(a.not_negative("fract_decay") * steps);
  const double floor = a.not_negative("final_lr_factor");
  const std::string type = a.word(
      "decay_type", {"linear", "cosine", "miror_cosine", "mirror_cosine", "square", "sqrt", "exp"});
  const Curve curve = type == "linear"   ? Curve::linear
                      : type == "cosine" ? Curve::cosine
                      : type == "square" ? Curve::square
                      : type == "sqrt"   ? Curve::sqrt
                      : type == "exp"    ? Curve::exponential
                                         : Curve::mirror_cosine;
  return {joined({line(1.0 / a.positive("init_div_factor"), 1.0), number(1.0),
                  make(Interpolated{.at = {percent(100)}, .values = {1.0, floor}, .curve = curve}),
                  number(floor)},
                 {a.whole("n_warmup"), steps - decay, steps})};
}
Translation cos_inf(const Arguments& a) {
  const double warmup = a.whole("n_warmup");
  const double end = a.whole("n_iterations", 1) - a.whole("n_inf");
  const double start = 1.0 / a.positive("div_factor");
  const double floor = start / a.positive("final_div_factor");
  return {joined({line(start, 1.0), cosine_to(floor), number(floor)}, {warmup, end})};
}

}  // namespace
}  // namespace epfl_wsd

Peer epfl_wsd_peer() {
  using namespace epfl_wsd;
  static constexpr std::array classes{
      Class{
          "wsd_schedule",
          "n_iterations, final_lr_factor=0.0, n_warmup=1000, init_div_factor=100, fract_decay=0.1, "
          "decay_type='linear'",
          "n_iterations=100, n_warmup=10, fract_decay=0.2, decay_type='sqrt'", wsd,
          "With 'exp' and a final factor of 0 it is 0 at once."},
      Class{"cos_inf_schedule", "n_iterations, n_warmup, div_factor, final_div_factor, n_inf",
            "n_iterations=100, n_warmup=10, div_factor=100, final_div_factor=0.1, n_inf=20",
            cos_inf, ""},
  };
  return {"epfl_wsd", "Haegele et al.'s code", classes};
}

}  // namespace anneal::sched::peers
