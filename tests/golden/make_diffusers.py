#!/usr/bin/env python3
"""diffusers' schedules. Read: src/diffusers/optimization.py of huggingface/diffusers at
013f555075f8f500e6289568fee34651dd7fa772. PyTorch's LambdaLR calls them with 0, 1, 2, ...
"""

import math
import types

from peer_cases import Case, write


class Schedule:
    def __init__(self, factor):
        self.factor = factor

    def rates(self, case):
        return [case.base_lr * self.factor(t, case.base_lr) for t in range(case.updates)]


def warmed(warmup, later):
    return Schedule(lambda t, lr: t / max(1, warmup) if t < warmup else later(t, lr))


def done(t, warmup, total):
    return (t - warmup) / max(1, total - warmup)


def get_constant_schedule(optimizer=None):
    return Schedule(lambda t, lr: 1.0)


def get_constant_schedule_with_warmup(optimizer, num_warmup_steps):
    return warmed(num_warmup_steps, lambda t, lr: 1.0)


def get_linear_schedule_with_warmup(optimizer, num_warmup_steps, num_training_steps):
    return warmed(num_warmup_steps, lambda t, lr: max(
        0.0, (num_training_steps - t) / max(1, num_training_steps - num_warmup_steps)))


def get_cosine_schedule_with_warmup(optimizer, num_warmup_steps, num_training_steps,
                                    num_cycles=0.5):
    return warmed(num_warmup_steps, lambda t, lr: max(0.0, (1 + math.cos(
        math.pi * num_cycles * 2 * done(t, num_warmup_steps, num_training_steps))) / 2))


def get_cosine_with_hard_restarts_schedule_with_warmup(optimizer, num_warmup_steps,
                                                       num_training_steps, num_cycles=1):
    def later(t, lr):
        x = done(t, num_warmup_steps, num_training_steps)
        return 0.0 if x >= 1 else (1 + math.cos(math.pi * ((num_cycles * x) % 1.0))) / 2
    return warmed(num_warmup_steps, later)


def get_polynomial_decay_schedule_with_warmup(optimizer, num_warmup_steps, num_training_steps,
                                              lr_end=1e-7, power=1.0):
    def later(t, lr):
        if t > num_training_steps:
            return lr_end / lr
        left = 1 - (t - num_warmup_steps) / (num_training_steps - num_warmup_steps)
        return ((lr - lr_end) * left ** power + lr_end) / lr
    return warmed(num_warmup_steps, later)


def get_piecewise_constant_schedule(optimizer, step_rules):
    *rules, last = step_rules.split(",")
    before = {int(rule.split(":")[1]): float(rule.split(":")[0]) for rule in rules}

    def factor(t, lr):
        return next((before[step] for step in sorted(before) if t < step), float(last))
    return Schedule(factor)


def get_scheduler(name, optimizer=None, step_rules=None, num_warmup_steps=None,
                  num_training_steps=None, num_cycles=1, power=1.0):
    w, n = num_warmup_steps, num_training_steps
    return {"constant": lambda: get_constant_schedule(),
            "piecewise_constant": lambda: get_piecewise_constant_schedule(None, step_rules),
            "constant_with_warmup": lambda: get_constant_schedule_with_warmup(None, w),
            "linear": lambda: get_linear_schedule_with_warmup(None, w, n),
            "cosine": lambda: get_cosine_schedule_with_warmup(None, w, n),
            "cosine_with_restarts": lambda: get_cosine_with_hard_restarts_schedule_with_warmup(
                None, w, n, num_cycles),
            "polynomial": lambda: get_polynomial_decay_schedule_with_warmup(
                None, w, n, power=power)}[name]()


names = {k: v for k, v in globals().items() if k.startswith("get_")}
diffusers = types.SimpleNamespace(optimization=types.SimpleNamespace(**names), **names)

write("diffusers", {"diffusers": diffusers, "optimizer": None}, [
    Case("diffusers.get_scheduler('constant')", 5),
    Case("diffusers.optimization.get_scheduler('constant_with_warmup', num_warmup_steps=5)", 12),
    Case("diffusers.optimization.get_scheduler('linear', optimizer=optimizer, num_warmup_steps=5, "
         "num_training_steps=20)", 30),
    Case("diffusers.get_scheduler('cosine', num_warmup_steps=5, num_training_steps=20, "
         "num_cycles=3)", 40),
    Case("diffusers.get_scheduler(name='cosine_with_restarts', num_warmup_steps=4, "
         "num_training_steps=30, num_cycles=3)", 40),
    Case("diffusers.get_scheduler('polynomial', num_warmup_steps=4, num_training_steps=20, "
         "power=2.0)", 30),
    Case("diffusers.get_scheduler('piecewise_constant', step_rules='1:5,0.1:12,0.005')", 20),
    Case("diffusers.optimization.get_piecewise_constant_schedule(optimizer, "
         "step_rules='0.5:10, 2:3,0')", 15),
    Case("diffusers.get_piecewise_constant_schedule(optimizer, '0.3')", 4),
    Case("diffusers.get_piecewise_constant_schedule(optimizer, '2:0,0.3')", 4),
    Case("diffusers.optimization.get_constant_schedule(optimizer)", 4),
    Case("diffusers.optimization.get_constant_schedule_with_warmup(optimizer, 0)", 4),
    Case("diffusers.optimization.get_linear_schedule_with_warmup(optimizer, 3, 3)", 8),
    Case("diffusers.optimization.get_cosine_schedule_with_warmup(optimizer, 3, 20, 1.5)", 30),
    Case("diffusers.get_cosine_with_hard_restarts_schedule_with_warmup(optimizer, "
         "num_warmup_steps=0, num_training_steps=10, num_cycles=2)", 15),
    Case("diffusers.get_polynomial_decay_schedule_with_warmup(optimizer, 3, 20, lr_end=0.01, "
         "power=3.0)", 30),
])
