#!/usr/bin/env python3
"""TensorFlow Addons' cyclical learning rates, in double; TensorFlow has them in single precision.
Read: tensorflow_addons/optimizers/cyclical_learning_rate.py of tensorflow/addons at
039699db3aa946f5b106c41e2a753406ca23a1b3.
"""

import math
import types

from peer_cases import Case, write


class CyclicalLearningRate:
    def __init__(self, initial_learning_rate, maximal_learning_rate, step_size, scale_fn,
                 scale_mode="cycle", name="CyclicalLearningRate"):
        self.low, self.high, self.size = initial_learning_rate, maximal_learning_rate, step_size
        self.scale, self.mode = scale_fn, scale_mode

    def rate(self, step):
        cycle = math.floor(1 + step / (2 * self.size))
        x = abs(step / self.size - 2 * cycle + 1)
        scale = self.scale(cycle if self.mode == "cycle" else step)
        return self.low + (self.high - self.low) * max(0.0, 1 - x) * scale

    def rates(self, case):
        return [self.rate(t) for t in range(case.updates)]


def TriangularCyclicalLearningRate(low, high, step_size, scale_mode="cycle"):
    return CyclicalLearningRate(low, high, step_size, lambda x: 1.0, scale_mode)


def Triangular2CyclicalLearningRate(low, high, step_size, scale_mode="cycle"):
    return CyclicalLearningRate(low, high, step_size, lambda x: 2.0 ** (1 - x), scale_mode)


def ExponentialCyclicalLearningRate(low, high, step_size, scale_mode="iterations", gamma=1.0):
    return CyclicalLearningRate(low, high, step_size, lambda x: gamma ** x, scale_mode)


tfa = types.SimpleNamespace(optimizers=types.SimpleNamespace(
    CyclicalLearningRate=CyclicalLearningRate,
    TriangularCyclicalLearningRate=TriangularCyclicalLearningRate,
    Triangular2CyclicalLearningRate=Triangular2CyclicalLearningRate,
    ExponentialCyclicalLearningRate=ExponentialCyclicalLearningRate))

write("tfa", {"tfa": tfa}, [
    Case("tfa.optimizers.CyclicalLearningRate(0.01, 0.1, step_size=5, scale_fn=lambda x: 1 / x)", 40),
    Case("tfa.optimizers.CyclicalLearningRate(0.01, 0.1, 5, lambda x: 0.9**x, "
         "scale_mode='iterations')", 40),
    Case("tfa.optimizers.TriangularCyclicalLearningRate(0.01, 0.1, step_size=7)", 40),
    Case("tfa.optimizers.TriangularCyclicalLearningRate(0.1, 0.0, step_size=2.5)", 20),
    Case("tfa.optimizers.Triangular2CyclicalLearningRate(0.01, 0.1, step_size=4)", 40),
    Case("tfa.optimizers.Triangular2CyclicalLearningRate(0.01, 0.1, step_size=4, "
         "scale_mode='iterations')", 40),
    Case("tfa.optimizers.ExponentialCyclicalLearningRate(0.01, 0.1, step_size=4, gamma=0.97)", 40),
    Case("tfa.optimizers.ExponentialCyclicalLearningRate(0.01, 0.1, 4, scale_mode='cycle', "
         "gamma=0.5)", 40),
    Case("tfa.optimizers.ExponentialCyclicalLearningRate(0.01, 0.1, step_size=1, gamma=1.1)", 10),
])
