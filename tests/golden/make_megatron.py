#!/usr/bin/env python3
"""Megatron-LM's OptimizerParamScheduler. Read: megatron/core/optimizer_param_scheduler.py of
NVIDIA/Megatron-LM at 00caa53af30912914981c86f39db123961678bbd. step() is called with 1.
"""

import math
import types

from peer_cases import Case, write


class OptimizerParamScheduler:
    def __init__(self, init_lr, max_lr, min_lr, lr_warmup_steps, lr_decay_steps, lr_decay_style,
                 start_wd=0.0, end_wd=0.0, wd_incr_steps=0, wd_incr_style="constant",
                 wsd_decay_steps=None, lr_wsd_decay_style=None):
        self.start, self.top, self.low = init_lr, max_lr, min_lr
        self.warmup, self.end, self.style = lr_warmup_steps, lr_decay_steps, lr_decay_style
        self.cooldown, self.cooling = wsd_decay_steps, lr_wsd_decay_style

    def rate(self, n):
        if self.warmup > 0 and n <= self.warmup:
            return self.start + (self.top - self.start) * n / self.warmup
        if self.style == "constant":
            return self.top
        if n > self.end:
            return self.low
        if self.style == "inverse-square-root":
            return max(self.low, self.top * math.sqrt(max(self.warmup, 1)) / math.sqrt(max(n, 1)))
        x = (n - self.warmup) / (self.end - self.warmup)
        if self.style == "linear":
            y = 1 - x
        elif self.style == "cosine":
            y = (math.cos(math.pi * x) + 1) / 2
        else:
            begin = self.end - self.cooldown
            if n <= begin:
                y = 1.0
            else:
                x = (n - begin) / self.cooldown
                y = {"linear": lambda: 1 - x, "cosine": lambda: (math.cos(math.pi * x) + 1) / 2,
                     "exponential": lambda: 2 * 0.5 ** x - 1,
                     "minus_sqrt": lambda: 1 - math.sqrt(x)}[self.cooling]()
        return self.low + y * (self.top - self.low)

    def rates(self, case):
        return [self.rate(t) for t in range(case.updates)]


megatron = types.SimpleNamespace(OptimizerParamScheduler=OptimizerParamScheduler)
megatron.core = types.SimpleNamespace(optimizer_param_scheduler=megatron)

NAME = "megatron.OptimizerParamScheduler"
write("megatron", {"megatron": megatron}, [
    Case(f"{NAME}(0.0, 0.1, 0.01, 10, 50, 'cosine')", 70),
    Case(f"{NAME}(0.02, 0.1, 0.0, 5, 50, 'linear')", 70),
    Case(f"{NAME}(0.0, 0.1, 0.01, 0, 20, 'linear')", 30),
    Case(f"{NAME}(0.0, 0.1, 0.1, 3, 20, 'constant')", 30),
    Case(f"{NAME}(0.0, 0.1, 0.03, 4, 60, 'inverse-square-root')", 80),
    Case(f"{NAME}(0.0, 0.1, 0.001, 0, 20, 'inverse-square-root')", 30),
    Case(f"{NAME}(0.0, 0.1, 0.01, 10, 60, 'WSD', wsd_decay_steps=20, lr_wsd_decay_style='linear')", 80),
    Case(f"{NAME}(0.0, 0.1, 0.01, 10, 60, 'WSD', wsd_decay_steps=20, lr_wsd_decay_style='cosine')", 80),
    Case("megatron.core.optimizer_param_scheduler.OptimizerParamScheduler(init_lr=0.0, max_lr=0.1, "
         "min_lr=0.01, lr_warmup_steps=10, lr_decay_steps=60, lr_decay_style='WSD', "
         "start_wd=0.1, end_wd=0.1, wd_incr_steps=60, wd_incr_style='constant', "
         "wsd_decay_steps=20, lr_wsd_decay_style='exponential')", 80),
    Case(f"{NAME}(0.0, 0.1, 0.0, 0, 60, 'WSD', wsd_decay_steps=60, lr_wsd_decay_style='minus_sqrt')", 80),
    Case(f"{NAME}(0.0, 0.1, 0.0, 10, 30, 'WSD', wsd_decay_steps=25, lr_wsd_decay_style='minus_sqrt')", 40),
    Case(f"{NAME}(0.0, 0.1, 0.02, 0, 10, 'WSD', wsd_decay_steps=15, lr_wsd_decay_style='cosine')", 20),
    Case(f"{NAME}(0.0, 0.1, 0.01, 3, 10, 'WSD', wsd_decay_steps=0, lr_wsd_decay_style='linear')", 20),
    Case(f"{NAME}(0.05, 0.2, 0.01, 1, 2, 'cosine')", 10, base_lr=0.2),
])
