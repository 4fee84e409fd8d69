"""Compares random configurations of PyTorch's schedulers, run by PyTorch, with ours.

usage: torch_curves.py ANNEAL [CONFIGURATIONS]
Skipped, saying so, where Python has no torch (Debian: python3-torch).
"""
import importlib.util
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import warnings

if importlib.util.find_spec("torch") is None:
    print("skipped: Python has no torch (Debian: python3-torch)")
    sys.exit(77)
import torch
from torch.optim import lr_scheduler
from torch.optim.swa_utils import SWALR

warnings.filterwarnings("ignore")
ANNEAL = sys.argv[1]
CONFIGURATIONS = int(sys.argv[2]) if len(sys.argv) > 2 else 60
STEPS = 120
pick = random.Random(7)


def number(low, high):
    return round(pick.uniform(low, high), pick.choice([2, 3, 6]))


def whole(low, high):
    return pick.randint(low, high)


def strategy():
    return pick.choice(["'cos'", "'linear'"])


LAMBDAS = ["0.95**e", "1/(1+0.1*e)", "min(1,(e+1)/10)", "0.5 if e%10==0 else 1", "max(0.1, 1 - e/100)",
           "0.5*(1+math.cos(math.pi*e/120))"]
FACTORS = [  # these multiply the rate that they find
    lambda: f"StepLR(step_size={whole(1, 40)}, gamma={number(.1, 1.2)})",
    lambda: f"MultiStepLR(milestones={sorted(whole(1, 100) for _ in range(whole(0, 5)))}, gamma={number(.1, 1.5)})",
    lambda: f"ConstantLR(factor={number(.05, 1)}, total_iters={whole(0, 60)})",
    lambda: f"LinearLR(start_factor={number(.01, 1)}, end_factor={number(0, 1)}, total_iters={whole(1, 150)})",
    lambda: f"ExponentialLR(gamma={number(.8, 1.01)})",
]
CLOSED = [  # these have a closed form to begin anew from
    lambda: f"PolynomialLR(total_iters={whole(1, 150)}, power={number(.3, 4)})",
    lambda: f"CosineAnnealingLR(T_max={whole(3, 150)}, eta_min={number(0, .3)})",
    lambda: f"CosineAnnealingWarmRestarts(T_0={whole(1, 40)}, T_mult={whole(1, 4)}, eta_min={number(0, .2)})",
    lambda: f"LambdaLR(lr_lambda=lambda e: {pick.choice(LAMBDAS)})",
]
ALONE = [
    lambda: f"CyclicLR(base_lr={number(.001, .1)}, max_lr={number(.1, 1)}, step_size_up={whole(1, 30)}, "
            f"step_size_down={whole(1, 30)}, mode='{pick.choice(['triangular', 'triangular2', 'exp_range'])}', "
            f"gamma={number(.9, 1)})",
    lambda: f"OneCycleLR(max_lr={number(.01, 2)}, total_steps={STEPS}, pct_start={number(.05, .9)}, "
            f"anneal_strategy={strategy()}, div_factor={number(2, 50)}, final_div_factor={number(10, 1e5)})",
    lambda: f"OneCycleLR(max_lr={number(.01, 2)}, total_steps={STEPS}, pct_start={number(.05, .45)}, "
            f"anneal_strategy={strategy()}, three_phase=True)",
    lambda: f"SWALR(swa_lr={number(.01, 2)}, anneal_epochs={whole(1, 50)}, anneal_strategy={strategy()})",
    lambda: f"MultiplicativeLR(lr_lambda=lambda e: {pick.choice(['0.95', '1 - 1/(e+2)'])})",
]


def one_of(*lists):
    return pick.choice([make for makers in lists for make in makers])()


def configuration():
    kind = pick.randrange(5)
    if kind < 3:
        return one_of(FACTORS, CLOSED, ALONE)
    children = [one_of(FACTORS) if kind == 3 else one_of(FACTORS, CLOSED) for _ in range(whole(2, 3))]
    if kind == 3:
        return f"ChainedScheduler([{', '.join(children)}])"
    milestones = sorted(pick.sample(range(1, 110), len(children) - 1))
    return f"SequentialLR([{', '.join(children)}], milestones={milestones})"


def plateau():
    mode = pick.choice(["min", "max"])
    spec = (f"ReduceLROnPlateau(mode='{mode}', factor={number(.1, .9)}, patience={whole(0, 8)}, "
            f"threshold={pick.choice([1e-4, .01, .1])}, threshold_mode='{pick.choice(['rel', 'abs'])}', "
            f"cooldown={whole(0, 6)}, min_lr={pick.choice([0, .001, .1])}, eps={pick.choice([1e-8, .01])})")
    slope = -.02 if mode == "min" else .02
    return spec, [pick.uniform(-1, 1) + slope * t for t in range(STEPS)]


def with_optimizer(spec):
    """The spec as PyTorch wants it: every scheduler's first argument is the optimizer."""
    for name in ("StepLR", "ConstantLR", "LinearLR", "ExponentialLR", "PolynomialLR", "CosineAnnealingLR",
                 "CosineAnnealingWarmRestarts", "LambdaLR", "CyclicLR", "OneCycleLR", "SWALR",
                 "MultiplicativeLR", "SequentialLR", "ReduceLROnPlateau"):
        spec = spec.replace(name + "(", name + "(optimizer, ")
    return spec  # MultiStepLR ends in StepLR


def theirs(spec, lr, metrics):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr, momentum=.9)
    names = {**vars(lr_scheduler), "SWALR": SWALR, "math": math, "optimizer": optimizer}
    scheduler = eval(with_optimizer(spec), names)
    rates, momenta = [], []
    for t in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        scheduler.step(metrics[t]) if metrics else scheduler.step()
    return rates, momenta


def ours(spec, lr, metrics):
    command = [ANNEAL, "schedules", "torch." + spec, "--lr", repr(lr), "--steps", str(STEPS), "--format", "json"]
    with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
        json.dump(metrics, file)
    if metrics:
        command += ["--metrics", file.name]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    os.unlink(file.name)
    curve = json.loads(out)["curves"][0]
    return curve["lr"], curve.get("momentum")


failed = 0
for i in range(CONFIGURATIONS):
    spec, metrics = plateau() if i % 6 == 5 else (configuration(), None)
    lr = round(pick.uniform(.05, 1), 3)
    rates, momenta = theirs(spec, lr, metrics)
    got, momentum = ours(spec, lr, metrics)
    # Their recursive forms drift.
    wrong = [t for t in range(STEPS) if abs(rates[t] - got[t]) > 1e-10 * max(rates)]
    if momentum:
        wrong += [t for t in range(STEPS) if abs(momenta[t] - momentum[t]) > 1e-10]
    if wrong:
        failed += 1
        print(f"torch.{spec} with lr {lr}: step {wrong[0]} is {got[wrong[0]]}, PyTorch's {rates[wrong[0]]}")
print(f"{CONFIGURATIONS - failed} of {CONFIGURATIONS} random configurations are PyTorch's")
sys.exit(1 if failed else 0)
