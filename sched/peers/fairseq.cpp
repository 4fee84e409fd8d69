// fairseq: fairseq.optim.lr_scheduler. The base rate is its --lr.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/interpolated.h"
#include "sched/schedules/inverse_sqrt.h"
#include "sched/schedules/piecewise.h"
#include "sched/schedules/plateau.h"
#include "sched/schedules/polynomial.h"
#include "sched/schedules/step.h"
#include "sched/schedules/warmup.h"

namespace anneal::sched::peers {
namespace fairseq {
namespace {

/// Where the warmup begins: warmup_init_lr, or a default if that is negative.
double warmup_from(const Arguments& a, double usual) {
  return a.number("warmup_init_lr") < 0.0 ? usual : a.rate("warmup_init_lr");
}

Translation cosine(const Arguments& a) {
  const double warmup = a.whole("warmup_updates");
  if (a.rate("min_lr") >= 1.0) a.refuse("min_lr", "must be below the learning rate, in fairseq");
  double period = a.number("lr_period_updates");
  if (period > 0.0) {
    a.whole("lr_period_updates", 1);
    a.ignore({"max_update"});
  } else {
    if (!a.given("max_update")) a.refuse("max_update", "or lr_period_updates must be given");
    period = a.whole("max_update", 1) - warmup;
  }
  if (period <= 0.0) a.refuse("max_update", "must be more than the warmup");
  Cycles how;
  how.first = updates(period);
  how.growth = a.growth("t_mult");
  how.decay = a.positive("lr_shrink");
  const double from = warmup_from(a, a.rate("min_lr"));
  return {then(warmup, line(from, 1.0), endless(cycles(how, cosine_to(a.rate("min_lr")))))};
}
Translation inverse_sqrt(const Arguments& a) {
  const double warmup = a.whole("warmup_updates");
  if (warmup == 0.0) a.refuse("warmup_updates", "must be above 0: fairseq divides by it");
  const double from = warmup_from(a, 0.0);
  return {then(warmup, line(from, 1.0), make(InverseSqrt{.timescale = updates(warmup)}))};
}
Translation polynomial_decay(const Arguments& a) {
  if (a.given("force_anneal")) a.refuse("force_anneal", "is not translated");
  const double warmup = a.whole("warmup_updates");
  const double rest = a.whole("total_num_update", 1) - warmup;
  if (rest <= 0.0) a.refuse("total_num_update", "must be more than the warmup");
  return {then(warmup, line(0.0, 1.0),
               over(updates(rest), make(Polynomial{.power = a.power("power"),
                                                   .floor = a.rate("end_learning_rate")})))};
}
Translation tri_stage(const Arguments& a) {
  std::vector<double> lengths{a.whole("warmup_steps"), a.whole("hold_steps"),
                              a.whole("decay_steps")};
  if (!a.given("phase_ratio")) {
    a.ignore({"max_update"});
  } else {
    const std::vector<double> ratios = a.not_negative_numbers("phase_ratio");
    if (ratios.size() != 3) a.refuse("phase_ratio", "must be three numbers");
    if (ratios[0] + ratios[1] + ratios[2] != 1.0)
      a.refuse("phase_ratio", "must sum to 1, to the last bit: fairseq compares");
    if (!a.given("max_update")) a.refuse("max_update", "must be given with phase_ratio");
    for (std::size_t i = 0; i < 3; ++i)
      lengths[i] = std::floor(ratios[i] * a.whole("max_update", 1));
  }
  if (lengths[2] == 0.0)
    a.refuse(a.given("phase_ratio") ? "phase_ratio" : "decay_steps",
             "must leave updates for the decay: fairseq divides by them");
  const double end = a.positive("final_lr_scale");
  return {joined({line(a.not_negative("init_lr_scale"), 1.0), number(1.0),
                  make(Exponential{.gamma = end}), number(end)},
                 {lengths[0], lengths[0] + lengths[1], lengths[0] + lengths[1] + lengths[2]})};
}
Translation triangular(const Arguments& a) {
  a.positive("max_lr");
  const double top = a.rate("max_lr");
  if (top <= 1.0) a.refuse("max_lr", "must be more than the learning rate, in fairseq");
  const double low = 1.0 / top;  // the base rate is the low one
  const double half = std::floor(a.whole("lr_period_updates", 2) / 2.0);
  Cycles how;
  how.first = updates(2.0 * half);
  how.decay = a.positive("lr_shrink");
  const bool whole_shrinks = a.yes("shrink_min");
  if (!whole_shrinks) how.floor = low;
  how.below_floor = how.floor > 0.0 && (how.decay != 1.0 || how.floor > 1.0);
  const double bottom = whole_shrinks ? low : 0.0;
  return {top * endless(cycles(how, make(Interpolated{.at = {percent(50), percent(100)},
                                                      .values = {bottom, 1.0, bottom}})))};
}
Translation step(const Arguments& a) {
  const Schedule drops = make(StepDecay{.gamma = a.not_negative("lr_decay"),
                                        .every = updates(a.whole("lr_deacy_period", 1))});
  const double floor = a.rate("min_lr");
  const double from = warmup_from(a, floor);
  return {then(a.whole("warmup_updates"), line(from, 1.0),
               floor > 0.0 ? max(drops, number(floor)) : drops)};
}
Translation fixed(const Arguments& a) {
  const std::vector<double> rates = a.not_negative_numbers("lr");
  if (rates.empty()) a.refuse("lr", "must be a list of rates, one an epoch");
  const double epoch = a.whole("updates_per_epoch", 1);
  Piecewise listed{.at = {}, .values = {}};
  const double anneal = a.given("force_anneal") ? a.whole("force_anneal", 1) : 1e9;
  for (std::size_t e = 0; e < rates.size(); ++e) {
    if (static_cast<double>(e) + 1.0 >= anneal) break;
    if (e > 0) listed.at.push_back(updates(static_cast<double>(e) * epoch));
    listed.values.push_back(a.rate("lr", rates[e]));
  }
  const double last = a.rate("lr", rates.back());
  Schedule s = number(last);
  if (a.given("force_anneal")) {  // from that epoch, shrunk once more at each
    const double shrink = a.not_negative("lr_shrink");
    s = last * shrink * make(StepDecay{.gamma = shrink, .every = updates(epoch)});
    if (!listed.values.empty()) s = then((anneal - 1.0) * epoch, make(listed), s);
  } else {
    s = make(listed);
  }
  const double warmup = a.whole("warmup_updates");
  return {warmup > 0.0 ? then(warmup, make(Warmup{}), number(1.0)) * s : s};
}
Translation plateau(const Arguments& a) {
  a.ignore({"updates_per_epoch"});  // its evaluations are those of the log
  Plateau p;
  p.factor = a.not_negative("lr_shrink");
  if (p.factor >= 1.0) a.refuse("lr_shrink", "must be below 1");
  p.patience = a.count("lr_patience");
  p.threshold = a.not_negative("lr_threshold");
  p.signed_threshold = true;
  p.maximize = a.yes("maximize_best_checkpoint_metric");
  p.smallest_change = std::min(1.0, a.of_base(1e-8));
  const double from = warmup_from(a, 0.0);
  return {then(a.whole("warmup_updates"), line(from, 1.0), make(p))};
}
/// The rates are in force from the given epoch or update on.
Translation manual(const Arguments& a) {
  const auto by_epoch = a.steps("epoch2lr");
  const auto by_update = a.steps("update2lr");
  if (by_epoch.empty() == by_update.empty())
    a.refuse("epoch2lr", "or update2lr must be given, and only one of them");
  const double epoch = a.whole("updates_per_epoch", 1);
  Piecewise p{.at = {}, .values = {1.0}};
  for (const auto& [place, rate] : by_epoch.empty() ? by_update : by_epoch) {
    // Epochs are counted from 1.
    const double begin = by_epoch.empty() ? place : std::max(place - 1.0, 0.0) * epoch;
    p.at.push_back(updates(begin));
    p.values.push_back(a.rate(by_epoch.empty() ? "update2lr" : "epoch2lr", rate));
  }
  return {make(p)};
}
Translation pass_through(const Arguments& /*unused*/) {
  return {number(1.0)};
}

}  // namespace
}  // namespace fairseq

Peer fairseq_peer() {
  using namespace fairseq;
  static constexpr std::array classes{
      Class{"cosine",
            "max_update=None, warmup_updates=0, warmup_init_lr=-1, min_lr=0.0, t_mult=1.0, "
            "lr_period_updates=-1, lr_shrink=0.1",
            "warmup_updates=10, lr_period_updates=30, lr_shrink=0.5", cosine,
            "lr_shrink lowers the lowest rate too."},
      Class{"inverse_sqrt", "warmup_updates=4000, warmup_init_lr=-1", "warmup_updates=10",
            inverse_sqrt, ""},
      Class{
          "polynomial_decay",
          "total_num_update, warmup_updates=0, end_learning_rate=0.0, power=1.0, force_anneal=None",
          "total_num_update=100, warmup_updates=10", polynomial_decay, ""},
      Class{"tri_stage",
            "warmup_steps=0, hold_steps=0, decay_steps=0, phase_ratio=None, max_update=None, "
            "init_lr_scale=0.01, final_lr_scale=0.01",
            "warmup_steps=10, hold_steps=40, decay_steps=50", tri_stage, ""},
      Class{"triangular", "max_lr, lr_period_updates=5000, lr_shrink=0.1, shrink_min=False",
            "max_lr=2.0, lr_period_updates=20, lr_shrink=0.5", triangular,
            "An odd period is shortened by one."},
      Class{"step",
            "lr_deacy_period=25000, lr_decay=0.5, warmup_updates=0, warmup_init_lr=-1, min_lr=0.0",
            "lr_deacy_period=30", step, "The misspelt lr_deacy_period is fairseq's."},
      Class{"fixed", "lr, force_anneal=None, lr_shrink=0.1, warmup_updates=0, updates_per_epoch=1",
            "lr=[1.0, 0.5, 0.1], updates_per_epoch=30", fixed, ""},
      Class{"reduce_lr_on_plateau",
            "lr_patience=0, lr_shrink=0.1, lr_threshold=1e-4, warmup_updates=0, warmup_init_lr=-1, "
            "maximize_best_checkpoint_metric=False, updates_per_epoch=1",
            "lr_patience=5", plateau, ""},
      Class{"manual", "epoch2lr=None, update2lr=None, updates_per_epoch=1",
            "update2lr={30: 0.5, 60: 0.1}", manual, ""},
      Class{"pass_through", "", "", pass_through, ""},
  };
  return {"fairseq", "fairseq", classes, false};
}

}  // namespace anneal::sched::peers
