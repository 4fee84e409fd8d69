#!/usr/bin/env python3
"""MXNet's schedules. Read: python/mxnet/lr_scheduler.py of MXNet 2 (in sarvex/mxnet at
c3c51896675dce308994e86e78eef290dc2c296b). An optimizer counts an update before it asks for its rate:
update 0 is number 1.
"""

import math
import types

from peer_cases import Case, write


class Scheduler:
    def begin(self, base_lr, warmup_steps, warmup_begin_lr, warmup_mode):
        self.base = self.top = base_lr
        self.warmup, self.from_, self.mode = warmup_steps, warmup_begin_lr, warmup_mode

    def rates(self, case):
        return [self.warming(n) if n < self.warmup else self(n)
                for n in range(1, case.updates + 1)]

    def warming(self, n):
        if self.mode == "constant":
            return self.from_
        return self.from_ + (self.top - self.from_) * n / self.warmup


class FactorScheduler(Scheduler):
    def __init__(self, step, factor=1, stop_factor_lr=1e-8, base_lr=0.01, warmup_steps=0,
                 warmup_begin_lr=0, warmup_mode="linear"):
        self.begin(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        self.step, self.factor, self.stop, self.count = step, factor, stop_factor_lr, 0

    def __call__(self, n):
        while n > self.count + self.step:
            self.count += self.step
            self.base = max(self.base * self.factor, self.stop)
        return self.base


class MultiFactorScheduler(Scheduler):
    def __init__(self, step, factor=1, base_lr=0.01, warmup_steps=0, warmup_begin_lr=0,
                 warmup_mode="linear"):
        self.begin(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        self.left, self.factor = list(step), factor

    def __call__(self, n):
        while self.left and n > self.left[0]:
            self.left.pop(0)
            self.base *= self.factor
        return self.base


class PolyScheduler(Scheduler):
    def __init__(self, max_update, base_lr=0.01, pwr=2, final_lr=0, warmup_steps=0,
                 warmup_begin_lr=0, warmup_mode="linear"):
        self.begin(base_lr, warmup_steps, warmup_begin_lr, warmup_mode)
        self.end, self.power, self.low = max_update, pwr, final_lr

    def shape(self, x):
        return (1 - x) ** self.power

    def __call__(self, n):
        if n <= self.end:
            x = (n - self.warmup) / (self.end - self.warmup)
            self.base = self.low + (self.top - self.low) * self.shape(x)
        return self.base


class CosineScheduler(PolyScheduler):
    def __init__(self, max_update, base_lr=0.01, final_lr=0, warmup_steps=0, warmup_begin_lr=0,
                 warmup_mode="linear"):
        super().__init__(max_update, base_lr, 1, final_lr, warmup_steps, warmup_begin_lr,
                         warmup_mode)

    def shape(self, x):
        return (1 + math.cos(math.pi * x)) / 2


mxnet = types.SimpleNamespace(lr_scheduler=types.SimpleNamespace(
    FactorScheduler=FactorScheduler, MultiFactorScheduler=MultiFactorScheduler,
    PolyScheduler=PolyScheduler, CosineScheduler=CosineScheduler))

write("mxnet", {"mxnet": mxnet}, [
    Case("mxnet.lr_scheduler.FactorScheduler(step=5, factor=0.5, base_lr=0.1)", 30),
    Case("mxnet.lr_scheduler.FactorScheduler(4, 0.1, stop_factor_lr=0.002, base_lr=0.1)", 30),
    Case("mxnet.lr_scheduler.FactorScheduler(4, 0.5, stop_factor_lr=0.5, base_lr=0.1)", 12),
    Case("mxnet.lr_scheduler.FactorScheduler(3, 0.5, base_lr=0.1, warmup_steps=8, "
         "warmup_begin_lr=0.01)", 30),
    Case("mxnet.lr_scheduler.FactorScheduler(step=1)", 10),
    Case("mxnet.lr_scheduler.FactorScheduler(step=1, factor=0, stop_factor_lr=0, base_lr=0.1)", 5),
    Case("mxnet.lr_scheduler.MultiFactorScheduler(step=[5, 8], factor=0.1, base_lr=0.1)", 20),
    Case("mxnet.lr_scheduler.MultiFactorScheduler([3, 9], 0.5, 0.1, warmup_steps=5, "
         "warmup_begin_lr=0.02, warmup_mode='constant')", 20),
    Case("mxnet.lr_scheduler.MultiFactorScheduler([1], factor=0.5)", 5),
    Case("mxnet.lr_scheduler.PolyScheduler(max_update=20, base_lr=0.1)", 30),
    Case("mxnet.lr_scheduler.PolyScheduler(20, 0.1, pwr=1, final_lr=0.01, warmup_steps=5)", 30),
    Case("mxnet.lr_scheduler.PolyScheduler(3, 0.1, warmup_steps=5, warmup_begin_lr=0.05)", 12),
    Case("mxnet.lr_scheduler.PolyScheduler(20, 0.1, warmup_steps=1)", 30),
    Case("mxnet.lr_scheduler.CosineScheduler(max_update=20, base_lr=0.1)", 30),
    Case("mxnet.lr_scheduler.CosineScheduler(20, base_lr=0.1, final_lr=0.01, warmup_steps=6, "
         "warmup_begin_lr=0.02)", 30),
    Case("mxnet.lr_scheduler.CosineScheduler(20, 0.1, 0.2, 2, 0.02, 'constant')", 30),
    Case("mxnet.lr_scheduler.CosineScheduler(1, 0.1, final_lr=0.03)", 5),
])
