#!/usr/bin/env python3
"""MosaicML Composer's schedulers. Read: composer/optim/scheduler.py of mosaicml/composer at
0f1df8bbb65a6c2eadff4093e85a1f00908d30ef. The run is as long as the case, max_duration in batches.
"""

import math
import types

from peer_cases import Case, write


class Scheduler:
    def rates(self, case):
        self.total, self.epoch = case.updates, case.steps_per_epoch
        return [case.base_lr * self.factor(t) for t in range(case.updates)]

    def updates(self, time):
        """A time string in updates; what is not whole is cut off."""
        for unit, size in (("dur", self.total), ("ba", 1), ("ep", self.epoch)):
            if time.endswith(unit):
                return int(float(time[:-len(unit)]) * size)
        raise ValueError(time)


class StepScheduler(Scheduler):
    def __init__(self, step_size, gamma=0.1):
        self.size, self.gamma = step_size, gamma

    def factor(self, t):
        return self.gamma ** int(t / self.updates(self.size))


class MultiStepScheduler(Scheduler):
    def __init__(self, milestones, gamma=0.1):
        self.milestones, self.gamma = milestones, gamma

    def factor(self, t):
        y = 1.0
        for m in self.milestones:
            if t >= self.updates(m):
                y *= self.gamma
        return y


class ConstantScheduler(Scheduler):
    def __init__(self, alpha=1.0, t_max="1dur"):
        self.alpha, self.end = alpha, t_max

    def factor(self, t):
        return self.alpha if t < self.updates(self.end) else 1.0


class LinearScheduler(Scheduler):
    def __init__(self, alpha_i=1.0, alpha_f=0.0, t_max="1dur"):
        self.from_, self.to, self.end = alpha_i, alpha_f, t_max

    def factor(self, t):
        return self.from_ + min(1.0, t / self.updates(self.end)) * (self.to - self.from_)


class ExponentialScheduler(Scheduler):
    def __init__(self, gamma, decay_period="1ep"):
        self.gamma, self.period = gamma, decay_period

    def factor(self, t):
        return self.gamma ** (t / self.updates(self.period))


def cosine(x, low):
    return low + (1 - low) * (1 + math.cos(math.pi * min(max(x, 0.0), 1.0))) / 2


class CosineAnnealingScheduler(Scheduler):
    def __init__(self, t_max="1dur", alpha_f=0.0):
        self.end, self.low = t_max, alpha_f

    def factor(self, t):
        return cosine(t / self.updates(self.end), self.low)


class CosineAnnealingWarmRestartsScheduler(Scheduler):
    def __init__(self, t_0, t_mult=1.0, alpha_f=0.0):
        self.first, self.growth, self.low = t_0, t_mult, alpha_f

    def factor(self, t):
        length = end = self.updates(self.first)
        while end <= t:
            length = int(self.growth * length)
            end += length
        return cosine((t - (end - length)) / length, self.low)


class PolynomialScheduler(Scheduler):
    def __init__(self, power, t_max="1dur", alpha_f=0.0):
        self.power, self.end, self.low = power, t_max, alpha_f

    def factor(self, t):
        return self.low + (1 - min(1.0, t / self.updates(self.end))) ** self.power * (1 - self.low)


class WithWarmup(Scheduler):
    top = 1.0

    def factor(self, t):
        warmup = self.updates(self.warmup)
        if t < warmup:
            return self.top * min(1.0, t / warmup)
        return self.later(t, warmup)

    def done(self, t, warmup):
        end = self.updates(self.end)
        assert end >= self.total, "Composer refuses this"
        return min(1.0, (t - warmup) / (end - warmup) if end > warmup else 0.0)


class MultiStepWithWarmupScheduler(WithWarmup):
    def __init__(self, t_warmup, milestones, gamma=0.1, scale_warmup=False):
        self.warmup, self.steps = t_warmup, MultiStepScheduler(milestones, gamma)

    def later(self, t, warmup):
        self.steps.total, self.steps.epoch = self.total, self.epoch
        return self.steps.factor(t)


class LinearWithWarmupScheduler(WithWarmup):
    def __init__(self, t_warmup, alpha_i=1.0, alpha_f=0.0, t_max="1dur", scale_warmup=False):
        self.warmup, self.top, self.to, self.end = t_warmup, alpha_i, alpha_f, t_max

    def later(self, t, warmup):
        return self.top + self.done(t, warmup) * (self.to - self.top)


def ConstantWithWarmupScheduler(t_warmup, alpha=1.0, t_max="1dur", scale_warmup=False):
    return LinearWithWarmupScheduler(t_warmup, alpha, alpha, t_max)


class CosineAnnealingWithWarmupScheduler(WithWarmup):
    def __init__(self, t_warmup, t_max="1dur", alpha_f=0.0, scale_warmup=False):
        self.warmup, self.end, self.low = t_warmup, t_max, alpha_f

    def later(self, t, warmup):
        return cosine(self.done(t, warmup), self.low)


class PolynomialWithWarmupScheduler(WithWarmup):
    def __init__(self, t_warmup, power=2.0, t_max="1dur", alpha_f=0.0, scale_warmup=False):
        self.warmup, self.power, self.end, self.low = t_warmup, power, t_max, alpha_f

    def later(self, t, warmup):
        return self.low + (1 - self.done(t, warmup)) ** self.power * (1 - self.low)


names = {k: v for k, v in globals().items() if k.endswith("Scheduler")}
composer = types.SimpleNamespace(**names)
composer.optim = types.SimpleNamespace(**names)

write("composer", {"composer": composer}, [
    Case("composer.optim.StepScheduler(step_size='7ba')", 40),
    Case("composer.StepScheduler(step_size='0.3dur', gamma=0.5)", 43),
    Case("composer.StepScheduler(step_size='2ep', gamma=0.5)", 40, steps_per_epoch=9),
    Case("composer.MultiStepScheduler(milestones=['0.5dur', '0.75dur'])", 43),
    Case("composer.MultiStepScheduler(['5ba', '1ep', '0.9dur'], gamma=0.5)", 43, steps_per_epoch=10),
    Case("composer.MultiStepScheduler(milestones=['0ba', '5ba', '5ba'], gamma=0.5)", 10),
    Case("composer.ConstantScheduler()", 10),
    Case("composer.ConstantScheduler(alpha=0.5, t_max='0.35dur')", 21),
    Case("composer.ConstantScheduler(alpha=0.5, t_max='0ba')", 5),
    Case("composer.LinearScheduler()", 21),
    Case("composer.LinearScheduler(alpha_i=0.1, alpha_f=1.0, t_max='0.29dur')", 100),
    Case("composer.ExponentialScheduler(gamma=0.5)", 40, steps_per_epoch=10),
    Case("composer.ExponentialScheduler(gamma=0.1, decay_period='0.15dur')", 43),
    Case("composer.optim.CosineAnnealingScheduler()", 43),
    Case("composer.CosineAnnealingScheduler(t_max='0.66dur', alpha_f=0.1)", 43),
    Case("composer.CosineAnnealingScheduler(t_max='3ep', alpha_f=0.1)", 43, steps_per_epoch=7),
    Case("composer.CosineAnnealingScheduler(t_max='1ba')", 5),
    Case("composer.CosineAnnealingWarmRestartsScheduler(t_0='0.15dur', alpha_f=0.01)", 43),
    Case("composer.CosineAnnealingWarmRestartsScheduler('5ba', t_mult=2.0)", 60),
    Case("composer.CosineAnnealingWarmRestartsScheduler(t_0='1ep', t_mult=3, alpha_f=0.2)", 60,
         steps_per_epoch=4),
    Case("composer.PolynomialScheduler(power=2.0)", 21),
    Case("composer.PolynomialScheduler(0.5, t_max='0.6dur', alpha_f=0.1)", 21),
    Case("composer.PolynomialScheduler(0, t_max='3ba')", 6),
    Case("composer.optim.CosineAnnealingWithWarmupScheduler(t_warmup='0.1dur')", 43),
    Case("composer.CosineAnnealingWithWarmupScheduler(t_warmup='5ba', t_max='60ba', alpha_f=0.1)", 43),
    Case("composer.CosineAnnealingWithWarmupScheduler(t_warmup='2ep', alpha_f=0.1)", 43,
         steps_per_epoch=6),
    Case("composer.CosineAnnealingWithWarmupScheduler(t_warmup='0ba')", 10),
    Case("composer.CosineAnnealingWithWarmupScheduler(t_warmup='1dur')", 10),
    Case("composer.LinearWithWarmupScheduler(t_warmup='0.13dur', alpha_i=0.8, alpha_f=0.2, "
         "scale_warmup=True)", 43),
    Case("composer.ConstantWithWarmupScheduler(t_warmup='4ba', alpha=0.5)", 20),
    Case("composer.MultiStepWithWarmupScheduler(t_warmup='0.1dur', milestones=['3ba', '0.5dur'], "
         "gamma=0.5)", 43),
    Case("composer.PolynomialWithWarmupScheduler(t_warmup='0.1dur', t_max='1dur', alpha_f=0.05)", 43),
])
