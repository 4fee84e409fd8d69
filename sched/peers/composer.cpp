// MosaicML Composer: composer.optim's schedulers. Their times are written "0.1dur", "10ba" or
// "1ep"; a part of the run is cut down to whole updates. That is why they become formulas here.
#include <array>
#include <charconv>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"

namespace anneal::sched::peers {
namespace composer {
namespace {

struct Time {
  double value;
  std::string unit;  ///< "dur", "ba" or "ep"
};

Time read_time(const Arguments& a, std::string_view name, const python::Value& v) {
  const auto* text = std::get_if<std::string>(&v.is);
  double value = 0.0;
  std::string_view unit;
  if (text != nullptr) {
    const auto [end, error] =
        std::from_chars(text->data(), text->data() + text->size(), value, std::chars_format::fixed);
    if (error == std::errc{})
      unit = std::string_view(*text).substr(static_cast<std::size_t>(end - text->data()));
  }
  if (unit == "tok" || unit == "sp" || unit == "iter" || unit == "sec")
    a.refuse(name, "in '" + std::string(unit) + "' is not translated: give it in dur, ba or ep");
  if (unit != "dur" && unit != "ba" && unit != "ep")
    a.refuse(name, "must be a time such as '0.1dur', '10ba' or '1ep'");
  if (!(value >= 0.0)) a.refuse(name, "must not be negative");
  if (unit != "dur" && value != std::floor(value))
    a.refuse(name, "must be a whole number of " + std::string(unit == "ba" ? "batches" : "epochs"));
  return {value, std::string(unit)};
}
/// In updates, as a formula.
std::string text_of(const Time& time) {
  std::string value = number_text(time.value);
  if (time.unit == "ba") return value;
  if (time.unit == "ep")
    return time.value == 1.0 ? "steps_per_epoch" : value + " * steps_per_epoch";
  return time.value == 1.0 ? "total" : "floor(" + value + " * total)";
}
std::string time(const Arguments& a, std::string_view name) {
  const Time read = read_time(a, name, a.value(name));
  if (read.value == 0.0) a.refuse(name, "must be above 0: Composer divides by it");
  return "(" + text_of(read) + ")";
}

std::string step_text(const Arguments& a) {
  return number_text(a.not_negative("gamma")) + " ** floor(step / " + time(a, "step_size") + ")";
}
std::string multistep_text(const Arguments& a) {
  const auto* list = std::get_if<python::List>(&a.value("milestones").is);
  if (list == nullptr) a.refuse("milestones", "must be a list of times such as '10ba'");
  std::string passed;
  for (const python::Value& item : *list)
    passed += (passed.empty() ? "(step >= " : " + (step >= ") +
              text_of(read_time(a, "milestones", item)) + ")";
  const std::string gamma = number_text(a.not_negative("gamma"));
  return passed.empty() ? "1" : gamma + " ** (" + passed + ")";
}
/// The value at `left`, from 1 down to 0, on the way from 1 to alpha_f.
std::string down_to(double low, const std::string& left) {
  return number_text(low) + " + " + number_text(1.0 - low) + " * " + left;
}
std::string cosine_of(const std::string& done) {
  return "(1 + cos(pi * " + done + ")) / 2";
}
std::string power_of(const Arguments& a, const std::string& done) {
  return "(1 - " + done + ") ** " + number_text(a.not_negative("power"));
}
std::string line_between(const Arguments& a, const std::string& done) {
  const double from = a.not_negative("alpha_i");
  return number_text(from) + " + " + number_text(a.not_negative("alpha_f") - from) + " * " + done;
}
std::string done(const Arguments& a) {
  return "min(1, step / " + time(a, "t_max") + ")";
}

Translation step(const Arguments& a) {
  return {formula(step_text(a))};
}
Translation multistep(const Arguments& a) {
  return {formula(multistep_text(a))};
}
Translation constant(const Arguments& a) {
  const Time end = read_time(a, "t_max", a.value("t_max"));
  return {formula(number_text(a.not_negative("alpha")) + " if step < " + text_of(end) + " else 1")};
}
Translation linear(const Arguments& a) {
  return {formula(line_between(a, done(a)))};
}
Translation exponential(const Arguments& a) {
  return {formula(number_text(a.not_negative("gamma")) + " ** (step / " + time(a, "decay_period") +
                  ")")};
}
Translation cosine(const Arguments& a) {
  return {formula(down_to(a.not_negative("alpha_f"), cosine_of(done(a))))};
}
Translation polynomial(const Arguments& a) {
  return {formula(down_to(a.not_negative("alpha_f"), power_of(a, done(a))))};
}

Translation warm_restarts(const Arguments& a) {
  const Time first_time = read_time(a, "t_0", a.value("t_0"));
  const double growth = a.positive("t_mult");
  const double low = a.not_negative("alpha_f");
  const std::string length = time(a, "t_0");
  if (growth == 1.0)
    return {formula(down_to(low, cosine_of("(step % " + length + ") / " + length)))};
  if (growth < 1.0)
    a.refuse("t_mult", "below 1 ends in a cycle of no update, which Composer refuses");
  if (first_time.unit == "dur" || growth != std::floor(growth))
    a.refuse("t_mult", "other than 1 is translated for whole numbers and a t_0 in ba or ep alone");
  Cycles how;
  how.first = first_time.unit == "ba" ? updates(first_time.value) : epochs(first_time.value);
  how.growth = growth;
  return {endless(cycles(how, cosine_to(low)))};
}

/// From 0 to `top`, and then the formula.
Translation warmed(const Arguments& a, double top, const std::string& rest) {
  a.yes("scale_warmup");  // it stretches with Trainer's scale_schedule_ratio, and not without
  const Time warmup = read_time(a, "t_warmup", a.value("t_warmup"));
  if (warmup.value == 0.0) return {formula(rest)};
  const std::string length = "(" + text_of(warmup) + ")";
  return {
      formula(number_text(top) + " * step / " + length + " if step < " + length + " else " + rest)};
}
/// How much of the time from the warmup to t_max is done; none if there is none.
std::string done_after_warmup(const Arguments& a) {
  const Time end = read_time(a, "t_max", a.value("t_max"));
  if (end.unit == "dur" && end.value < 1.0)
    a.refuse("t_max", "must not end before the run does: Composer refuses it");
  const Time warmup = read_time(a, "t_warmup", a.value("t_warmup"));
  if (warmup.value == 0.0) return "min(1, step / " + time(a, "t_max") + ")";
  const std::string begin = text_of(warmup);
  const std::string whole = text_of(end);
  return "(min(1, (step - " + begin + ") / (" + whole + " - " + begin + ")) if " + whole + " > " +
         begin + " else 0)";
}
Translation multistep_with_warmup(const Arguments& a) {
  return warmed(a, 1.0, multistep_text(a));
}
Translation constant_with_warmup(const Arguments& a) {
  const double alpha = a.not_negative("alpha");
  done_after_warmup(a);  // to see that t_max is one
  return warmed(a, alpha, number_text(alpha));
}
Translation linear_with_warmup(const Arguments& a) {
  return warmed(a, a.not_negative("alpha_i"), line_between(a, done_after_warmup(a)));
}
Translation cosine_with_warmup(const Arguments& a) {
  return warmed(a, 1.0, down_to(a.not_negative("alpha_f"), cosine_of(done_after_warmup(a))));
}
Translation polynomial_with_warmup(const Arguments& a) {
  return warmed(a, 1.0, down_to(a.not_negative("alpha_f"), power_of(a, done_after_warmup(a))));
}

constexpr std::string_view counts_warmup =
    "t_max counts the warmup, whose first update runs at 0. A t_max that ends before the run is an "
    "error in Composer.";

}  // namespace
}  // namespace composer

Peer composer_peer() {
  using namespace composer;
  static constexpr std::array classes{
      Class{"StepScheduler", "step_size, gamma=0.1", "step_size='30ba'", step, ""},
      Class{"MultiStepScheduler", "milestones, gamma=0.1", "milestones=['0.5dur', '0.75dur']",
            multistep, ""},
      Class{"ConstantScheduler", "alpha=1.0, t_max='1dur'", "alpha=0.5, t_max='20ba'", constant,
            "After t_max it is 1."},
      Class{"LinearScheduler", "alpha_i=1.0, alpha_f=0.0, t_max='1dur'", "", linear,
            "It falls, where PyTorch's LinearLR climbs."},
      Class{"ExponentialScheduler", "gamma, decay_period='1ep'", "gamma=0.5, decay_period='20ba'",
            exponential, ""},
      Class{"CosineAnnealingScheduler", "t_max='1dur', alpha_f=0.0", "", cosine,
            "Past t_max it holds, where PyTorch's climbs again."},
      Class{"CosineAnnealingWarmRestartsScheduler", "t_0, t_mult=1.0, alpha_f=0.0",
            "t_0='10ba', t_mult=2.0", warm_restarts, ""},
      Class{"PolynomialScheduler", "power, t_max='1dur', alpha_f=0.0", "power=2.0", polynomial, ""},
      Class{"MultiStepWithWarmupScheduler", "t_warmup, milestones, gamma=0.1, scale_warmup=False",
            "t_warmup='0.1dur', milestones=['0.5dur', '0.75dur']", multistep_with_warmup,
            "The first update runs at 0. A milestone in the warmup acts when that ends."},
      Class{"ConstantWithWarmupScheduler", "t_warmup, alpha=1.0, t_max='1dur', scale_warmup=False",
            "t_warmup='0.1dur'", constant_with_warmup, counts_warmup},
      Class{"LinearWithWarmupScheduler",
            "t_warmup, alpha_i=1.0, alpha_f=0.0, t_max='1dur', scale_warmup=False",
            "t_warmup='0.1dur'", linear_with_warmup, counts_warmup},
      Class{"CosineAnnealingWithWarmupScheduler",
            "t_warmup, t_max='1dur', alpha_f=0.0, scale_warmup=False", "t_warmup='0.1dur'",
            cosine_with_warmup, counts_warmup},
      Class{"PolynomialWithWarmupScheduler",
            "t_warmup, power=2.0, t_max='1dur', alpha_f=0.0, scale_warmup=False",
            "t_warmup='0.1dur'", polynomial_with_warmup, counts_warmup},
  };
  return {"composer", "MosaicML Composer", classes, false};
}

}  // namespace anneal::sched::peers
