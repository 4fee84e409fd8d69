// fastai: fastai.callback.schedule. n_iter is the number of batches, epochs times batches an epoch.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/interpolated.h"

namespace anneal::sched::peers {
namespace fastai {
namespace {

Schedule through(const Arguments& a, Numbers values, Lengths at, Curve curve) {
  return over(updates(a.whole("n_iter", 1)),
              make(Interpolated{.at = std::move(at), .values = std::move(values), .curve = curve}));
}
Lengths one_way() {
  return {percent(100)};
}

Translation fit_one_cycle(const Arguments& a) {
  const double n = a.whole("n_iter", 1);
  const Lengths at{updates(a.between("pct_start", 0.0, 1.0) * n), updates(n)};
  const double top = a.not_negative("lr_max");
  Translation out{a.absolute(
      top * through(a, {a.one_over("div"), 1.0, a.one_over("div_final")}, at, Curve::cosine))};
  if (a.given("moms")) {
    const Numbers momenta = a.not_negative_numbers("moms");
    if (momenta.size() != 3) a.refuse("moms", "must be three numbers");
    out.momentum = through(a, momenta, at, Curve::cosine);
  }
  return out;
}
Translation fit_flat_cos(const Arguments& a) {
  const double n = a.whole("n_iter", 1);
  return {a.absolute(a.not_negative("lr") *
                     through(a, {1.0, 1.0, a.one_over("div_final")},
                             {updates(a.between("pct_start", 0.0, 1.0) * n), updates(n)},
                             Curve::cosine))};
}
Translation fit_sgdr(const Arguments& a) {
  a.ignore({"cycle_len"});  // in epochs; n_iter has them in batches
  const double cycles_wanted = a.count("n_cycles", 1);
  const double mult = a.between("cycle_mult", 1.0, Arguments::largest);
  if (mult == 1.0) a.refuse("cycle_mult", "of 1 makes fastai divide by zero");
  const double units = (std::pow(mult, cycles_wanted) - 1.0) / (mult - 1.0);
  if (!(units <= 1e15)) a.refuse("n_cycles", "and cycle_mult make more cycles than can be");
  Cycles how;
  how.first = updates(a.whole("n_iter", 1) / units);
  how.growth = mult;
  how.limit = static_cast<int>(cycles_wanted);
  return {a.absolute(a.not_negative("lr_max") * endless(cycles(how, cosine_to(0.0))))};
}
Translation sched_lin(const Arguments& a) {
  return {a.absolute(
      through(a, {a.not_negative("start"), a.not_negative("end")}, one_way(), Curve::linear))};
}
Translation sched_cos(const Arguments& a) {
  return {a.absolute(
      through(a, {a.not_negative("start"), a.not_negative("end")}, one_way(), Curve::cosine))};
}
Translation sched_exp(const Arguments& a) {
  return {a.absolute(
      through(a, {a.positive("start"), a.positive("end")}, one_way(), Curve::exponential))};
}
Translation sched_no(const Arguments& a) {
  a.ignore({"end", "n_iter"});
  return {a.absolute(number(a.not_negative("start")))};
}
Translation sched_poly(const Arguments& a) {
  return {a.absolute(
      over(updates(a.whole("n_iter", 1)),
           rising_power(a.not_negative("start"), a.not_negative("end"), a.power("power"))))};
}
Translation combined_cos(const Arguments& a) {
  const double n = a.whole("n_iter", 1);
  return {a.absolute(
      through(a, {a.not_negative("start"), a.not_negative("middle"), a.not_negative("end")},
              {updates(a.between("pct", 0.0, 1.0) * n), updates(n)}, Curve::cosine))};
}
Translation lr_find(const Arguments& a) {
  // Batch i runs at (i + 1) / num_it of the way.
  return {a.absolute(
      over(updates(a.whole("num_it", 2)),
           offset(updates(1),
                  over(updates(a.whole("num_it", 2)),
                       make(Interpolated{.at = one_way(),
                                         .values = {a.positive("start_lr"), a.positive("end_lr")},
                                         .curve = Curve::exponential})))))};
}

}  // namespace
}  // namespace fastai

Peer fastai_peer() {
  using namespace fastai;
  static constexpr std::array classes{
      Class{"fit_one_cycle",
            "lr_max, n_iter, div=25.0, div_final=1e5, pct_start=0.25, moms=[0.95, 0.85, 0.95]",
            "lr_max=0.1, n_iter=100", fit_one_cycle,
            "It ends at lr_max / div_final; PyTorch's also divides by div_factor."},
      Class{"fit_flat_cos", "lr, n_iter, div_final=1e5, pct_start=0.75", "lr=0.1, n_iter=100",
            fit_flat_cos, ""},
      Class{"fit_sgdr", "n_cycles, cycle_len, lr_max, n_iter, cycle_mult=2",
            "n_cycles=3, cycle_len=1, lr_max=0.1, n_iter=70", fit_sgdr, ""},
      Class{"SchedLin", "start, end, n_iter", "0.1, 0.01, 100", sched_lin, ""},
      Class{"SchedCos", "start, end, n_iter", "0.1, 0.01, 100", sched_cos, ""},
      Class{"SchedExp", "start, end, n_iter", "0.1, 0.01, 100", sched_exp, ""},
      Class{"SchedPoly", "start, end, power, n_iter", "0.1, 0.01, 2, 100", sched_poly, ""},
      Class{"SchedNo", "start, end, n_iter=1", "0.1, 0.1", sched_no, ""},
      Class{"combined_cos", "pct, start, middle, end, n_iter", "0.3, 0.01, 0.1, 0.0, 100",
            combined_cos, ""},
      Class{"lr_find", "start_lr=1e-7, end_lr=10, num_it=100", "num_it=100", lr_find, ""},
  };
  return {"fastai", "fastai", classes, false};
}

}  // namespace anneal::sched::peers
