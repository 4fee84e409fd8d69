#!/usr/bin/env python3
"""MMEngine's parameter schedulers. Read: mmengine/optim/scheduler/param_scheduler.py of
open-mmlab/mmengine at c7a3324f49b8c83c8087601359bcfc8a12eddc6d, and what is newer (eta_min_ratio,
ReduceOnPlateau) in raygaogr/flabplatform at cbc5906c777270e964b7f29d39f1eed6b167b530.

Each scheduler is made with one step, and then steps once after each update; it changes the rate that
it finds.
"""

import math
import types

from peer_cases import Case, write

NEVER = 10 ** 9


class Scheduler:
    def window(self, begin=0, end=None, by_epoch=True):
        self.begin, self.end = begin, NEVER if end is None else end
        self.last = self.end - self.begin - 1
        self.by_epoch = by_epoch

    def step(self, count, rate, base):
        """The rate after the step number `count`, from 0."""
        if not self.begin <= count < self.end:
            return rate
        return self.value(count - self.begin, rate, base)

    def rates(self, case):
        return run([self], case)


def run(schedulers, case):
    rate, out = case.base_lr, []
    for s in schedulers:
        rate = s.step(0, rate, case.base_lr)
    out.append(rate)
    for t in range(1, case.updates):
        for s in schedulers:
            if not s.by_epoch or case.steps_per_epoch == 1:
                rate = s.step(t, rate, case.base_lr)
        for s in schedulers:
            if s.by_epoch and case.steps_per_epoch > 1 and t % case.steps_per_epoch == 0:
                rate = s.step(t // case.steps_per_epoch, rate, case.base_lr)
        out.append(rate)
    return out


class ConstantLR(Scheduler):
    def __init__(self, factor=1 / 3, **window):
        self.factor = factor
        self.window(**window)

    def value(self, k, rate, base):
        if k == 0:
            return rate * self.factor
        return rate * (1 / self.factor) if k == self.last else rate


class LinearLR(Scheduler):
    def __init__(self, start_factor=1 / 3, end_factor=1.0, **window):
        self.from_, self.to = start_factor, end_factor
        self.window(**window)

    def value(self, k, rate, base):
        if k == 0:
            return rate * self.from_
        rise = self.to - self.from_
        return rate * (1 + rise / (self.last * self.from_ + (k - 1) * rise))


class ExponentialLR(Scheduler):
    def __init__(self, gamma, **window):
        self.gamma = gamma
        self.window(**window)

    def value(self, k, rate, base):
        return rate if k == 0 else rate * self.gamma


class StepLR(Scheduler):
    def __init__(self, step_size, gamma=0.1, **window):
        self.size, self.gamma = step_size, gamma
        self.window(**window)

    def value(self, k, rate, base):
        return rate * self.gamma if k > 0 and k % self.size == 0 else rate


class MultiStepLR(Scheduler):
    def __init__(self, milestones, gamma=0.1, **window):
        self.milestones, self.gamma = milestones, gamma
        self.window(**window)

    def value(self, k, rate, base):
        return rate * self.gamma ** self.milestones.count(k)


class CosineAnnealingLR(Scheduler):
    def __init__(self, T_max=None, eta_min=None, eta_min_ratio=None, **window):
        self.window(**window)
        self.half = T_max or self.last + 1
        self.low, self.ratio = eta_min or 0.0, eta_min_ratio

    def value(self, k, rate, base):
        low = self.low if self.ratio is None else base * self.ratio
        if k == 0:
            return rate
        if (k - 1 - self.half) % (2 * self.half) == 0:
            return rate + (base - low) * (1 - math.cos(math.pi / self.half)) / 2
        return ((1 + math.cos(math.pi * k / self.half))
                / (1 + math.cos(math.pi * (k - 1) / self.half)) * (rate - low) + low)


class PolyLR(Scheduler):
    def __init__(self, eta_min=0, power=1.0, **window):
        self.low, self.power = eta_min, power
        self.window(**window)

    def value(self, k, rate, base):
        if k == 0:
            return rate
        return (rate - self.low) * (1 - 1 / (self.last - k + 1)) ** self.power + self.low


class OneCycleLR(Scheduler):
    def __init__(self, eta_max=0, total_steps=None, pct_start=0.3, anneal_strategy="cos",
                 div_factor=25.0, final_div_factor=1e4, three_phase=False, **window):
        self.window(**window)
        total = self.last + 1 if total_steps is None else total_steps
        start = eta_max / div_factor
        peak = pct_start * total - 1
        self.ends = [0, peak, 2 * peak, total - 1] if three_phase else [0, peak, total - 1]
        self.levels = [start, eta_max] + ([start] if three_phase else []) + [start / final_div_factor]
        self.straight = anneal_strategy == "linear"

    def value(self, k, rate, base):
        for i in range(len(self.ends) - 1):
            if k <= self.ends[i + 1] or i == len(self.ends) - 2:
                x = (k - self.ends[i]) / (self.ends[i + 1] - self.ends[i])
                a, b = self.levels[i], self.levels[i + 1]
                return a + (b - a) * x if self.straight else b + (a - b) / 2 * (math.cos(math.pi * x) + 1)


class CosineRestartLR(Scheduler):
    def __init__(self, periods, restart_weights=(1,), eta_min=None, eta_min_ratio=None, **window):
        self.window(**window)
        self.periods, self.weights, self.low, self.ratio = periods, restart_weights, eta_min, eta_min_ratio

    def value(self, k, rate, base):
        low = self.low if self.ratio is None else base * self.ratio
        for period, weight in zip(self.periods, self.weights):
            if k < period:
                if k == 0:
                    return base * weight
                return ((1 + math.cos(math.pi * k / period))
                        / (1 + math.cos(math.pi * (k - 1) / period)) * (rate - low) + low)
            k -= period
        return rate


class ReduceOnPlateauLR(Scheduler):
    def __init__(self, monitor="loss", rule="less", factor=0.1, patience=10, threshold=1e-4,
                 threshold_rule="rel", cooldown=0, min_value=0.0, eps=1e-8):
        self.less, self.relative = rule == "less", threshold_rule == "rel"
        self.factor, self.patience, self.threshold = factor, patience, threshold
        self.cooldown, self.low, self.eps = cooldown, min_value, eps

    def better(self, x, best):
        if self.less:
            return x < (best * (1 - self.threshold) if self.relative else best - self.threshold)
        return x > (best * (1 + self.threshold) if self.relative else best + self.threshold)

    def rates(self, case):
        rate, best, bad, cooling = case.base_lr, NEVER if self.less else -NEVER, 0, 0
        out = [rate]
        for x in case.metrics[:case.updates - 1]:
            if self.better(x, best):
                best, bad = x, 0
            else:
                bad += 1
            if cooling > 0:
                cooling, bad = cooling - 1, 0
            if bad > self.patience:
                lower = max(rate * self.factor, self.low)
                if rate - lower > self.eps:
                    rate = lower
                cooling, bad = self.cooldown, 0
            out.append(rate)
        return out


class param_scheduler:
    def __init__(self, schedulers, epoch_length=None):
        self.all = []
        for one in schedulers:
            arguments = {k: v for k, v in one.items() if k not in ("type", "convert_to_iter_based")}
            if one.get("convert_to_iter_based"):
                for k in ("begin", "end", "T_max", "step_size", "total_steps"):
                    if k in arguments:
                        arguments[k] *= epoch_length
                for k in ("milestones", "periods"):
                    if k in arguments:
                        arguments[k] = [x * epoch_length for x in arguments[k]]
                arguments["by_epoch"] = False
            self.all.append(globals()[one["type"]](**arguments))

    def rates(self, case):
        return run(self.all, case)


names = {k: v for k, v in globals().items() if k.endswith("LR") or k == "param_scheduler"}
mmengine = types.SimpleNamespace(
    optim=types.SimpleNamespace(scheduler=types.SimpleNamespace(**names)), **names)
LOSSES = [1.0, 0.9, 0.95, 0.96, 0.97, 0.5, 0.8, 0.8, 0.8, 0.8, 0.7, 0.71, 0.72, 0.73, 0.74, 0.2]
LIST = "mmengine.param_scheduler"

write("mmengine", {"mmengine": mmengine}, [
    Case("mmengine.optim.scheduler.ConstantLR(factor=0.5, begin=3, end=10)", 20),
    Case("mmengine.ConstantLR(factor=0.1)", 8),
    Case("mmengine.ConstantLR(factor=0.1, end=1)", 8),
    Case("mmengine.ConstantLR(factor=0)", 5),
    Case("mmengine.optim.scheduler.LinearLR(start_factor=0.1, begin=2, end=12, by_epoch=False)", 20),
    Case("mmengine.LinearLR(start_factor=1.0, end_factor=0.0, end=10)", 20),
    Case("mmengine.LinearLR(start_factor=0.25, end=1)", 5),
    Case("mmengine.LinearLR()", 5),
    Case("mmengine.ExponentialLR(gamma=0.9, begin=3, end=12)", 20),
    Case("mmengine.ExponentialLR(gamma=0.8)", 20),
    Case("mmengine.StepLR(step_size=4, gamma=0.5, begin=2, end=15)", 30),
    Case("mmengine.StepLR(step_size=1)", 6),
    Case("mmengine.MultiStepLR(milestones=[8, 3, 3], gamma=0.5, begin=2)", 20),
    Case("mmengine.MultiStepLR(milestones=[0, 5], gamma=0.5, end=5)", 10),
    Case("mmengine.CosineAnnealingLR(T_max=10)", 45),
    Case("mmengine.CosineAnnealingLR(T_max=7, eta_min=0.02, begin=3)", 45),
    Case("mmengine.CosineAnnealingLR(by_epoch=True, begin=4, end=20, eta_min_ratio=0.05)", 30),
    Case("mmengine.CosineAnnealingLR(T_max=1, eta_min=0.05)", 6),
    Case("mmengine.PolyLR(power=0.9, eta_min=1e-4, begin=0, end=20, by_epoch=False)", 30),
    Case("mmengine.PolyLR(power=2.0, begin=3, end=12)", 20),
    Case("mmengine.PolyLR(end=1)", 4),
    Case("mmengine.OneCycleLR(eta_max=0.5, total_steps=20)", 20),
    Case("mmengine.OneCycleLR(eta_max=0.5, total_steps=30, pct_start=0.25, "
         "anneal_strategy='linear', div_factor=10.0, final_div_factor=100.0, three_phase=True, "
         "begin=3, end=30)", 40),
    Case("mmengine.CosineRestartLR(periods=[6, 10], restart_weights=[1, 0.5], eta_min=0.01)", 30),
    Case("mmengine.CosineRestartLR(periods=[5], eta_min_ratio=0.0, begin=3)", 15),
    Case("mmengine.CosineRestartLR(periods=[1, 4, 3], restart_weights=[0, 2, 1], "
         "eta_min_ratio=0.1, end=7)", 12),
    Case("mmengine.ReduceOnPlateauLR(patience=2, factor=0.5)", 17, metrics=LOSSES),
    Case("mmengine.ReduceOnPlateauLR('acc', rule='greater', patience=1, threshold=0.1, "
         "threshold_rule='abs', cooldown=2, min_value=0.004, eps=0.001)", 17, metrics=LOSSES),
    Case(f"{LIST}([dict(type='LinearLR', start_factor=0.1, by_epoch=False, end=10), "
         "dict(type='CosineAnnealingLR', by_epoch=False, begin=10, end=40)])", 50),
    Case(f"{LIST}([dict(type='LinearLR', start_factor=0.1, end=5), "
         "dict(type='CosineAnnealingLR', T_max=20, eta_min=0.01, begin=5, end=25)])", 40),
    Case(f"{LIST}([dict(type='LinearLR', start_factor=0.1, end=5), "
         "dict(type='CosineAnnealingLR', T_max=20)])", 30),
    Case(f"{LIST}([{{'type': 'ConstantLR', 'factor': 0.5, 'end': 6}}, "
         "{'type': 'MultiStepLR', 'milestones': [8, 11], 'gamma': 0.1}, "
         "{'type': 'ExponentialLR', 'gamma': 0.95, 'begin': 4, 'end': 14}])", 20),
    Case(f"{LIST}([dict(type='PolyLR', eta_min=0.02, end=10), "
         "dict(type='PolyLR', eta_min=0.005, power=2.0, begin=10, end=20), "
         "dict(type='StepLR', step_size=3, gamma=0.5, begin=20)])", 30),
    Case(f"{LIST}([dict(type='LinearLR', start_factor=0.1, by_epoch=False, end=7), "
         "dict(type='MultiStepLR', by_epoch=True, milestones=[2, 4], gamma=0.1)])", 30,
         steps_per_epoch=5),
    Case(f"{LIST}([dict(type='LinearLR', start_factor=0.1, by_epoch=False, begin=0, end=7), "
         "dict(type='CosineAnnealingLR', T_max=5, begin=1, end=6, by_epoch=True)])", 40,
         steps_per_epoch=5),
    Case(f"{LIST}([dict(type='LinearLR', start_factor=0.1, end=2, convert_to_iter_based=True), "
         "dict(type='CosineAnnealingLR', T_max=4, eta_min=0.01, begin=2, end=6, "
         "convert_to_iter_based=True)], epoch_length=5)", 40),
    Case(f"{LIST}([dict(type='StepLR', step_size=2, convert_to_iter_based=True, by_epoch=True)], "
         "epoch_length=3)", 20),
])
