#!/usr/bin/env python3
"""Calls of timm's schedulers. Read: timm/scheduler of huggingface/pytorch-image-models:
cosine_lr.py at 16664ea31ba52dc55c3744e69741fffddb4845da, wsd_lr.py at
803b7c2ac5eb419fef21fd8ef2a6e7bc151cf342. Update 0 runs at what the constructor leaves: the base
rate, or warmup_lr_init if there is a warmup.
"""

import math
from types import SimpleNamespace

from peer_cases import Case, write


class Scheduler:
    def __init__(self, warmup_t, warmup_lr_init, prefix):
        self.warmup, self.from_, self.prefix = warmup_t, warmup_lr_init, prefix

    def rates(self, case):
        def at(t):
            if t < self.warmup:
                return self.from_ + t * (case.base_lr - self.from_) / self.warmup
            return self.decayed(t - self.warmup if self.prefix else t, case.base_lr)
        first = self.from_ if self.warmup else case.base_lr
        return [first] + [at(t) for t in range(1, case.updates)]


class CosineLRScheduler(Scheduler):
    def __init__(self, t_initial, lr_min=0.0, cycle_mul=1.0, cycle_decay=1.0, cycle_limit=1,
                 warmup_t=0, warmup_lr_init=0, warmup_prefix=False, t_in_epochs=True, k_decay=1.0):
        super().__init__(warmup_t, warmup_lr_init, warmup_prefix)
        self.length, self.low, self.mul, self.decay = t_initial, lr_min, cycle_mul, cycle_decay
        self.limit, self.k = cycle_limit, k_decay

    def decayed(self, t, base):
        i, begin, length = 0, 0, self.length
        while t >= begin + length:
            i, begin, length = i + 1, begin + length, length * self.mul
        if i >= self.limit:
            return self.low
        wave = 1 + math.cos(math.pi * (t - begin) ** self.k / length ** self.k)
        return self.low + 0.5 * (base * self.decay ** i - self.low) * wave


class WSDLRScheduler(Scheduler):
    def __init__(self, t_initial, decay_t, lr_min=0.0, stable_fn="constant", stable_timescale=None,
                 stable_power=0.5, decay_fn="1-sqrt", decay_power=0.5, decay_ratio=0.1, warmup_t=0,
                 warmup_lr_init=0.0, t_in_epochs=True):
        super().__init__(warmup_t, warmup_lr_init, True)
        r = decay_ratio
        self.length, self.decay, self.low = t_initial, decay_t, lr_min
        self.power = {"constant": 0.0, "rsqrt": 0.5, "power": stable_power}[stable_fn]
        self.scale = stable_timescale or warmup_t or 1
        self.fall = decay_fn if callable(decay_fn) else {
            "linear": lambda x: 1 - x,
            "1-sqrt": lambda x: 1 - math.sqrt(x),
            "cosine": lambda x: 0.5 * (1 + math.cos(math.pi * x)),
            "power": lambda x: 1 - x ** decay_power,
            "exp": lambda x: (r ** x - r) / (1 - r)}[decay_fn]

    def decayed(self, t, base):
        level = max(base * (1 + t / self.scale) ** -self.power, self.low)
        into = t - (self.length - self.decay)
        if into <= 0:
            return level
        return self.low + (level - self.low) * self.fall(min(into / self.decay, 1.0))


names = {"timm": SimpleNamespace(CosineLRScheduler=CosineLRScheduler,
                                 WSDLRScheduler=WSDLRScheduler), "math": math}

write("timm_calls", names, [
    Case("timm." + text, updates) for text, updates in [
        ("CosineLRScheduler(t_initial=10, cycle_limit=0)", 5),
        ("CosineLRScheduler(t_initial=10, cycle_limit=0, lr_min=0.01, warmup_t=3)", 8),
        ("CosineLRScheduler(8, lr_min=0.01, cycle_mul=2, cycle_decay=0.5, cycle_limit=3, "
         "warmup_t=3, warmup_prefix=True, t_in_epochs=False)", 70),
        ("WSDLRScheduler(t_initial=40, decay_t=10, warmup_t=5)", 50),
        ("WSDLRScheduler(40, 10, lr_min=0.02, decay_fn='linear')", 45),
        ("WSDLRScheduler(40, 10, lr_min=0.2, decay_fn='cosine')", 45),
        ("WSDLRScheduler(40, 10, stable_fn='rsqrt', decay_fn='power', decay_power=2.0, "
         "warmup_t=4, warmup_lr_init=0.01)", 48),
        ("WSDLRScheduler(40, 15, lr_min=0.05, stable_fn='power', stable_power=0.8, "
         "stable_timescale=6, decay_fn='exp', decay_ratio=0.2, warmup_t=4)", 48),
        ("WSDLRScheduler(20, 20, decay_fn=lambda frac: (1 - frac) ** 3, warmup_t=2)", 25),
    ]
])
