#include "sched/peers/torch_run.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "sched/fail.h"
#include "sched/length.h"

namespace anneal::sched::peers::torch {

constexpr double pi = std::numbers::pi;

double divided(double a, double b, const char* by) {
  if (b == 0.0) fail(std::string(by) + " divides by 0 here, in PyTorch as well");
  return a / b;
}

// ---- how they step -------------------------------------------------------------------------

void Leaf::construct(Run& run) const {
  if (prepare) prepare(run.group);
  if (!run.group.initial_lr) run.group.initial_lr = run.group.lr;
  own(run) = {.base_lr = *run.group.initial_lr};
  initial_step(run);
  if (own_base_lr) own(run).base_lr = *own_base_lr;
}

void Leaf::step(Run& run) const {
  Attributes& of = own(run);
  if (restarts_first > 0.0) {
    if (of.last_epoch < 0.0) return begin(run);
    if (++of.cycle_step >= of.cycle_length) {
      of.cycle_step -= of.cycle_length;
      of.cycle_length *= restarts_growth;
    }
  }
  ++of.step_count;
  ++of.last_epoch;
  run.group.lr = get_lr(of, run.group);
}

void Leaf::begin(Run& run) const {
  Attributes& of = own(run);
  of.cycle_step = 0.0;
  of.cycle_length = restarts_first;
  ++of.step_count;
  of.last_epoch = 0.0;
  run.group.lr = (closed_form ? closed_form : get_lr)(of, run.group);
}

void Chained::enter(std::size_t& count) {
  Scheduler::enter(count);
  for (const Owned& s : schedulers) s->enter(count);
}
void Chained::construct(Run& run) const {
  for (const Owned& s : schedulers) s->construct(run);
}
void Chained::step(Run& run) const {
  for (const Owned& s : schedulers) s->step(run);
}
void Chained::begin(Run& /*run*/) const {
  fail("ChainedScheduler cannot begin anew in SequentialLR, in PyTorch 1.13");
}

void Sequential::enter(std::size_t& count) {
  Scheduler::enter(count);
  for (const Owned& s : schedulers) s->enter(count);
}
void Sequential::construct(Run& run) const {
  for (const Owned& s : schedulers) s->construct(run);
  own(run).last_epoch = 0.0;
  run.group.lr = *run.group.initial_lr;
  for (const Owned& s : schedulers) --s->own(run).last_epoch;  // undoes the constructors' steps
  schedulers.front()->initial_step(run);
}
void Sequential::step(Run& run) const {
  const double now = ++own(run).last_epoch;
  const auto next = std::ranges::upper_bound(milestones, now);
  const Scheduler& current = *schedulers[static_cast<std::size_t>(next - milestones.begin())];
  if (next != milestones.begin() && *std::prev(next) == now)
    current.begin(run);
  else
    current.step(run);
}
void Sequential::begin(Run& /*run*/) const {
  fail("SequentialLR cannot begin anew in another, in PyTorch 1.13");
}

// ---- the classes ---------------------------------------------------------------------------

namespace {

Owned leaf(Leaf::Rate get_lr, Leaf::Rate closed_form = {}) {
  auto made = std::make_shared<Leaf>();
  made->get_lr = std::move(get_lr);
  made->closed_form = std::move(closed_form);
  return made;
}

/// How a OneCycleLR or a SWALR goes: of the way that is done, what is left of where it began.
double left_of(double done, bool cosine) {
  return cosine ? (std::cos(pi * done) + 1.0) / 2.0 : 1.0 - done;
}

}  // namespace

Owned lambda_lr(Function lambda) {
  return leaf([lambda = std::move(lambda)](const Attributes& of, Group&) {
    return of.base_lr * lambda(of.last_epoch);
  });
}

Owned multiplicative_lr(Function lambda) {
  return leaf([lambda = std::move(lambda)](const Attributes& of, Group& group) {
    return of.last_epoch > 0.0 ? group.lr * lambda(of.last_epoch) : group.lr;
  });
}

Owned step_lr(double step_size, double gamma) {
  return leaf(
      [=](const Attributes& of, Group& group) {
        const bool falls = of.last_epoch != 0.0 && std::fmod(of.last_epoch, step_size) == 0.0;
        return falls ? group.lr * gamma : group.lr;
      },
      [](const Attributes& of, Group&) { return of.base_lr; });
}

Owned multistep_lr(std::vector<double> milestones, double gamma) {
  std::ranges::sort(milestones);
  const auto decay = [gamma](auto first, auto last) {
    return std::pow(gamma, static_cast<double>(last - first));
  };
  return leaf(
      [=](const Attributes& of, Group& group) {
        return group.lr * decay(std::ranges::lower_bound(milestones, of.last_epoch),
                                std::ranges::upper_bound(milestones, of.last_epoch));
      },
      [=](const Attributes& of, Group&) {
        const auto last = std::ranges::upper_bound(milestones, of.last_epoch);
        return of.base_lr * decay(milestones.begin(), last);
      });
}

Owned constant_lr(double factor, double total_iters) {
  return leaf(
      [=](const Attributes& of, Group& group) {
        if (of.last_epoch == 0.0) return group.lr * factor;
        return of.last_epoch == total_iters ? group.lr * divided(1.0, factor, "ConstantLR")
                                            : group.lr;
      },
      [=](const Attributes& of, Group&) {
        return of.base_lr * (of.last_epoch >= total_iters ? 1.0 : factor);
      });
}

Owned linear_lr(double start_factor, double end_factor, double total_iters) {
  const double way = end_factor - start_factor;
  return leaf(
      [=](const Attributes& of, Group& group) {
        if (of.last_epoch == 0.0) return group.lr * start_factor;
        if (of.last_epoch > total_iters) return group.lr;
        const double before = total_iters * start_factor + (of.last_epoch - 1.0) * way;
        return group.lr * (1.0 + divided(way, before, "LinearLR"));
      },
      [=](const Attributes& of, Group&) {
        return of.base_lr * (start_factor + divided(way * std::min(total_iters, of.last_epoch),
                                                    total_iters, "LinearLR"));
      });
}

Owned exponential_lr(double gamma) {
  return leaf([=](const Attributes& of,
                  Group& group) { return of.last_epoch == 0.0 ? group.lr : group.lr * gamma; },
              [](const Attributes& of, Group&) { return of.base_lr; });
}

Owned polynomial_lr(double total_iters, double power) {
  return leaf(
      [=](const Attributes& of, Group& group) {
        if (of.last_epoch == 0.0 || of.last_epoch > total_iters) return group.lr;
        const double left = 1.0 - of.last_epoch / total_iters;
        const double before = 1.0 - (of.last_epoch - 1.0) / total_iters;
        return group.lr * std::pow(left / before, power);
      },
      [=](const Attributes& of, Group&) {
        const double done =
            divided(std::min(total_iters, of.last_epoch), total_iters, "PolynomialLR");
        return of.base_lr * std::pow(1.0 - done, power);
      });
}

Owned cosine_annealing_lr(double t_max, double eta_min) {
  const auto closed = [=](const Attributes& of, Group&) {
    return eta_min + (of.base_lr - eta_min) * (1.0 + std::cos(pi * of.last_epoch / t_max)) / 2.0;
  };
  return leaf(
      [=](const Attributes& of, Group& group) {
        if (of.last_epoch == 0.0) return group.lr;
        if (of.step_count == 1.0) return closed(of, group);
        if (std::fmod(of.last_epoch - 1.0 - t_max, 2.0 * t_max) == 0.0)
          return group.lr + (of.base_lr - eta_min) * (1.0 - std::cos(pi / t_max)) / 2.0;
        const double height = 1.0 + std::cos(pi * of.last_epoch / t_max);
        const double before = 1.0 + std::cos(pi * (of.last_epoch - 1.0) / t_max);
        return divided(height, before, "CosineAnnealingLR") * (group.lr - eta_min) + eta_min;
      },
      closed);
}

Owned warm_restarts(double t_0, double t_mult, double eta_min) {
  auto made = std::make_shared<Leaf>();
  made->restarts_first = t_0;
  made->restarts_growth = t_mult;
  made->get_lr = [=](const Attributes& of, Group&) {
    return eta_min +
           (of.base_lr - eta_min) * (1.0 + std::cos(pi * of.cycle_step / of.cycle_length)) / 2.0;
  };
  return made;
}

Owned cyclic_lr(const CyclicArguments& a) {
  auto made = std::make_shared<Leaf>();
  const double size = a.step_size_up + a.step_size_down;
  const double turn = a.step_size_up / size;
  made->own_base_lr = a.base_lr;
  made->prepare = [=](Group& group) {
    group.lr = a.base_lr;
    if (a.cycle_momentum) group.momentum = a.base_momentum;
  };
  made->get_lr = [=](const Attributes& of, Group& group) {
    const double cycle = std::floor(1.0 + of.last_epoch / size);
    const double x = 1.0 + of.last_epoch / size - cycle;
    const double height =
        x <= turn ? divided(x, turn, "CyclicLR") : divided(x - 1.0, turn - 1.0, "CyclicLR");
    const double scale = a.scale(a.scale_cycles ? cycle : of.last_epoch);
    if (a.cycle_momentum)
      group.momentum = a.max_momentum - (a.max_momentum - a.base_momentum) * height * scale;
    return of.base_lr + (a.max_lr - of.base_lr) * height * scale;
  };
  return made;
}

Owned one_cycle_lr(const OneCycleArguments& a) {
  struct Phase {
    double end_step;
    double Group::*start_lr;
    double Group::*end_lr;
    double Group::*start_momentum;
    double Group::*end_momentum;
  };
  auto made = std::make_shared<Leaf>();
  made->prepare = [=](Group& group) {
    group.initial_lr = a.max_lr / a.div_factor;
    group.max_lr = a.max_lr;
    group.min_lr = *group.initial_lr / a.final_div_factor;
    if (!a.cycle_momentum) return;
    group.momentum = group.max_momentum = a.max_momentum;
    group.base_momentum = a.base_momentum;
  };
  // 'initial_lr' of the group, which another OneCycleLR may have set since.
  constexpr double Group::*initial = nullptr;
  const double up = a.pct_start * a.total_steps;
  std::vector<Phase> phases{
      {up - 1.0, initial, &Group::max_lr, &Group::max_momentum, &Group::base_momentum}};
  if (a.three_phase) {
    phases.push_back(
        {2.0 * up - 2.0, &Group::max_lr, initial, &Group::base_momentum, &Group::max_momentum});
    phases.push_back(
        {a.total_steps - 1.0, initial, &Group::min_lr, &Group::max_momentum, &Group::max_momentum});
  } else {
    phases.push_back({a.total_steps - 1.0, &Group::max_lr, &Group::min_lr, &Group::base_momentum,
                      &Group::max_momentum});
  }
  made->get_lr = [=](const Attributes& of, Group& group) {
    if (of.last_epoch > a.total_steps)
      fail("OneCycleLR has total_steps=" + number_text(a.total_steps) +
           " and would be stepped further, which PyTorch refuses");
    std::size_t i = 0;
    while (i + 1 < phases.size() && of.last_epoch > phases[i].end_step) ++i;
    const Phase& phase = phases[i];
    const double start_step = i == 0 ? 0.0 : phases[i - 1].end_step;
    const double left = left_of(
        divided(of.last_epoch - start_step, phase.end_step - start_step, "OneCycleLR"), a.cosine);
    const auto on_the_way = [&](double from, double to) { return to + (from - to) * left; };
    const auto rate = [&](double Group::*of_group) {
      return of_group == initial ? *group.initial_lr : group.*of_group;
    };
    if (a.cycle_momentum)
      group.momentum = on_the_way(group.*phase.start_momentum, group.*phase.end_momentum);
    return on_the_way(rate(phase.start_lr), rate(phase.end_lr));
  };
  return made;
}

Owned swalr(double swa_lr, double anneal_epochs, bool cosine) {
  auto made = std::make_shared<Leaf>();
  made->prepare = [=](Group& group) { group.swa_lr = swa_lr; };
  made->get_lr = [=](const Attributes& of, Group& group) {
    const double step = std::max(of.step_count - 1.0, anneal_epochs == 0.0 ? 1.0 : 0.0);
    const auto done_by = [&](double at) {
      const double t = std::clamp(at / std::max(1.0, anneal_epochs), 0.0, 1.0);
      return cosine ? (1.0 - std::cos(pi * t)) / 2.0 : t;
    };
    const double before = done_by(step - 1.0);
    const double done = done_by(step);
    const double initial =
        before == 1.0 ? group.swa_lr : (group.lr - before * group.swa_lr) / (1.0 - before);
    return group.swa_lr * done + initial * (1.0 - done);
  };
  return made;
}

}  // namespace anneal::sched::peers::torch
