#pragma once
#include <cmath>

#include "sched/algebra.h"
#include "sched/fail.h"

/// What algebra.h says, word for word, from an expression's form: a second opinion that shares
/// nothing with the combinators but the schedules at the leaves.
namespace anneal::sched::naive {

double factor(const Schedule& s, Clock now);

inline Clock within(const Clock& now, double begin, double end) {
  Clock part = now;
  part.step = now.step - begin;
  part.total = std::max(end - begin, 1.0);
  part.origin = now.origin + begin;
  part.history = {};
  return part;
}

/// Length of what comes before part `to`, rounded; of what comes after, from the end.
inline double boundary(const std::vector<Part>& parts, std::size_t to, const Clock& now) {
  double before = 0.0;
  for (std::size_t i = 0; i < to; ++i) {
    if (!parts[i].length) {
      double after = 0.0;
      for (std::size_t k = to; k < parts.size(); ++k) after += parts[k].length->in(now);
      return std::max(now.total - std::round(after), std::round(before));
    }
    before += parts[i].length->in(now);
  }
  return std::round(before);
}

inline double chain(const std::vector<Part>& parts, const Clock& now) {
  std::size_t i = 0;
  while (i + 1 < parts.size() && boundary(parts, i + 1, now) <= now.step) ++i;
  return factor(parts[i].schedule,
                within(now, boundary(parts, i, now), boundary(parts, i + 1, now)));
}

inline double repeat(int n, const Schedule& s, const Clock& now) {
  const double step = std::min(now.step, std::max(now.total - 1.0, 0.0));
  for (int k = n; k-- > 0;) {
    const double begin = std::floor(k * now.total / n);
    const double end = k + 1 == n ? now.total : std::floor((k + 1) * now.total / n);
    if (begin > step) continue;
    Clock cycle = within(now, begin, end);
    return factor(s, cycle);
  }
  return std::nan("");
}

inline double cycles(const std::vector<Value>& how, const Schedule& s, const Clock& now,
                     bool last) {
  double length = std::get<Length>(how[0]).in(now);
  const double floor = std::get<double>(how[4]);
  double begin = 0.0;
  double peak = 1.0;
  for (int i = 0; i < 10'000; ++i) {
    if (std::get<int>(how[3]) > 0 && i == std::get<int>(how[3])) break;
    const double end = begin + length;
    if (last ? end >= now.step - 1e-9 : end > now.step + 1e-9) {
      const double top = std::get<bool>(how[5]) ? peak : std::max(peak, floor);
      Clock cycle = within(now, begin, end);
      cycle.total = std::min(cycle.total, std::max(length, 1e-9));  // also below one update
      return floor + (top - floor) * factor(s, cycle);
    }
    begin = end;
    length *= std::get<double>(how[1]);
    peak *= std::get<double>(how[2]);
  }
  return floor;
}

/// The factor, for what does not follow the losses.
inline double factor(const Schedule& s, Clock now) {
  const Form* form = s.form();
  if (form == nullptr) return s(now);
  const std::string& name = form->name;
  const auto part = [&](std::size_t i) -> const Schedule& { return form->parts[i].schedule; };
  const bool last = now.step >= now.total;
  if (name == "repeat") return repeat(std::get<int>(form->values[0]), part(0), now);
  if (name == "max") return std::max(factor(part(0), now), factor(part(1), now));
  if (name == "min") return std::min(factor(part(0), now), factor(part(1), now));
  if (name == "+") return factor(part(0), now) + factor(part(1), now);
  if (name == "*") return factor(part(0), now) * factor(part(1), now);
  if (name == "clamp")
    return std::min(std::max(factor(part(0), now), std::get<double>(form->values[0])),
                    std::get<double>(form->values[1]));
  now.step = std::min(std::max(now.step, 0.0), now.total);
  if (name == "number") return std::get<double>(form->values[0]);
  if (name == "|") return chain(form->parts, now);
  if (name == "cycles") return cycles(form->values, part(0), now, last);
  if (name == "cumulative") {
    double product = 1.0;
    for (double step = 1.0; step <= now.step; ++step) {
      Clock then = now;
      then.step = step;
      product *= factor(part(0), then);
    }
    return product;
  }
  if (name == "reverse") now.step = now.total - now.step;
  if (name == "stretch") {
    now.step /= std::get<double>(form->values[0]);
    now.total /= std::get<double>(form->values[0]);
  }
  if (name == "per_epoch") {
    const double epoch = now.steps_per_epoch;
    const double total = std::max(std::ceil(now.total / epoch), 1.0);
    now.step = last ? total : std::floor(now.step / epoch);
    now.total = total;
    now.steps_per_epoch = 1.0;
  }
  if (name == "offset") {
    const double missed = std::get<Length>(form->values[0]).in(now);
    now.step += missed;
    now.total += missed;
  }
  if (name == "over")
    now.total = std::max(std::round(std::get<Length>(form->values[0]).in(now)), 1.0);
  if (name == "endless") now.total = 1e15;
  return form->parts.empty() ? s(now) : factor(part(0), now);
}

}  // namespace anneal::sched::naive
