#!/usr/bin/env python3
"""Calls of Keras' callbacks. Read: keras/src/callbacks of keras-team/keras:
learning_rate_scheduler.py at 329cbde66e2efa5ded9a1363ca942e0a258a20f9, monitor_callback.py at
49806bfa2ae991adb1128b2f9c035fde981bafed, reduce_lr_on_plateau.py at
040582fc160b1080954ddc1f554dd70fbbb1da5a. In doubles: Keras computes in single precision.
"""

import math
from types import SimpleNamespace

from peer_cases import Case, write


class LearningRateScheduler:
    def __init__(self, schedule, verbose=0):
        self.schedule = schedule

    def rates(self, case):
        out, lr = [], case.base_lr
        for epoch in range(case.updates):
            try:
                lr = self.schedule(epoch, lr)
            except TypeError:
                lr = self.schedule(epoch)
            out.append(lr)
        return out


class ReduceLROnPlateau:
    RISING = {"auc", "accuracy", "acc", "precision", "recall"}

    def __init__(self, monitor="val_loss", factor=0.1, patience=10, verbose=0, mode="auto",
                 min_delta=1e-4, cooldown=0, min_lr=0.0):
        rises = mode == "max" or (mode == "auto" and monitor.removeprefix("val_") in self.RISING)
        self.sign = -1 if rises else 1
        self.factor, self.patience, self.delta = factor, patience, abs(min_delta)
        self.cooldown, self.min_lr = cooldown, min_lr

    def rates(self, case):
        lr, best, wait, cooling, out = case.base_lr, math.inf, 0, 0, [case.base_lr]
        for metric in case.metrics:
            if cooling > 0:
                cooling, wait = cooling - 1, 0
            if self.sign * metric + self.delta < best:
                best, wait = self.sign * metric, 0
            elif cooling == 0:
                wait += 1
                if wait >= self.patience and lr > self.min_lr:
                    lr, cooling, wait = max(lr * self.factor, self.min_lr), self.cooldown, 0
            out.append(lr)
        return out[:case.updates]


names = {"keras": SimpleNamespace(callbacks=SimpleNamespace(
    LearningRateScheduler=LearningRateScheduler, ReduceLROnPlateau=ReduceLROnPlateau)),
    "math": math}
rising = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
wavering = [0.5, 0.6, 0.55, 0.6, 0.58, 0.7, 0.69, 0.68, 0.67, 0.66, 0.65, 0.7]

write("keras_calls", names, [
    Case("keras.callbacks." + text, updates, metrics=metrics) for text, updates, metrics in [
        ("LearningRateScheduler(lambda epoch: 0.1 if epoch < 10 else 0.1 * math.exp(-0.1 * "
         "(epoch - 9)))", 30, None),
        ("LearningRateScheduler(lambda epoch, lr: lr if epoch < 10 else lr * math.exp(-0.1))", 30,
         None),
        ("LearningRateScheduler(lambda epoch, lr: lr * 0.5 if epoch % 5 == 0 else lr)", 30, None),
        ("LearningRateScheduler(lambda epoch, lr: max([0.1, 0.01, 0.001]) / (1 + epoch))", 20,
         None),
        ("ReduceLROnPlateau(monitor='val_auc', patience=2, factor=0.5)", 9, rising),
        ("ReduceLROnPlateau(monitor='val_loss', patience=2, factor=0.5)", 9, rising),
        ("ReduceLROnPlateau(monitor='val_accuracy', patience=3, factor=0.5, min_delta=0.02, "
         "cooldown=2)", 13, wavering),
        ("ReduceLROnPlateau(monitor='val_f1', mode='max', patience=2, factor=0.3, min_lr=0.02, "
         "verbose=1)", 13, wavering),
    ]
])
