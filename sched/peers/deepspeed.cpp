// DeepSpeed: deepspeed.runtime.lr_schedules. Its rates are set anew after each update, those of
// update 0 when the schedule is made: update t runs at what update t - 1 has computed.
#include <algorithm>
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/inverse_time.h"

namespace anneal::sched::peers {
namespace deepspeed {
namespace {

Translation range_test(const Arguments& a) {
  const std::string size = number_text(a.whole("lr_range_test_step_size", 1));
  const std::string interval =
      a.yes("lr_range_test_staircase") ? "floor(step / " + size + ")" : "step / " + size;
  return {
      a.rate("lr_range_test_min_lr") *
      formula("1 + " + number_text(a.not_negative("lr_range_test_step_rate")) + " * " + interval)};
}

/// A half of the cycle, in stairs if there are any; each stair is as high as its lower end.
Schedule half(double length, double from, double to, double stairs, bool up) {
  if (length == 0.0) return number(to);
  if (stairs <= 0.0) return over(updates(length), line(from, to));
  const std::string count = number_text(stairs);
  const std::string done =
      (up ? "step" : "(" + number_text(length) + " - step)") + (" / " + number_text(length));
  const double start = up ? from : to;
  const double end = up ? to : from;
  return formula(number_text(start) + " + " + number_text(end - start) + " * floor(" + done +
                 " * " + count + ") / " + count);
}
/// From low to high and back, and then the rest.
Schedule cycle(const Arguments& a, double low, double high, const Schedule& rest) {
  const double up = a.whole("cycle_first_step_size", 1);
  const double down = a.given("cycle_second_step_size") ? a.whole("cycle_second_step_size") : up;
  const double stairs = a.number("cycle_first_stair_count");
  const double stairs_down =
      a.given("cycle_second_stair_count") ? a.number("cycle_second_stair_count") : stairs;
  return joined(
      {half(up, low, high, stairs, true), half(down, high, low, stairs_down, false), rest},
      {up, up + down});
}
Translation one_cycle(const Arguments& a) {
  const double low = a.rate("cycle_min_lr");
  const double every = a.whole("decay_step_size");
  const double rate = a.not_negative("decay_lr_rate");
  const Schedule tail = every == 0.0 || rate == 0.0
                            ? number(low)
                            : low * make(InverseTime{.rate = rate, .every = updates(every)});
  Translation out{cycle(a, low, a.rate("cycle_max_lr"), tail)};
  const double low_momentum = a.not_negative("cycle_min_mom");
  const double high_momentum = a.not_negative("cycle_max_mom");
  const double growth = a.not_negative("decay_mom_rate");
  if (!a.yes("cycle_momentum")) return out;
  const Schedule end = every == 0.0 || growth == 0.0
                           ? number(high_momentum)
                           : high_momentum * formula("1 + " + number_text(growth) + " * step / " +
                                                     number_text(every));
  // It moves against the rate, but begins low as well.
  const Schedule moved = cycle(a, high_momentum, low_momentum, end);
  out.momentum = endless(first(updates(1), number(low_momentum)) | offset(updates(1), moved));
  return out;
}

/// The warmup counts the updates that were made before the last, so it stands still for one.
Schedule warmed(const Arguments& a, double first_rate, double low, double high,
                const Schedule& rest) {
  const double steps = std::max(a.whole("warmup_num_steps"), 2.0);
  const Schedule rise = a.word("warmup_type", {"log", "linear"}) == "linear"
                            ? line(low, high)
                            : formula(number_text(low) + " + " + number_text(high - low) +
                                      " * log(step + 1) / log(" + number_text(steps) + ")");
  return joined({number(first_rate), rise, rest}, {1.0, steps + 1.0});
}
Translation warmup(const Arguments& a) {
  const double low = a.rate("warmup_min_lr");
  const double high = a.given("warmup_max_lr") ? a.rate("warmup_max_lr") : 1.0;
  return {warmed(a, low, low, high, number(high))};
}
Translation warmup_decay(const Arguments& a) {
  const double low = a.rate("warmup_min_lr");
  const double high = a.rate("warmup_max_lr");
  const double left = a.whole("total_num_steps") - std::max(a.whole("warmup_num_steps"), 2.0);
  return {
      warmed(a, low, low, high, left > 0.0 ? over(updates(left), line(high, low)) : number(low))};
}
Translation warmup_cosine(const Arguments& a) {
  const double left = a.whole("total_num_steps") - std::max(a.whole("warmup_num_steps"), 2.0);
  const double floor = a.not_negative("cos_min_ratio");
  return {warmed(a, 0.0, a.not_negative("warmup_min_ratio"), 1.0,
                 offset(updates(1), over(updates(std::max(left, 1.0)), cosine_to(floor))))};
}

/// The "scheduler" of a configuration file: {"type": "WarmupLR", "params": {...}}.
Translation scheduler(const Arguments& a) {
  python::Value type = a.value("type");
  python::Value params = a.value("params");
  if (const auto* whole = std::get_if<python::Dictionary>(&type.is)) {
    if (a.given("params")) a.refuse("params", "is given twice");
    const python::Dictionary entries = *whole;
    for (const auto& [key, v] : entries) {
      const auto* word = std::get_if<std::string>(&key.is);
      if (word != nullptr && *word == "type")
        type = v;
      else if (word != nullptr && *word == "params")
        params = v;
      else
        a.refuse("type", R"(has the entries "type" and "params" and no other)");
    }
  }
  const auto* name = std::get_if<std::string>(&type.is);
  static constexpr std::array<std::string_view, 5> known{"LRRangeTest", "OneCycle", "WarmupLR",
                                                         "WarmupDecayLR", "WarmupCosineLR"};
  if (name == nullptr || std::ranges::find(known, *name) == known.end())
    a.refuse("type",
             "must be one of 'LRRangeTest', 'OneCycle', 'WarmupLR', 'WarmupDecayLR', "
             "'WarmupCosineLR'");
  const auto* entries = std::get_if<python::Dictionary>(&params.is);
  if (entries == nullptr) a.refuse("params", "must be a dictionary");
  std::vector<python::Keyword> set;
  for (const auto& [key, v] : *entries) {
    const auto* word = std::get_if<std::string>(&key.is);
    if (word == nullptr) a.refuse("params", "must have names as keys");
    set.push_back({*word, v});
    // JSON's words for True and False.
    if (const auto* call = std::get_if<python::Call>(&v.is); call != nullptr)
      if (call->path == "true" || call->path == "false") set.back().value.is = call->path == "true";
  }
  return a.as("deepspeed." + *name, set);
}

constexpr std::string_view stands_still =
    "The first two updates run at the lowest rate, and the usual warmup is logarithmic.";

}  // namespace
}  // namespace deepspeed

Peer deepspeed_peer() {
  using namespace deepspeed;
  static constexpr std::array classes{
      Class{"LRRangeTest",
            "lr_range_test_min_lr=1e-3, lr_range_test_step_size=2000, lr_range_test_step_rate=1.0, "
            "lr_range_test_staircase=False",
            "lr_range_test_min_lr=0.01, lr_range_test_step_size=20", range_test,
            "It climbs for ever."},
      Class{"OneCycle",
            "cycle_min_lr, cycle_max_lr, decay_lr_rate=0.0, cycle_first_step_size=2000, "
            "cycle_second_step_size=None, cycle_first_stair_count=0, "
            "cycle_second_stair_count=None, decay_step_size=0, cycle_momentum=True, "
            "cycle_min_mom=0.8, cycle_max_mom=0.9, decay_mom_rate=0.0",
            "cycle_min_lr=0.01, cycle_max_lr=0.1, cycle_first_step_size=30, decay_lr_rate=1.0, "
            "decay_step_size=10",
            one_cycle,
            "The first update has the lowest momentum, the second the highest. The momentum is "
            "Adam's first beta; other optimizers keep theirs. Older versions ignore the stairs."},
      Class{"WarmupLR",
            "warmup_min_lr=0.0, warmup_max_lr=None, warmup_num_steps=1000, warmup_type='log'",
            "warmup_num_steps=20", warmup, stands_still},
      Class{"WarmupDecayLR",
            "total_num_steps, warmup_min_lr=0.0, warmup_max_lr=0.001, warmup_num_steps=1000, "
            "warmup_type='log'",
            "total_num_steps=100, warmup_max_lr=0.1, warmup_num_steps=10", warmup_decay,
            "As in WarmupLR, but warmup_max_lr is 0.001 if it is not given, whatever the base "
            "rate. It falls to warmup_min_lr, one update late."},
      Class{"WarmupCosineLR",
            "total_num_steps, warmup_min_ratio=0.0, warmup_num_steps=1000, cos_min_ratio=0.0001, "
            "warmup_type='log'",
            "total_num_steps=100, warmup_num_steps=10", warmup_cosine,
            "The first update runs at 0, whatever warmup_min_ratio says."},
      Class{"scheduler", "type, params=None",
            R"({"type": "WarmupLR", "params": {"warmup_max_lr": 0.1}})", scheduler,
            "As a configuration file has it."},
  };
  return {"deepspeed", "DeepSpeed", classes};
}

}  // namespace anneal::sched::peers
