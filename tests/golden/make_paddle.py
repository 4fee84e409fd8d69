#!/usr/bin/env python3
"""PaddlePaddle's schedules. Read: python/paddle/optimizer/lr.py of PaddlePaddle/Paddle at
00816fcb21ade6ad4425774b0e989c8098c6d324. Update 0 has the rate of epoch 0, and step() is called
after each update.
"""

import math
import types

from peer_cases import Case, write


class Schedule:
    """rate(t), or a recursion after(t, last rate)."""

    def rates(self, case):
        out = []
        for t in range(case.updates):
            out.append(self.rate(t) if hasattr(self, "rate") else self.after(t, out))
        return out


class Closed(Schedule):
    def __init__(self, rate):
        self.rate = rate


def NoamDecay(d_model, warmup_steps, learning_rate=1.0):
    return Closed(lambda t: learning_rate * d_model ** -0.5 * min(
        1 if t == 0 else t ** -0.5, warmup_steps ** -1.5 * t))


def PiecewiseDecay(boundaries, values):
    return Closed(lambda t: next((v for b, v in zip(boundaries, values) if t < b), values[-1]))


def NaturalExpDecay(learning_rate, gamma):
    return Closed(lambda t: learning_rate * math.exp(-gamma * t))


def InverseTimeDecay(learning_rate, gamma):
    return Closed(lambda t: learning_rate / (1 + gamma * t))


def PolynomialDecay(learning_rate, decay_steps, end_lr=0.0001, power=1.0, cycle=False):
    def rate(t):
        n = decay_steps
        if cycle:
            n *= 1 if t == 0 else math.ceil(t / decay_steps)
        else:
            t = min(t, n)
        return (learning_rate - end_lr) * (1 - t / n) ** power + end_lr
    return Closed(rate)


class LinearWarmup(Schedule):
    def __init__(self, learning_rate, warmup_steps, start_lr, end_lr):
        self.later, self.steps, self.from_, self.to = learning_rate, warmup_steps, start_lr, end_lr

    def after(self, t, out):
        if t < self.steps:
            return (self.to - self.from_) * t / self.steps + self.from_
        if not isinstance(self.later, Schedule):
            return self.later
        if hasattr(self.later, "rate"):
            return self.later.rate(t - self.steps)
        return self.later.after(t - self.steps, out[self.steps:])


def ExponentialDecay(learning_rate, gamma):
    return Closed(lambda t: learning_rate * gamma ** t)


def MultiStepDecay(learning_rate, milestones, gamma=0.1):
    return Closed(lambda t: learning_rate * gamma ** sum(t >= m for m in milestones))


def StepDecay(learning_rate, step_size, gamma=0.1):
    return Closed(lambda t: learning_rate * gamma ** (t // step_size))


def LambdaDecay(learning_rate, lr_lambda):
    return Closed(lambda t: learning_rate * lr_lambda(t))


def MultiplicativeDecay(learning_rate, lr_lambda):
    return Closed(lambda t: learning_rate * math.prod(lr_lambda(i) for i in range(1, t + 1)))


class CosineAnnealingDecay(Schedule):
    def __init__(self, learning_rate, T_max, eta_min=0):
        self.top, self.half, self.low = learning_rate, T_max, eta_min

    def after(self, t, out):
        if t == 0:
            return self.top
        if (t - 1 - self.half) % (2 * self.half) == 0:
            return out[-1] + (self.top - self.low) * (1 - math.cos(math.pi / self.half)) / 2
        return ((1 + math.cos(math.pi * t / self.half))
                / (1 + math.cos(math.pi * (t - 1) / self.half))
                * (out[-1] - self.low) + self.low)


class LinearLR(Schedule):
    def __init__(self, learning_rate, total_steps, start_factor=1 / 3, end_factor=1.0):
        self.top, self.steps, self.from_, self.to = learning_rate, total_steps, start_factor, end_factor

    def after(self, t, out):
        if t == 0:
            return self.top * self.from_
        if t > self.steps:
            return out[-1]
        rise = self.to - self.from_
        return out[-1] * (1 + rise / (self.steps * self.from_ + (t - 1) * rise))


class CosineAnnealingWarmRestarts(Schedule):
    def __init__(self, learning_rate, T_0, T_mult=1, eta_min=0):
        self.top, self.first, self.growth, self.low = learning_rate, T_0, T_mult, eta_min

    def rate(self, t):
        length = self.first
        while t >= length:
            t -= length
            length *= self.growth
        return self.low + (self.top - self.low) * (1 + math.cos(math.pi * t / length)) / 2


def OneCycleLR(max_learning_rate, total_steps, divide_factor=25.0, end_learning_rate=0.0001,
               phase_pct=0.3, anneal_strategy="cos", three_phase=False):
    start = max_learning_rate / divide_factor
    peak, last = phase_pct * total_steps - 1, total_steps - 1
    ends = [0, peak, 2 * peak, last] if three_phase else [0, peak, last]
    levels = ([start, max_learning_rate, start, end_learning_rate] if three_phase
              else [start, max_learning_rate, end_learning_rate])

    def rate(t):
        for i in range(len(ends) - 1):
            if t <= ends[i + 1] or i == len(ends) - 2:
                x = (t - ends[i]) / (ends[i + 1] - ends[i])
                a, b = levels[i], levels[i + 1]
                if anneal_strategy == "linear":
                    return (b - a) * x + a
                return b + (a - b) / 2 * (math.cos(math.pi * x) + 1)
    return Closed(rate)


def CyclicLR(base_learning_rate, max_learning_rate, step_size_up, step_size_down=None,
             mode="triangular", exp_gamma=1.0, scale_fn=None, scale_mode="cycle"):
    size = step_size_up + (step_size_up if step_size_down is None else step_size_down)
    up = step_size_up / size
    if scale_fn is None:
        scale_mode = "iterations" if mode == "exp_range" else "cycle"
        scale_fn = {"triangular": lambda x: 1.0, "triangular2": lambda x: 2.0 ** (1 - x),
                    "exp_range": lambda x: exp_gamma ** x}[mode]

    def rate(t):
        cycle = 1 + t // size
        x = 1 + t / size - cycle
        height = x / up if x <= up else (1 - x) / (1 - up)
        scale = scale_fn(cycle if scale_mode == "cycle" else t)
        return base_learning_rate + (max_learning_rate - base_learning_rate) * height * scale
    return Closed(rate)


class ReduceOnPlateau(Schedule):
    def __init__(self, learning_rate, mode="min", factor=0.1, patience=10, threshold=1e-4,
                 threshold_mode="rel", cooldown=0, min_lr=0, epsilon=1e-8):
        self.rate_, self.sign = learning_rate, 1 if mode == "min" else -1
        self.factor, self.patience, self.threshold = factor, patience, threshold
        self.relative, self.cooldown, self.low, self.eps = (
            threshold_mode == "rel", cooldown, min_lr, epsilon)

    def rates(self, case):
        rate, best, bad, waiting = self.rate_, None, 0, 0
        out = [rate]
        for loss in case.metrics[:case.updates - 1]:
            if waiting > 0:
                waiting -= 1
            else:
                if best is not None:
                    step = self.threshold * (best if self.relative else self.sign)
                    # min: below best - step; max: above best + step
                    wanted = best - step if self.sign == 1 else (
                        best + step if self.relative else best - step)
                if best is None or self.sign * loss < self.sign * wanted:
                    best, bad = loss, 0
                else:
                    bad += 1
                if bad > self.patience:
                    waiting, bad = self.cooldown, 0
                    lower = max(rate * self.factor, self.low)
                    if rate - lower > self.eps:
                        rate = lower
            out.append(rate)
        return out


names = {k: v for k, v in globals().items()
         if k[0].isupper() and k not in ("Case", "Schedule", "Closed")}
paddle = types.SimpleNamespace(optimizer=types.SimpleNamespace(lr=types.SimpleNamespace(**names)),
                               **names)
LOSSES = [1.0, 0.9, 0.95, 0.96, 0.97, 0.5, 0.8, 0.8, 0.8, 0.8, 0.7, 0.71, 0.72, 0.73, 0.74, 0.2,
          0.75, 0.76, 0.1, 0.3, 0.3, 0.3, 0.3]
LR = "paddle.optimizer.lr"

write("paddle", {"paddle": paddle, "math": math}, [
    Case(f"{LR}.NoamDecay(d_model=64, warmup_steps=10)", 40),
    Case(f"{LR}.NoamDecay(0.01, warmup_steps=1, learning_rate=0.1)", 20),
    Case(f"{LR}.PiecewiseDecay(boundaries=[3, 6, 9], values=[0.1, 0.2, 0.3, 0.4])", 15),
    Case(f"{LR}.PiecewiseDecay([5, 3, 8], [0.1, 0.2, 0.3, 0.4, 0.5])", 15),
    Case(f"{LR}.NaturalExpDecay(learning_rate=0.5, gamma=0.1)", 30),
    Case(f"{LR}.InverseTimeDecay(learning_rate=0.5, gamma=0.1)", 30),
    Case(f"{LR}.InverseTimeDecay(0.5, 0)", 5),
    Case(f"{LR}.PolynomialDecay(learning_rate=0.5, decay_steps=20)", 30),
    Case(f"{LR}.PolynomialDecay(0.5, 7, end_lr=0.01, power=2.0, cycle=True)", 40),
    Case(f"{LR}.PolynomialDecay(0.0, 7, end_lr=0.01, power=2.0, cycle=True)", 40),
    Case(f"{LR}.PolynomialDecay(0, 7, end_lr=0.01, power=0.5)", 12),
    Case(f"{LR}.PolynomialDecay(0.1, 1, end_lr=0)", 5),
    Case(f"{LR}.LinearWarmup(learning_rate=0.5, warmup_steps=20, start_lr=0, end_lr=0.5)", 30),
    Case(f"{LR}.LinearWarmup({LR}.CosineAnnealingDecay(0.1, T_max=8, eta_min=0.01), 5, 0.02, 0.2)", 40),
    Case(f"{LR}.LinearWarmup(paddle.LinearLR(0.1, total_steps=6), 1, 0.0, 0.1)", 20),
    Case(f"{LR}.LinearWarmup({LR}.CosineAnnealingWarmRestarts(0.1, 4, 2), 3, 0.0, 0.1)", 60),
    Case(f"{LR}.LinearWarmup({LR}.LinearWarmup(0.1, 3, 0, 0.1), 2, 0.05, 0.1)", 10),
    Case(f"{LR}.ExponentialDecay(learning_rate=0.5, gamma=0.9)", 30),
    Case(f"{LR}.MultiStepDecay(learning_rate=0.5, milestones=[2, 4, 6], gamma=0.8)", 10),
    Case(f"{LR}.MultiStepDecay(0.5, [0, 3])", 6),
    Case(f"{LR}.StepDecay(learning_rate=0.5, step_size=5, gamma=0.8)", 30),
    Case(f"{LR}.StepDecay(0.5, 1, 0)", 4),
    Case(f"{LR}.LambdaDecay(learning_rate=0.5, lr_lambda=lambda x: 0.95 ** x)", 30),
    Case(f"{LR}.MultiplicativeDecay(learning_rate=0.5, lr_lambda=lambda x: 0.9 + 0.1 / x)", 20),
    Case(f"{LR}.CosineAnnealingDecay(learning_rate=0.5, T_max=10)", 45),
    Case(f"{LR}.CosineAnnealingDecay(0.5, 7, eta_min=0.05)", 45),
    Case(f"{LR}.CosineAnnealingDecay(0.5, 1, 0.1)", 8),
    Case(f"{LR}.LinearLR(learning_rate=0.5, total_steps=5)", 12),
    Case(f"{LR}.LinearLR(0.5, 6, start_factor=1.0, end_factor=0)", 12),
    Case(f"{LR}.CosineAnnealingWarmRestarts(learning_rate=0.5, T_0=1, T_mult=2)", 40),
    Case(f"{LR}.CosineAnnealingWarmRestarts(0.5, 5, eta_min=0.1)", 30),
    Case(f"{LR}.OneCycleLR(max_learning_rate=1.0, total_steps=30)", 30),
    Case(f"{LR}.OneCycleLR(0.5, 33, 10.0, 0.001, 0.25, 'linear', three_phase=True)", 33),
    Case(f"{LR}.CyclicLR(base_learning_rate=0.5, max_learning_rate=1.0, step_size_up=15, "
         "step_size_down=5)", 50),
    Case(f"{LR}.CyclicLR(0.1, 1.0, 4, mode='triangular2')", 40),
    Case(f"{LR}.CyclicLR(0.1, 1.0, 4, 7, mode='exp_range', exp_gamma=0.97)", 40),
    Case(f"{LR}.CyclicLR(0.1, 1.0, 4, scale_fn=lambda x: 1 / x)", 40),
    Case(f"{LR}.CyclicLR(0.1, 1.0, 4, scale_fn=lambda x: 0.9 ** x, scale_mode='iterations')", 40),
    Case(f"{LR}.ReduceOnPlateau(learning_rate=0.1, factor=0.5, patience=2)", 24, metrics=LOSSES),
    Case(f"{LR}.ReduceOnPlateau(0.1, factor=0.5, patience=1, cooldown=3)", 24, metrics=LOSSES),
    Case(f"{LR}.ReduceOnPlateau(0.1, mode='max', patience=0, threshold=0.1, threshold_mode='abs', "
         "min_lr=0.003)", 24, metrics=LOSSES),
    Case(f"{LR}.ReduceOnPlateau(0.1, mode='max', patience=1, threshold=0.5, cooldown=1, "
         "epsilon=0.02)", 24, metrics=LOSSES),
])
