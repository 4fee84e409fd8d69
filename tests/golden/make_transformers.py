#!/usr/bin/env python3
"""Calls of Hugging Face Transformers' functions. Read: src/transformers/optimization.py of
huggingface/transformers at 005edacb6b5dabbf0843e92c6623de9e07ca6241. All are LambdaLR: the rate is
the base rate times a factor, and the first update is the one after last_epoch.
"""

import math
from enum import Enum
from types import SimpleNamespace

from peer_cases import Case, write


class Lambda:
    def __init__(self, factor, last_epoch):
        self.factor, self.last_epoch = factor, last_epoch

    def rates(self, case):
        factor = self.factor(case.base_lr)
        return [case.base_lr * factor(self.last_epoch + 1 + t) for t in range(case.updates)]


def warmed(warmup, rest):
    return lambda t: t / max(1, warmup) if t < warmup else rest(t)


def done(t, warmup, total):
    return (t - warmup) / max(1, total - warmup)


def wave(x, cycles, low=0.0):
    return max(0.0, 0.5 * (1 + math.cos(math.pi * cycles * 2 * x)) * (1 - low) + low)


def constant(optimizer, last_epoch=-1):
    return Lambda(lambda _: lambda t: 1.0, last_epoch)


def constant_with_warmup(optimizer, num_warmup_steps, last_epoch=-1):
    return Lambda(lambda _: warmed(num_warmup_steps, lambda t: 1.0), last_epoch)


def linear(optimizer, num_warmup_steps, num_training_steps, last_epoch=-1):
    return Lambda(lambda _: warmed(num_warmup_steps, lambda t: max(
        0.0, 1 - done(t, num_warmup_steps, num_training_steps))), last_epoch)


def cosine(optimizer, num_warmup_steps, num_training_steps, num_cycles=0.5, last_epoch=-1):
    return Lambda(lambda _: warmed(num_warmup_steps, lambda t: wave(
        done(t, num_warmup_steps, num_training_steps), num_cycles)), last_epoch)


def restarts(optimizer, num_warmup_steps, num_training_steps, num_cycles=1, last_epoch=-1):
    def rest(t):
        x = done(t, num_warmup_steps, num_training_steps)
        return 0.0 if x >= 1 else 0.5 * (1 + math.cos(math.pi * ((num_cycles * x) % 1.0)))
    return Lambda(lambda _: warmed(num_warmup_steps, rest), last_epoch)


def polynomial(optimizer, num_warmup_steps, num_training_steps, lr_end=1e-7, power=1.0,
               last_epoch=-1):
    def factor(base):
        def rest(t):
            left = max(0.0, 1 - (t - num_warmup_steps) / (num_training_steps - num_warmup_steps))
            return ((base - lr_end) * left ** power + lr_end) / base
        return warmed(num_warmup_steps, rest)
    return Lambda(factor, last_epoch)


def inverse_sqrt(optimizer, num_warmup_steps, timescale=None, last_epoch=-1):
    scale = timescale or num_warmup_steps or 10_000
    return Lambda(lambda _: warmed(num_warmup_steps, lambda t: 1 / math.sqrt(
        (t + scale - num_warmup_steps) / scale)), last_epoch)


def with_min_lr(optimizer, num_warmup_steps, num_training_steps, num_cycles=0.5, last_epoch=-1,
                min_lr=None, min_lr_rate=None):
    def factor(base):
        low = min_lr / base if min_lr_rate is None else min_lr_rate
        return warmed(num_warmup_steps, lambda t: wave(
            done(t, num_warmup_steps, num_training_steps), num_cycles, low))
    return Lambda(factor, last_epoch)


def with_min_lr_rate(optimizer, num_warmup_steps, num_training_steps, num_cycles=0.5,
                     last_epoch=-1, min_lr=None, min_lr_rate=None, warmup_lr_rate=None):
    def factor(base):
        low = min_lr / base if min_lr_rate is None else min_lr_rate

        def at(t):
            if t >= num_warmup_steps:
                return wave(done(t + 1, num_warmup_steps, num_training_steps), num_cycles, low)
            if warmup_lr_rate is None:
                return (t + 1) / max(1, num_warmup_steps)
            return warmup_lr_rate + (1 - warmup_lr_rate) * t / max(1, num_warmup_steps - 1)
        return at
    return Lambda(factor, last_epoch)


def stable_decay(optimizer, num_warmup_steps, num_decay_steps, num_training_steps=None,
                 num_stable_steps=None, warmup_type="linear", decay_type="cosine", min_lr_ratio=0,
                 num_cycles=0.5, last_epoch=-1):
    stable = num_stable_steps
    if stable is None:
        stable = num_training_steps - num_warmup_steps - num_decay_steps
    curves = {"linear": lambda left: left, "1-sqrt": lambda left: 1 - math.sqrt(1 - left)}

    def at(t):
        if t < num_warmup_steps:
            x = t / max(1, num_warmup_steps)
            f = 0.5 * (1 - math.cos(math.pi * x)) if warmup_type == "cosine" else \
                curves[warmup_type](x)
        elif t < num_warmup_steps + stable:
            return 1.0
        elif t < num_warmup_steps + stable + num_decay_steps:
            x = (t - num_warmup_steps - stable) / max(1, num_decay_steps)
            f = wave(x, num_cycles) if decay_type == "cosine" else curves[decay_type](1 - x)
        else:
            return min_lr_ratio
        return max(0.0, f * (1 - min_lr_ratio) + min_lr_ratio)
    return Lambda(lambda _: at, last_epoch)


BY_NAME = {"constant": constant, "constant_with_warmup": constant_with_warmup, "linear": linear,
           "cosine": cosine, "cosine_with_restarts": restarts, "polynomial": polynomial,
           "inverse_sqrt": inverse_sqrt, "cosine_with_min_lr": with_min_lr,
           "cosine_warmup_with_min_lr": with_min_lr_rate, "warmup_stable_decay": stable_decay}
SchedulerType = Enum("SchedulerType", {name.upper(): name for name in BY_NAME})


def get_scheduler(name, optimizer, num_warmup_steps=None, num_training_steps=None,
                  scheduler_specific_kwargs=None):
    name = SchedulerType(name).value
    given = {"num_warmup_steps": num_warmup_steps, "num_training_steps": num_training_steps}
    if name == "constant":
        given = {}
    if name in ("constant_with_warmup", "inverse_sqrt"):
        del given["num_training_steps"]
    return BY_NAME[name](optimizer, **given, **(scheduler_specific_kwargs or {}))


names = {
    "optimizer": None,
    "SchedulerType": SchedulerType,
    "transformers": SimpleNamespace(
        get_scheduler=get_scheduler,
        get_constant_schedule=constant,
        get_constant_schedule_with_warmup=constant_with_warmup,
        get_linear_schedule_with_warmup=linear,
        get_cosine_schedule_with_warmup=cosine,
        get_cosine_with_hard_restarts_schedule_with_warmup=restarts,
        get_polynomial_decay_schedule_with_warmup=polynomial,
        get_inverse_sqrt_schedule=inverse_sqrt,
        get_cosine_with_min_lr_schedule_with_warmup=with_min_lr,
        get_cosine_with_min_lr_schedule_with_warmup_lr_rate=with_min_lr_rate,
        get_wsd_schedule=stable_decay),
}

write("transformers_calls", names, [
    Case("transformers." + text, updates) for text, updates in [
        ("get_scheduler('linear', optimizer, 10, 100)", 105),
        ("get_scheduler(SchedulerType.COSINE, optimizer, 5, int(0.5 * 90))", 60),
        ("get_scheduler('polynomial', optimizer, 3, 20, {'power': 2, 'lr_end': 0.01})", 25),
        ("get_scheduler('inverse_sqrt', optimizer, 4, scheduler_specific_kwargs=dict(timescale=9))",
         20),
        ("get_scheduler('warmup_stable_decay', optimizer, 4, 20, "
         "scheduler_specific_kwargs={'num_decay_steps': 6, 'decay_type': '1-sqrt'})", 22),
        ("get_constant_schedule(optimizer, last_epoch=7)", 5),
        ("get_constant_schedule_with_warmup(optimizer, 8, last_epoch=2)", 10),
        ("get_linear_schedule_with_warmup(optimizer, 2, 10, last_epoch=4)", 8),
        ("get_cosine_schedule_with_warmup(optimizer, 5, 20, last_epoch=9)", 30),
        ("get_cosine_with_hard_restarts_schedule_with_warmup(optimizer, 3, 30, 3, last_epoch=1)",
         32),
        ("get_polynomial_decay_schedule_with_warmup(optimizer, 3, 12, power=3, last_epoch=0)", 14),
        ("get_inverse_sqrt_schedule(optimizer, 4, last_epoch=5)", 12),
        ("get_cosine_with_min_lr_schedule_with_warmup(optimizer, 4, 20, min_lr=0.02)", 25),
        ("get_cosine_with_min_lr_schedule_with_warmup(optimizer, 0, 20, 1.5, 3, None, 0.25)", 25),
        ("get_cosine_with_min_lr_schedule_with_warmup_lr_rate(optimizer, 5, 25, min_lr=0.01)", 30),
        ("get_cosine_with_min_lr_schedule_with_warmup_lr_rate(optimizer, 5, 25, min_lr_rate=0.1, "
         "warmup_lr_rate=0.3, last_epoch=2)", 30),
        ("get_wsd_schedule(optimizer, 5, 10, 30, warmup_type='cosine', decay_type='linear', "
         "min_lr_ratio=0.1, last_epoch=3)", 30),
        ("get_wsd_schedule(optimizer, 5, 10, num_stable_steps=4, warmup_type='1-sqrt', "
         "num_cycles=1.5)", 22),
    ]
])
