#!/usr/bin/env python3
"""DeepSpeed's schedules. Read: deepspeed/runtime/lr_schedules.py of deepspeedai/DeepSpeed at
22779f2c6e335b494c90c05917206d3b14510d2d.

The rate of update 0 is what the constructor sets; that of update t what step() sets after t updates,
for the batch t - 1.
"""

import math
import types

from peer_cases import Case, write


class Schedule:
    def rates(self, case):
        self.base = case.base_lr
        return [self.first() if t == 0 else self.after(t - 1) for t in range(case.updates)]


class LRRangeTest(Schedule):
    def __init__(self, lr_range_test_min_lr=1e-3, lr_range_test_step_size=2000,
                 lr_range_test_step_rate=1.0, lr_range_test_staircase=False):
        self.low, self.size = lr_range_test_min_lr, lr_range_test_step_size
        self.rate, self.stairs = lr_range_test_step_rate, lr_range_test_staircase

    def first(self):
        return self.low

    def after(self, batch):
        x = (batch + 1) / self.size
        return self.low * (1 + self.rate * (math.floor(x) if self.stairs else x))


class OneCycle(Schedule):
    def __init__(self, cycle_min_lr, cycle_max_lr, decay_lr_rate=0.0, cycle_first_step_size=2000,
                 cycle_second_step_size=None, cycle_first_stair_count=0,
                 cycle_second_stair_count=None, decay_step_size=0, cycle_momentum=True,
                 cycle_min_mom=0.8, cycle_max_mom=0.9, decay_mom_rate=0.0):
        self.low, self.high, self.decay = cycle_min_lr, cycle_max_lr, decay_lr_rate
        self.up = cycle_first_step_size
        self.down = self.up if cycle_second_step_size is None else cycle_second_step_size
        self.stairs_up = cycle_first_stair_count
        self.stairs_down = (cycle_first_stair_count if cycle_second_stair_count is None
                            else cycle_second_stair_count)
        self.every = decay_step_size
        self.moves, self.low_mom, self.high_mom = cycle_momentum, cycle_min_mom, cycle_max_mom
        self.mom_decay = decay_mom_rate

    def height(self, n):
        n = n % (self.up + self.down)
        if n <= self.up:
            return (math.floor(n * self.stairs_up / self.up) / self.stairs_up
                    if self.stairs_up > 0 else n / self.up)
        left = self.up + self.down - n
        return (math.floor(left * self.stairs_down / self.down) / self.stairs_down
                if self.stairs_down > 0 else left / self.down)

    def first(self):
        return self.low

    def after(self, batch):
        total = self.up + self.down
        if batch < total:
            return self.low + (self.high - self.low) * self.height(batch + 1)
        if self.every == 0 or self.decay == 0:
            return self.low
        return self.low / (1 + self.decay * (batch - total + 1) / self.every)

    def momentum(self, batch):
        total = self.up + self.down
        if batch < total:
            return self.high_mom - (self.high_mom - self.low_mom) * self.height(batch + 1)
        if self.every == 0 or self.mom_decay == 0:
            return self.high_mom
        return self.high_mom * (1 + self.mom_decay * (batch - total + 1) / self.every)

    def momenta(self, case):
        if not self.moves:
            return None
        return [self.low_mom if t == 0 else self.momentum(t - 1) for t in range(case.updates)]


class Warmup(Schedule):
    """What is done of the warmup after a batch, or None after it."""

    def prepare(self, warmup_num_steps, warmup_type):
        self.steps, self.type = max(2, warmup_num_steps), warmup_type

    def warmed(self, batch):
        if batch >= self.steps:
            return None
        return (math.log(batch + 1) / math.log(self.steps) if self.type == "log"
                else batch / self.steps)


class WarmupLR(Warmup):
    def __init__(self, warmup_min_lr=0.0, warmup_max_lr=None, warmup_num_steps=1000,
                 warmup_type="log"):
        self.low, self.high = warmup_min_lr, warmup_max_lr
        self.prepare(warmup_num_steps, warmup_type)

    def first(self):
        return self.low

    def later(self, batch):
        return 1.0

    def after(self, batch):
        high = self.base if self.high is None else self.high
        done = self.warmed(batch)
        return self.low + (high - self.low) * (self.later(batch) if done is None else done)


class WarmupDecayLR(WarmupLR):
    def __init__(self, total_num_steps, warmup_min_lr=0.0, warmup_max_lr=0.001,
                 warmup_num_steps=1000, warmup_type="log"):
        super().__init__(warmup_min_lr, warmup_max_lr, warmup_num_steps, warmup_type)
        self.total = total_num_steps

    def later(self, batch):
        return max(0.0, (self.total - batch) / max(1.0, self.total - self.steps))


class WarmupCosineLR(Warmup):
    def __init__(self, total_num_steps, warmup_min_ratio=0.0, warmup_num_steps=1000,
                 cos_min_ratio=0.0001, warmup_type="log"):
        self.total, self.from_, self.to = total_num_steps, warmup_min_ratio, cos_min_ratio
        self.prepare(warmup_num_steps, warmup_type)

    def first(self):
        return 0.0

    def after(self, batch):
        done = self.warmed(batch)
        if done is not None:
            return self.base * (self.from_ + done * (1 - self.from_))
        x = min(1.0, (batch - self.steps + 1) / max(1, self.total - self.steps))
        return self.base * max(0.0, self.to + (1 - self.to) * (1 + math.cos(math.pi * x)) / 2)


def scheduler(type, params=None):
    if isinstance(type, dict):
        type, params = type["type"], type["params"]
    return globals()[type](**params)


deepspeed = types.SimpleNamespace(
    LRRangeTest=LRRangeTest, OneCycle=OneCycle, WarmupLR=WarmupLR, WarmupDecayLR=WarmupDecayLR,
    WarmupCosineLR=WarmupCosineLR, scheduler=scheduler)
deepspeed.runtime = types.SimpleNamespace(lr_schedules=deepspeed)

write("deepspeed", {"deepspeed": deepspeed, "true": True, "false": False}, [
    Case("deepspeed.LRRangeTest(lr_range_test_min_lr=0.01, lr_range_test_step_size=7)", 40),
    Case("deepspeed.LRRangeTest(0.01, 7, 2.5, lr_range_test_staircase=True)", 40),
    Case("deepspeed.LRRangeTest(lr_range_test_step_size=1, lr_range_test_step_rate=0)", 10),
    Case("deepspeed.OneCycle(0.01, 0.1, cycle_first_step_size=6)", 30),
    Case("deepspeed.OneCycle(cycle_min_lr=0.01, cycle_max_lr=0.1, decay_lr_rate=0.5, "
         "cycle_first_step_size=5, cycle_second_step_size=9, decay_step_size=4)", 40),
    Case("deepspeed.OneCycle(0.02, 0.1, 1.0, cycle_first_step_size=8, cycle_first_stair_count=3, "
         "decay_step_size=2, decay_mom_rate=0.001)", 40),
    Case("deepspeed.OneCycle(0.02, 0.1, cycle_first_step_size=7, cycle_second_step_size=10, "
         "cycle_first_stair_count=-1, cycle_second_stair_count=4, cycle_momentum=False)", 40),
    Case("deepspeed.OneCycle(0.0, 0.1, cycle_first_step_size=1, cycle_second_step_size=0)", 8),
    Case("deepspeed.OneCycle(0.1, 0.1, cycle_first_step_size=1, cycle_second_step_size=1, "
         "decay_step_size=0, decay_lr_rate=1.0)", 8),
    Case("deepspeed.WarmupLR()", 1100),
    Case("deepspeed.runtime.lr_schedules.WarmupLR(warmup_num_steps=10)", 30, base_lr=0.02),
    Case("deepspeed.WarmupLR(0.01, 0.1, 10, 'linear')", 30),
    Case("deepspeed.WarmupLR(warmup_min_lr=0.001, warmup_max_lr=0.05, warmup_num_steps=1)", 10),
    Case("deepspeed.WarmupLR(warmup_min_lr=0.1, warmup_max_lr=0.02, warmup_num_steps=5)", 10),
    Case("deepspeed.WarmupDecayLR(total_num_steps=40, warmup_num_steps=10)", 60),
    Case("deepspeed.WarmupDecayLR(40, 0.01, 0.1, 10, 'linear')", 60),
    Case("deepspeed.WarmupDecayLR(10, 0.01, 0.1, 10)", 20),
    Case("deepspeed.WarmupDecayLR(0, 0.01, 0.1, 1, 'linear')", 10),
    Case("deepspeed.WarmupCosineLR(total_num_steps=40, warmup_num_steps=10)", 60),
    Case("deepspeed.WarmupCosineLR(40, 0.2, 10, 0.1, 'linear')", 60),
    Case("deepspeed.WarmupCosineLR(10, warmup_num_steps=10, cos_min_ratio=0.05)", 20),
    Case("deepspeed.WarmupCosineLR(3, warmup_num_steps=1, cos_min_ratio=0)", 10),
    Case("deepspeed.scheduler(type='WarmupLR', params={'warmup_num_steps': 6, "
         "'warmup_type': 'linear'})", 12),
    Case('deepspeed.scheduler({"type": "LRRangeTest", "params": {"lr_range_test_min_lr": 0.01, '
         '"lr_range_test_step_size": 3, "lr_range_test_staircase": true}})', 12),
])
