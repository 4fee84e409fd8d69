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
  const double decay = std::floor(a.between("fract_decay", 0.0, 1.0) * steps);
  const double floor = a.not_negative("final_lr_factor");
  const double warmup = a.whole("n_warmup");
  if (warmup > steps - decay)
    a.refuse("n_warmup", "must end before the decay begins, at " + number_text(steps - decay));
  const std::string type = a.word(
      "decay_type", {"linear", "cosine", "miror_cosine", "mirror_cosine", "square", "sqrt", "exp"});
  const Curve curve = type == "linear"   ? Curve::linear
                      : type == "cosine" ? Curve::cosine
                      : type == "square" ? Curve::square
                      : type == "sqrt"   ? Curve::sqrt
                      : type == "exp"    ? Curve::exponential
                                         : Curve::mirror_cosine;
  return {joined({line(a.one_over("init_div_factor"), 1.0), number(1.0),
                  make(Interpolated{.at = {percent(100)}, .values = {1.0, floor}, .curve = curve}),
                  number(floor)},
                 {warmup, steps - decay, steps})};
}
Translation cos_inf(const Arguments& a) {
  const double warmup = a.whole("n_warmup");
  const double end = a.whole("n_iterations", 1) - a.whole("n_inf");
  if (end < warmup) a.refuse("n_inf", "leaves nothing between the warmup and the constant end");
  const double start = a.one_over("div_factor");
  const double floor = start * a.one_over("final_div_factor");
  if (floor > Arguments::largest)
    a.refuse_here("final_div_factor", "makes the last rate more than " +
                                          number_text(Arguments::largest) + " times the base rate");
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
