// Flux: ParameterSchedulers.jl, its calls written as Python writes them, with names for the
// arguments. Its time is counted from 1: update 0 is its 1.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/exponential.h"
#include "sched/schedules/multistep.h"
#include "sched/schedules/polynomial.h"
#include "sched/schedules/step.h"

namespace anneal::sched::peers {
namespace flux {
namespace {

Translation constant(const Arguments& a) {
  return {number(a.rate("value"))};
}
Translation step(const Arguments& a) {
  const double gamma = a.not_negative("decay");
  if (std::holds_alternative<double>(a.value("step_sizes").is))
    return {a.rate("start") *
            make(StepDecay{.gamma = gamma, .every = updates(a.whole("step_sizes", 1))})};
  MultiStep shape{.gamma = gamma, .at = {}};
  double end = 0.0;
  for (const double size : a.numbers("step_sizes")) {
    if (size != std::floor(size) || size < 1.0)
      a.refuse("step_sizes", "must be whole numbers, at least 1");
    shape.at.push_back(updates(end += size));
  }
  return {a.rate("start") * make(shape)};
}
Translation exponential(const Arguments& a) {
  return {a.rate("start") *
          make(Exponential{.gamma = a.not_negative("decay"), .every = updates(1)})};
}
Translation polynomial(const Arguments& a) {
  const double degree = a.count("degree", 0, 100);
  const double length = a.whole("max_iter", 1);
  if (degree == 0.0) return {number(a.rate("start"))};
  return {a.rate("start") * over(updates(length), make(Polynomial{.power = degree}))};
}
Translation inverse(const Arguments& a) {
  return {a.rate("start") * formula("(1 + " + number_text(a.not_negative("decay")) +
                                    " * step) ** -" + number_text(a.whole("degree")))};
}

/// The lower of l0 and l1, and from there to the higher as far as `wave` says.
Translation between_levels(const Arguments& a, const std::string& wave) {
  const double l0 = a.rate("l0");
  const double l1 = a.rate("l1");
  return {formula(number_text(std::min(l0, l1)) + " + " + number_text(std::abs(l0 - l1)) + " * " +
                  wave)};
}
std::string period(const Arguments& a) {
  return number_text(a.whole("period", 1));
}
std::string triangle_wave(const Arguments& a) {
  return "(1 - abs(1 - 2 * (step % " + period(a) + ") / " + period(a) + "))";
}
std::string sine_wave(const Arguments& a) {
  return "abs(sin(pi * (step % " + period(a) + ") / " + period(a) + "))";
}
std::string halved(const Arguments& a) {
  return " * 0.5 ** floor(step / " + period(a) + ")";
}
std::string decayed(const Arguments& a) {
  return " * " + number_text(a.not_negative("decay")) + " ** step";
}
Translation triangle(const Arguments& a) {
  return between_levels(a, triangle_wave(a));
}
Translation triangle_decay2(const Arguments& a) {
  return between_levels(a, triangle_wave(a) + halved(a));
}
Translation triangle_exp(const Arguments& a) {
  return between_levels(a, triangle_wave(a) + decayed(a));
}
Translation sine(const Arguments& a) {
  return between_levels(a, sine_wave(a));
}
Translation sine_decay2(const Arguments& a) {
  return between_levels(a, sine_wave(a) + halved(a));
}
Translation sine_exp(const Arguments& a) {
  return between_levels(a, sine_wave(a) + decayed(a));
}
Translation cosine(const Arguments& a) {
  const std::string at = a.yes("restart") ? "(step % " + period(a) + ")" : "step";
  return between_levels(a, "(1 + cos(pi * " + at + " / " + period(a) + ")) / 2");
}

Translation sequence(const Arguments& a) {
  const auto* list = std::get_if<python::List>(&a.value("schedules").is);
  if (list == nullptr || list->empty()) a.refuse("schedules", "must be a list");
  const std::vector<double> sizes = a.numbers("step_sizes");
  if (sizes.size() != list->size()) a.refuse("step_sizes", "must be as many as the schedules");
  std::vector<Schedule> stages;
  std::vector<double> ends;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] != std::floor(sizes[i]) || sizes[i] < 1.0)
      a.refuse("step_sizes", "must be whole numbers, at least 1");
    ends.push_back((ends.empty() ? 0.0 : ends.back()) + sizes[i]);
    const auto* rate = std::get_if<double>(&(*list)[i].is);
    if (rate != nullptr && *rate < 0.0) a.refuse("schedules", "must not be negative");
    stages.push_back(rate != nullptr ? number(a.rate("schedules", *rate))
                                     : a.translated((*list)[i]).lr);
  }
  stages.push_back(stages.back());  // after the end the last begins anew
  return {joined(stages, ends)};
}
Translation loop(const Arguments& a) {
  Cycles how;
  how.first = updates(a.whole("period", 1));
  return {endless(cycles(how, a.schedule("f").lr))};
}
Translation shifted(const Arguments& a) {
  const double skipped = a.whole("offset", 1) - 1.0;
  const Schedule s = a.schedule("schedule").lr;
  return {skipped == 0.0 ? s : offset(updates(skipped), s)};
}

constexpr std::string_view crest =
    "It begins at the lower of l0 and l1, whichever is first, and is at the higher half a period "
    "later.";

}  // namespace
}  // namespace flux

Peer flux_peer() {
  using namespace flux;
  static constexpr std::array classes{
      Class{"Constant", "value", "0.1", constant, ""},
      Class{"Step", "start, decay, step_sizes", "start=0.1, decay=0.1, step_sizes=[50, 25]", step,
            ""},
      Class{"Exp", "start, decay", "start=0.1, decay=0.97", exponential, ""},
      Class{"Poly", "start, degree, max_iter", "start=0.1, degree=2, max_iter=100", polynomial,
            "Past max_iter it is an error in Julia; here it holds."},
      Class{"Inv", "start, decay, degree", "start=0.1, decay=0.1, degree=1", inverse, ""},
      Class{"Triangle", "l0, l1, period", "l0=0.01, l1=0.1, period=40", triangle, crest},
      Class{"TriangleDecay2", "l0, l1, period", "l0=0.01, l1=0.1, period=40", triangle_decay2,
            crest},
      Class{"TriangleExp", "l0, l1, period, decay", "l0=0.01, l1=0.1, period=40, decay=0.99",
            triangle_exp, crest},
      Class{"Sin", "l0, l1, period", "l0=0.01, l1=0.1, period=40", sine, crest},
      Class{"SinDecay2", "l0, l1, period", "l0=0.01, l1=0.1, period=40", sine_decay2, crest},
      Class{"SinExp", "l0, l1, period, decay", "l0=0.01, l1=0.1, period=40, decay=0.99", sine_exp,
            crest},
      Class{"CosAnneal", "l0, l1, period, restart=True", "l0=0.1, l1=0.001, period=40", cosine,
            "It begins at the higher of l0 and l1, whichever is first."},
      Class{"Sequence", "schedules, step_sizes",
            "[flux.Triangle(l0=0.0, l1=0.1, period=20), flux.Exp(start=0.1, decay=0.97)], "
            "step_sizes=[10, 90]",
            sequence, "Past the last step size the last schedule begins anew."},
      Class{"Loop", "f, period", "flux.Exp(start=0.1, decay=0.9), period=25", loop, ""},
      Class{"Shifted", "schedule, offset", "flux.Exp(start=0.1, decay=0.97), offset=10", shifted,
            "An offset of 1 shifts nothing."},
  };
  return {"flux", "Flux's ParameterSchedulers.jl", classes, false};
}

}  // namespace anneal::sched::peers
