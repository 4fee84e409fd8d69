#!/usr/bin/env python3
"""Flux's ParameterSchedulers.jl, its calls with Python's names for the arguments. Read: src/decay.jl
(0.4, with keywords start, decay), src/cyclic.jl at 09060468961d2aacf18d4576a184ee58b1fd6907 and
src/complex.jl at 06f4c816c917013fd4c815ee16f5bba3ef966ebe of FluxML/ParameterSchedulers.jl. Julia
counts from 1: update t is schedule(t + 1).
"""

import math
import types

from peer_cases import Case, write


class Schedule:
    def __init__(self, at):
        self.at = at

    def rates(self, case):
        return [self.at(t + 1) for t in range(case.updates)]


def Constant(value):
    return Schedule(lambda t: value)


def Step(start, decay, step_sizes):
    def passed(t):
        if isinstance(step_sizes, int):
            return (t - 1) // step_sizes
        ends = [sum(step_sizes[:i + 1]) for i in range(len(step_sizes))]
        return sum(t > end for end in ends)
    return Schedule(lambda t: start * decay ** passed(t))


def Exp(start, decay):
    return Schedule(lambda t: start * decay ** (t - 1))


def Poly(start, degree, max_iter):
    return Schedule(lambda t: start * (1 - (t - 1) / max_iter) ** degree)


def Inv(start, decay, degree):
    return Schedule(lambda t: start / (1 + (t - 1) * decay) ** degree)


def between(l0, l1, wave):
    return Schedule(lambda t: abs(l0 - l1) * wave(t) + min(l0, l1))


def tri(period):
    return lambda t: 2 / math.pi * abs(math.asin(math.sin(math.pi * (t - 1) / period)))


def sine(period):
    return lambda t: abs(math.sin(math.pi * (t - 1) / period))


def halved(wave, period):
    return lambda t: wave(t) / 2 ** ((t - 1) // period)


def decayed(wave, decay):
    return lambda t: wave(t) * decay ** (t - 1)


def Triangle(l0, l1, period):
    return between(l0, l1, tri(period))


def TriangleDecay2(l0, l1, period):
    return between(l0, l1, halved(tri(period), period))


def TriangleExp(l0, l1, period, decay):
    return between(l0, l1, decayed(tri(period), decay))


def Sin(l0, l1, period):
    return between(l0, l1, sine(period))


def SinDecay2(l0, l1, period):
    return between(l0, l1, halved(sine(period), period))


def SinExp(l0, l1, period, decay):
    return between(l0, l1, decayed(sine(period), decay))


def CosAnneal(l0, l1, period, restart=True):
    return between(l0, l1, lambda t: (1 + math.cos(
        math.pi * ((t - 1) % period if restart else t - 1) / period)) / 2)


def Sequence(schedules, step_sizes):
    schedules = [s if isinstance(s, Schedule) else Constant(s) for s in schedules]

    def at(t):
        begin = 0
        for s, size in zip(schedules, step_sizes):
            if t <= begin + size:
                return s.at(t - begin)
            begin += size
        return schedules[-1].at(t - begin)
    return Schedule(at)


def Loop(f, period):
    return Schedule(lambda t: f.at((t - 1) % period + 1))


def Shifted(schedule, offset):
    return Schedule(lambda t: schedule.at(t - 1 + offset))


flux = types.SimpleNamespace(**{k: v for k, v in globals().items() if k[0].isupper()})

write("flux", {"flux": flux}, [
    Case("flux.Constant(0.05)", 5),
    Case("flux.Step(start=0.1, decay=0.5, step_sizes=7)", 30),
    Case("flux.Step(start=0.1, decay=0.8, step_sizes=[2, 3, 2])", 20),
    Case("flux.Exp(start=0.1, decay=0.9)", 30),
    Case("flux.Exp(0.1, 0)", 4),
    Case("flux.Poly(start=0.1, degree=2, max_iter=20)", 20),
    Case("flux.Poly(0.1, 0, 5)", 5),
    Case("flux.Inv(start=0.1, decay=0.3, degree=2)", 30),
    Case("flux.Inv(0.1, 0, 1)", 4),
    Case("flux.Triangle(l0=0.1, l1=0.01, period=8)", 40),
    Case("flux.Triangle(l0=0.0, l1=0.1, period=5)", 40),
    Case("flux.TriangleDecay2(l0=0.01, l1=0.1, period=8)", 40),
    Case("flux.TriangleExp(l0=0.01, l1=0.1, period=8, decay=0.95)", 40),
    Case("flux.Sin(l0=0.01, l1=0.1, period=9)", 40),
    Case("flux.SinDecay2(l0=0.01, l1=0.1, period=9)", 40),
    Case("flux.SinExp(l0=0.01, l1=0.1, period=9, decay=0.95)", 40),
    Case("flux.CosAnneal(l0=0.01, l1=0.1, period=9)", 40),
    Case("flux.CosAnneal(l0=0.1, l1=0.0, period=9, restart=False)", 40),
    Case("flux.CosAnneal(0.1, 0.0, 1)", 5),
    Case("flux.Sequence(schedules=[flux.Triangle(l0=0.0, l1=0.1, period=20), "
         "flux.Exp(start=0.1, decay=0.9)], step_sizes=[10, 20])", 50),
    Case("flux.Sequence([0.05, flux.Exp(0.1, 0.9), 0], [3, 4, 2])", 15),
    Case("flux.Loop(flux.Exp(start=0.1, decay=0.8), period=6)", 30),
    Case("flux.Loop(f=flux.Sequence([0.1, 0.01], [2, 2]), period=3)", 12),
    Case("flux.Shifted(flux.Exp(start=0.1, decay=0.9), offset=5)", 20),
    Case("flux.Shifted(flux.CosAnneal(0.1, 0.01, 7), 1)", 20),
])
