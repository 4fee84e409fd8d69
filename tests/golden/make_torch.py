"""Writes torch_compositions.json: what PyTorch makes of schedulers at work together.

usage: make_torch.py > torch_compositions.json   (Debian 12: python3-torch 1.13.1)
"""
import json
import math
import re
import sys
import warnings

import torch
from torch.optim import lr_scheduler
from torch.optim.swa_utils import SWALR

warnings.filterwarnings("ignore")
STEPS = 40
SPECS = [
    "SWALR(swa_lr=0.05, anneal_epochs=0)",
    "SWALR(swa_lr=0.05, anneal_epochs=1)",
    "SWALR(swa_lr=0.7, anneal_epochs=9, anneal_strategy='linear')",
    "OneCycleLR(max_lr=0.1, total_steps=40, pct_start=0.6, three_phase=True)",
    "OneCycleLR(max_lr=0.1, total_steps=40, pct_start=0.0)",
    "OneCycleLR(max_lr=0.1, total_steps=40, pct_start=1.0, anneal_strategy='linear')",
    "OneCycleLR(max_lr=0.1, total_steps=40, div_factor=0.5, final_div_factor=0.1)",
    "CyclicLR(base_lr=0.1, max_lr=1, step_size_up=4, step_size_down=0)",
    "CyclicLR(base_lr=0.1, max_lr=0, step_size_up=4)",
    "CyclicLR(base_lr=0.1, max_lr=1, step_size_up=4, mode='exp_range', gamma=1.02)",
    "CyclicLR(base_lr=0.1, max_lr=1, step_size_up=4, scale_fn=lambda x: 1 / x)",
    "CyclicLR(base_lr=0.1, max_lr=1, step_size_up=4, scale_fn=lambda x: 0.9**x, scale_mode='iterations')",
    "CosineAnnealingLR(T_max=1)",
    "CosineAnnealingLR(T_max=3, eta_min=0.1)",
    "CosineAnnealingLR(T_max=2.5, eta_min=0.1)",
    "PolynomialLR(total_iters=0)",
    "PolynomialLR(total_iters=9, power=0)",
    "ChainedScheduler([CosineAnnealingLR(5), ConstantLR(factor=0.5, total_iters=100)])",
    "ChainedScheduler([ConstantLR(factor=0.5, total_iters=20), CosineAnnealingLR(5, eta_min=0.1)])",
    "ChainedScheduler([LambdaLR(lambda e: 0.5), ExponentialLR(0.9)])",
    "ChainedScheduler([ExponentialLR(0.9), LambdaLR(lambda e: 1 / (e + 1))])",
    "ChainedScheduler([MultiplicativeLR(lambda e: 0.99), StepLR(7), MultiStepLR([0, 9, 9, 30], 0.5)])",
    "ChainedScheduler([CosineAnnealingWarmRestarts(5, 2), LinearLR(0.1, total_iters=9)])",
    "ChainedScheduler([SWALR(0.1, 5), PolynomialLR(30, 2.0)])",
    "ChainedScheduler([OneCycleLR(0.5, total_steps=60), ExponentialLR(0.9)])",
    "ChainedScheduler([CyclicLR(0.01, 0.1, 5), OneCycleLR(0.5, total_steps=60, cycle_momentum=False)])",
    "ChainedScheduler([ChainedScheduler([StepLR(5, 0.9), ExponentialLR(0.99)]), CosineAnnealingLR(30)])",
    "ChainedScheduler([SequentialLR([LinearLR(0.5, total_iters=2), ExponentialLR(0.9)], [3]), ConstantLR(0.5, 4)])",
    "ChainedScheduler([ConstantLR(0.5, 4), SequentialLR([LinearLR(0.5, total_iters=2), ExponentialLR(0.9)], [3])])",
    "SequentialLR([LinearLR(0.1, total_iters=10), CosineAnnealingLR(T_max=30)], [10])",
    "SequentialLR([OneCycleLR(max_lr=0.5, total_steps=10), ExponentialLR(gamma=0.9)], [5])",
    "SequentialLR([ExponentialLR(gamma=0.9), OneCycleLR(max_lr=0.5, total_steps=60)], [5])",
    "SequentialLR([CyclicLR(0.01, 0.1, 5), StepLR(9, 0.5)], [12])",
    "SequentialLR([StepLR(9, 0.5), CyclicLR(0.01, 0.1, 5)], [12])",
    "SequentialLR([ExponentialLR(0.9), SWALR(0.3, 5)], [12])",
    "SequentialLR([SWALR(0.3, 5), ExponentialLR(0.9)], [12])",
    "SequentialLR([ExponentialLR(0.9), MultiplicativeLR(lambda e: 0.95), LambdaLR(lambda e: 0.3)], [12, 25])",
    "SequentialLR([ExponentialLR(0.9), ConstantLR(0.3, 0)], [12])",
    "SequentialLR([ConstantLR(0.5, 9), ExponentialLR(0.9)], [0])",
    "SequentialLR([ConstantLR(0.5, 9), ExponentialLR(0.9), StepLR(3)], [6, 6])",
    "SequentialLR([ConstantLR(0.5, 9), LinearLR(0.1, total_iters=5)], [6.5])",
    "SequentialLR([SequentialLR([ConstantLR(0.5, 3), ExponentialLR(0.9)], [6]), StepLR(9)], [20])",
    "SequentialLR([LinearLR(0.3, 0.7, 5), ConstantLR(0.3, 5), PolynomialLR(9), StepLR(2, 0.5)], [6, 12, 25])",
]


def curves(spec, lr):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr, momentum=0)
    names = {**vars(lr_scheduler), "SWALR": SWALR, "math": math, "optimizer": optimizer}
    scheduler = eval(re.sub(r"\b(\w+(?:LR|WarmRestarts))\(", r"\1(optimizer, ", spec), names)
    rates, momenta = [], []
    for step in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        if step + 1 < STEPS:
            scheduler.step()
    return {"schedule": "torch." + spec, "lr": lr, "rates": rates, **({"momenta": momenta} if any(momenta) else {})}


lines = [json.dumps(curves(spec, lr)) for spec in SPECS for lr in (1.0, 0.3)]
sys.stdout.write('{"peer": "torch", "version": "%s", "made_by": "make_torch.py", "cases": [\n%s\n]}\n'
                 % (torch.__version__.split("+")[0], ",\n".join(lines)))
