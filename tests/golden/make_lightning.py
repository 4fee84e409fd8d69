#!/usr/bin/env python3
"""Lightning's intervals. Read: src/lightning/pytorch/loops/training_epoch_loop.py of
Lightning-AI/pytorch-lightning at 0715481e68b2d26f8cad246737504f566bf9779c. PyTorch's schedulers are
closed forms here.
"""

import math
import types

from peer_cases import Case, write


def StepLR(step_size, gamma=0.1):
    return lambda t: gamma ** (t // step_size)


def CosineAnnealingLR(T_max):
    return lambda t: (1 + math.cos(math.pi * t / T_max)) / 2


class LRSchedulerConfig:
    def __init__(self, scheduler, interval="epoch", frequency=1, monitor=None, strict=True):
        if isinstance(scheduler, dict):
            self.__init__(**scheduler)
        else:
            self.factor, self.interval, self.frequency = scheduler, interval, frequency

    def rates(self, case):
        steps, out = 0, []
        for t in range(case.updates):
            out.append(case.base_lr * self.factor(steps))
            batch, epoch = t % case.steps_per_epoch + 1, t // case.steps_per_epoch + 1
            last = batch == case.steps_per_epoch
            count = batch if self.interval == "step" else epoch if last else None
            if count is not None and count % self.frequency == 0:
                steps += 1
        return out


types_ = types.SimpleNamespace(LRSchedulerConfig=LRSchedulerConfig)
lightning = types.SimpleNamespace(pytorch=types.SimpleNamespace(
    utilities=types.SimpleNamespace(types=types_)), LRSchedulerConfig=LRSchedulerConfig)
torch = types.SimpleNamespace(StepLR=StepLR, CosineAnnealingLR=CosineAnnealingLR)

write("lightning", {"lightning": lightning, "torch": torch}, [
    Case("lightning.LRSchedulerConfig(torch.StepLR(step_size=2))", 40, steps_per_epoch=7),
    Case("lightning.LRSchedulerConfig({'scheduler': torch.StepLR(5, 0.5), 'interval': 'step', "
         "'frequency': 1})", 40, steps_per_epoch=7),
    Case("lightning.pytorch.utilities.types.LRSchedulerConfig(scheduler="
         "torch.CosineAnnealingLR(T_max=6), interval='epoch')", 40, steps_per_epoch=7),
])
