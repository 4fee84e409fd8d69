#!/usr/bin/env python3
"""PyTorch Ignite's parameter schedulers. Read: ignite/handlers/param_scheduler.py of pytorch/ignite
at 00af057ee8eb86d1bf0d7ed385fbd376d77e847a. They are called before each iteration. Of PyTorch's own
schedulers (1.13) Ignite takes get_lr(), counting last_epoch up by itself; those here are written as
get_lr() is: what becomes of the rate that is found.
"""

import math
import types

from peer_cases import Case, write


class Scheduler:
    def rates(self, case):
        self.found = self.base = case.base_lr
        self.begin(case)
        out = []
        for _ in range(case.updates):
            self.found = self()
            out.append(self.found)
        return out

    def begin(self, case):
        pass


class Cyclical(Scheduler):
    def __init__(self, param_name, start_value, end_value, cycle_size, cycle_mult=1.0,
                 start_value_mult=1.0, end_value_mult=1.0):
        self.start, self.end, self.size = start_value, end_value, int(cycle_size)
        self.mult, self.start_mult, self.end_mult = cycle_mult, start_value_mult, end_value_mult
        self.event = 0

    def __call__(self):
        if self.event != 0 and self.event % self.size == 0:
            self.event = 0
            self.size = int(self.size * self.mult)
            self.start *= self.start_mult
            self.end *= self.end_mult
        self.event += 1
        return self.value(self.event - 1)

    def first(self):
        return self.value(0)


class LinearCyclicalScheduler(Cyclical):
    def value(self, event):
        return self.end + (self.start - self.end) * abs(event / self.size - 0.5) * 2


class CosineAnnealingScheduler(Cyclical):
    def value(self, event):
        return self.start + (self.end - self.start) / 2 * (1 - math.cos(math.pi * event / self.size))


class PiecewiseLinear(Scheduler):
    def __init__(self, param_name, milestones_values):
        self.points, self.event = milestones_values, 0

    def value(self, event):
        if event < self.points[0][0]:
            return self.points[0][1]
        if event >= self.points[-1][0]:
            return self.points[-1][1]
        for (a, x), (b, y) in zip(self.points, self.points[1:]):
            if a <= event < b:
                return x + (y - x) * (event - a) / (b - a)

    def __call__(self):
        self.event += 1
        return self.value(self.event - 1)

    def first(self):
        return self.value(0)


class ConcatScheduler(Scheduler):
    def __init__(self, schedulers, durations):
        self.all, self.left = list(schedulers), list(durations)

    def begin(self, case):
        for s in self.all:
            s.base = s.found = case.base_lr
            s.begin(case)

    def __call__(self):
        if self.left and self.left[0] == 0:
            self.left.pop(0)
            self.all.pop(0)
        if self.left:
            self.left[0] -= 1
        self.all[0].found = self.found
        return self.all[0]()


class LRScheduler(Scheduler):
    def __init__(self, lr_scheduler, first_epoch=0):
        self.torch, self.epoch = lr_scheduler, first_epoch

    def __call__(self):
        self.epoch += 1
        return self.torch(self.epoch - 1, self.found, self.base)


class create_lr_scheduler_with_warmup(Scheduler):
    def __init__(self, lr_scheduler, warmup_start_value, warmup_duration, warmup_end_value=None):
        self.later, self.start = lr_scheduler, warmup_start_value
        self.length, self.end = warmup_duration, warmup_end_value

    def begin(self, case):
        torch = not isinstance(self.later, Scheduler)
        first = self.later(0, case.base_lr, case.base_lr) if torch else self.later.first()
        end = self.end if self.end is not None else first if torch else case.base_lr
        points = [(0, self.start), (self.length - 1, end)]
        later = self.later
        if torch:
            if first != end:
                points.append((self.length, first))
            later = LRScheduler(later, first_epoch=1)
        elif first == end:
            if self.length > 2:
                d = (end - self.start) / (self.length - 1)
                points[-1] = (self.length - 2, end - d)
            else:
                points.pop()
        self.whole = ConcatScheduler([PiecewiseLinear("lr", points), later], [points[-1][0] + 1])
        self.whole.found = self.whole.base = case.base_lr
        self.whole.begin(case)

    def __call__(self):
        self.whole.found = self.found
        return self.whole()


class ReduceLROnPlateauScheduler(Scheduler):
    def __init__(self, metric_name, param_group_index=None, factor=0.1, patience=10, min_lr=0.0,
                 threshold=1e-4):
        self.factor, self.patience, self.threshold = factor, patience, threshold
        self.low = 0.0 if param_group_index is None else min_lr

    def rates(self, case):
        rate, best, bad, out = case.base_lr, math.inf, 0, [case.base_lr]
        for x in case.metrics[:case.updates - 1]:
            if x < best * (1 - self.threshold):
                best, bad = x, 0
            else:
                bad += 1
            if bad > self.patience:
                lower = max(rate * self.factor, self.low)
                rate, bad = lower if rate - lower > 1e-8 else rate, 0
            out.append(rate)
        return out


def StepLR(step_size, gamma=0.1):
    return lambda t, rate, base: rate * gamma if t > 0 and t % step_size == 0 else rate


def MultiStepLR(milestones, gamma=0.1):
    return lambda t, rate, base: rate * gamma ** milestones.count(t)


def ExponentialLR(gamma):
    return lambda t, rate, base: rate if t == 0 else rate * gamma


def LambdaLR(lr_lambda):
    return lambda t, rate, base: base * lr_lambda(t)


def CosineAnnealingLR(T_max, eta_min=0.0):
    # Its step counter stands still at 1, for which get_lr() has a formula.
    return lambda t, rate, base: rate if t == 0 else (
        eta_min + (base - eta_min) * (1 + math.cos(t * math.pi / T_max)) / 2)


handlers = types.SimpleNamespace(
    LinearCyclicalScheduler=LinearCyclicalScheduler,
    CosineAnnealingScheduler=CosineAnnealingScheduler, PiecewiseLinear=PiecewiseLinear,
    ConcatScheduler=ConcatScheduler, LRScheduler=LRScheduler,
    create_lr_scheduler_with_warmup=create_lr_scheduler_with_warmup,
    ReduceLROnPlateauScheduler=ReduceLROnPlateauScheduler)
handlers.param_scheduler = handlers
ignite = types.SimpleNamespace(handlers=handlers)
torch = types.SimpleNamespace(StepLR=StepLR, MultiStepLR=MultiStepLR, ExponentialLR=ExponentialLR,
                              LambdaLR=LambdaLR, CosineAnnealingLR=CosineAnnealingLR)
H = "ignite.handlers"
LOSSES = [1.0, 0.9, 0.95, 0.96, 0.97, 0.5, 0.8, 0.8, 0.8, 0.8, 0.7, 0.71, 0.72]

write("ignite", {"ignite": ignite, "torch": torch}, [
    Case(f"{H}.LinearCyclicalScheduler('lr', 0.0, 1.0, 4)", 20),
    Case(f"{H}.LinearCyclicalScheduler('lr', 1.0, 0.1, 7, start_value_mult=0.8, "
         "end_value_mult=1.2)", 40),
    Case(f"{H}.LinearCyclicalScheduler('lr', 1.0, 0.1, 5, cycle_mult=1.5)", 80),
    Case(f"{H}.LinearCyclicalScheduler('lr', 0.1, 0.2, 10, cycle_mult=1.05)", 40),
    Case(f"{H}.LinearCyclicalScheduler('lr', 0.5, 0.1, 2)", 9),
    Case(f"{H}.param_scheduler.CosineAnnealingScheduler('lr', 1e-1, 1e-3, 10)", 40),
    Case(f"{H}.CosineAnnealingScheduler('lr', 0.1, 0.0, 3, cycle_mult=2, start_value_mult=0.5)", 80),
    Case(f"{H}.CosineAnnealingScheduler('lr', 0.0, 1.0, 4, start_value_mult=0)", 12),
    Case(f"{H}.PiecewiseLinear('lr', [(1, 1.0), (3, 0.8), (5, 0.2)])", 12),
    Case(f"{H}.PiecewiseLinear('lr', milestones_values=[(10, 0.5), (20, 0.45), (21, 0.3), "
         "(30, 0.1), (40, 0.1)])", 50),
    Case(f"{H}.PiecewiseLinear('lr', [(0, 0.0), (4, 0.4), (4, 0.1), (8, 0.0)])", 12),
    Case(f"{H}.PiecewiseLinear('lr', [(0, 0.3)])", 4),
    Case(f"{H}.ConcatScheduler([{H}.LinearCyclicalScheduler('lr', 0.0, 1.0, 8), "
         f"{H}.CosineAnnealingScheduler('lr', 1.0, 0.2, 4)], durations=[4])", 20),
    Case(f"{H}.ConcatScheduler([{H}.PiecewiseLinear('lr', [(0, 0.1), (5, 0.2)]), "
         f"{H}.LinearCyclicalScheduler('lr', 0.2, 0.1, 6), {H}.CosineAnnealingScheduler('lr', 0.1, "
         "0.0, 9)], [5, 7])", 30),
    Case(f"{H}.LRScheduler(torch.StepLR(step_size=3, gamma=0.1))", 12),
    Case(f"{H}.LRScheduler(torch.MultiStepLR(milestones=[2, 5, 5]))", 12),
    Case(f"{H}.LRScheduler(torch.CosineAnnealingLR(T_max=8, eta_min=0.01))", 25),
    Case(f"{H}.LRScheduler(torch.LambdaLR(lambda e: 0.9 ** e))", 12),
    Case(f"{H}.create_lr_scheduler_with_warmup(torch.ExponentialLR(gamma=0.98), "
         "warmup_start_value=0.0, warmup_end_value=0.1, warmup_duration=3)", 12),
    Case(f"{H}.create_lr_scheduler_with_warmup(torch.ExponentialLR(gamma=0.9), 0.0, 4, "
         "warmup_end_value=0.05)", 12),
    Case(f"{H}.create_lr_scheduler_with_warmup(torch.StepLR(2, 0.5), 0.01, 2)", 12),
    Case(f"{H}.create_lr_scheduler_with_warmup({H}.CosineAnnealingScheduler('lr', 0.2, 0.0, 10), "
         "0.0, 5, 0.2)", 20),
    Case(f"{H}.create_lr_scheduler_with_warmup({H}.LinearCyclicalScheduler('lr', 0.3, 0.1, 6), "
         "warmup_start_value=0.0, warmup_duration=2, warmup_end_value=0.3)", 12),
    Case(f"{H}.create_lr_scheduler_with_warmup({H}.PiecewiseLinear('lr', [(0, 0.3), (4, 0.0)]), "
         "warmup_start_value=0.0, warmup_duration=4)", 12),
    Case(f"{H}.ReduceLROnPlateauScheduler('loss', factor=0.5, patience=1, min_lr=0.04)", 14,
         metrics=LOSSES),
    Case(f"{H}.ReduceLROnPlateauScheduler('loss', param_group_index=0, factor=0.5, patience=1, "
         "min_lr=0.04)", 14, metrics=LOSSES),
])
