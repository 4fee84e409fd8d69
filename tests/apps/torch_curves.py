"""Compares random schedulers of PyTorch, run by PyTorch, with ours.

usage: torch_curves.py ANNEAL [--count N] [--seed N] [--show]    (2000 curves, seed 7)

Every class is drawn in every position: alone, in ChainedScheduler, in SequentialLR, and in one of
these inside of another; with ordinary arguments as well as with 0, 1 and other degenerate ones.
Each curve must be PyTorch's own, or be refused; what PyTorch itself refuses must be refused. At
least FLOOR of those that PyTorch runs must be accepted, of each kind of position.
Exits with 77, which counts as skipped, where Python has no torch (Debian: python3-torch).
"""
import argparse
import collections
import concurrent.futures
import importlib.util
import json
import math
import os
import random
import re
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
options = argparse.ArgumentParser()
options.add_argument("anneal")
options.add_argument("--count", type=int, default=2000)
options.add_argument("--seed", type=int, default=7)
options.add_argument("--show", action="store_true", help="one refused text for each reason")
options = options.parse_args()
STEPS = 120
FLOOR = {"alone": 0.95, "composed": 0.93, "nested": 0.9}
RELATIVE = 1e-9
ROUNDING = 1e-14  # of the highest rate: their zero is what a subtraction leaves
pick = random.Random(options.seed)


def number(low, high):
    return round(pick.uniform(low, high), pick.choice([2, 3, 6]))


def whole(low, high):
    return pick.randint(low, high)


def seldom(usual, *degenerate):
    """Mostly the usual value, and now and then one of those at which formulas break."""
    return pick.choice(degenerate) if pick.random() < 0.08 else usual


def strategy():
    return pick.choice(["'cos'", "'linear'"])


LAMBDAS = ["0.95**e", "1/(1+0.1*e)", "min(1.0, (e+1)/20)", "1.0 if e < 30 else 0.1", "0", "1",
           "max(0.01, 1 - e / 100)", "(1 + math.cos(math.pi * e / 120)) / 2", "0.5**(e//25)",
           "abs(60 - e) / 60"]
FACTORS = ["0.95", "1 - 1/(e+2)", "1", "1.01 if e < 40 else 0.97", "0.5 if e == 30 else 1", "0"]
LEAVES = {
    "LambdaLR": lambda: f"lr_lambda=lambda e: {pick.choice(LAMBDAS)}",
    "MultiplicativeLR": lambda: f"lr_lambda=lambda e: {pick.choice(FACTORS)}",
    "StepLR": lambda: f"step_size={seldom(whole(1, 50), 1, 0)}, gamma={seldom(number(.1, 1.2), 0, 1, 1.0)}",
    "MultiStepLR": lambda: f"milestones={[seldom(whole(0, 110), 0, 1, 7.5) for _ in range(whole(0, 4))]}, "
                           f"gamma={seldom(number(.1, .9), 0, 1)}",
    "ConstantLR": lambda: f"factor={seldom(number(.05, 1), 0, 1)}, total_iters={seldom(whole(1, 90), 0, 1)}",
    "LinearLR": lambda: f"start_factor={seldom(number(.01, 1), 0, 1, 1.5)}, "
                        f"end_factor={seldom(number(0, 1), 0, 1)}, total_iters={seldom(whole(1, 150), 0, 1)}",
    "ExponentialLR": lambda: f"gamma={seldom(number(.8, 1.01), 0, 1)}",
    "PolynomialLR": lambda: f"total_iters={seldom(whole(1, 150), 0, 1)}, power={seldom(number(.3, 4), 0, 1)}",
    "CosineAnnealingLR": lambda: f"T_max={seldom(whole(2, 150), 0, 1, 2.5, 7.5, whole(1, 8))}, "
                                 f"eta_min={pick.choice([0, number(0, .3)])}",
    "CosineAnnealingWarmRestarts": lambda: f"T_0={seldom(whole(1, 40), 0, 1)}, T_mult={seldom(whole(1, 4), 0, 1)}, "
                                           f"eta_min={pick.choice([0, number(0, .2)])}",
    "CyclicLR": lambda: f"base_lr={seldom(number(.001, .1), 0, 1)}, max_lr={seldom(number(.1, 1), 0, 1)}, "
                        f"step_size_up={seldom(whole(1, 30), 1, 2.5, 0)}, "
                        f"step_size_down={seldom(whole(1, 30), 0, 1, None)}, " + cycle_heights() + momentum(),
    "OneCycleLR": lambda: f"max_lr={seldom(number(.01, 2), 0, 1)}, total_steps={total_steps()}, "
                          f"pct_start={seldom(number(.05, .95), 0., 1., .5, 1 / STEPS)}, "
                          f"anneal_strategy={strategy()}, div_factor={seldom(number(2, 50), 1, .5, 0)}, "
                          f"final_div_factor={seldom(number(10, 1e5), 1, .1)}, "
                          f"three_phase={pick.random() < .4}" + momentum(),
    "SWALR": lambda: f"swa_lr={seldom(number(.01, 2), 0, 1)}, anneal_epochs={seldom(whole(1, 50), 0, 1)}, "
                     f"anneal_strategy={strategy()}",
}


def momentum():
    return pick.choice(["", "", ", cycle_momentum=False",
                        f", base_momentum={seldom(number(.5, .8), 0, .95)}, max_momentum={seldom(number(.85, .99), 0, 1)}"])


def cycle_heights():
    if pick.random() < .2:
        return f"scale_fn=lambda x: {pick.choice(['1 / x', '0.9**x', '0.5 * (1 + math.sin(x))'])}, " \
               f"scale_mode='{pick.choice(['cycle', 'iterations'])}'".replace("1 / x", "1 / (x + 1)")
    return f"mode='{pick.choice(['triangular', 'triangular2', 'exp_range'])}', gamma={seldom(number(.9, 1), 0, 1, 1.01)}"


def total_steps():
    return seldom(pick.choice([STEPS, STEPS + whole(0, 80)]), whole(1, STEPS), 1)


def leaf():
    name = pick.choice(list(LEAVES))
    return f"{name}({LEAVES[name]()})"


def composed(depth):
    """ChainedScheduler or SequentialLR of 1 to 4, each nested `depth` deep at most."""
    children = [composed(depth - 1) if depth > 1 and pick.random() < .5 else leaf()
                for _ in range(seldom(whole(2, 3), 1, 4))]
    if pick.random() < .5:
        return f"ChainedScheduler([{', '.join(children)}])"
    milestones = sorted(pick.choices(range(1, 110), k=len(children) - 1))
    if milestones and pick.random() < .08:
        milestones[0] = pick.choice([0, .5, milestones[-1]])
        milestones.sort()
    return f"SequentialLR([{', '.join(children)}], milestones={milestones})"


def plateau():
    mode = pick.choice(["min", "max"])
    spec = (f"ReduceLROnPlateau(mode='{mode}', factor={seldom(number(.1, .9), 0, 1)}, patience={whole(0, 8)}, "
            f"threshold={pick.choice([1e-4, .01, .1, 0, 1, 2])}, threshold_mode='{pick.choice(['rel', 'abs'])}', "
            f"cooldown={whole(0, 6)}, min_lr={pick.choice([0, .001, .1])}, eps={pick.choice([1e-8, .01, 0])})")
    slope = -.02 if mode == "min" else .02
    level = pick.choice([-3, 0, 3])
    metrics = [level + pick.uniform(-1, 1) + slope * t for t in range(STEPS)]
    return spec, metrics


def configuration(i):
    if i % 10 == 9:
        return ("alone", *plateau())
    if i % 10 < 3:
        return "alone", leaf(), None
    if i % 10 < 6:
        return "composed", composed(1), None
    return "nested", composed(2), None


def with_optimizer(spec):
    """The spec as PyTorch wants it: every scheduler's first argument is the optimizer."""
    return re.sub(r"\b([A-Z]\w*(?:LR|LROnPlateau|WarmRestarts))\(", r"\1(optimizer, ", spec)


def theirs(spec, lr, metrics):
    """PyTorch's rates and momenta, up to an error, and that."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=lr, momentum=.9)
    names = {**vars(lr_scheduler), "SWALR": SWALR, "math": math, "optimizer": optimizer}
    rates, momenta = [], []
    group = optimizer.param_groups[0]
    try:
        scheduler = eval(with_optimizer(spec), names)
        for t in range(STEPS):
            rates.append(group["lr"])
            momenta.append(group["momentum"])
            if t + 1 < STEPS:
                scheduler.step(metrics[t]) if metrics else scheduler.step()
    except Exception as error:  # whatever it may be: PyTorch does not run this
        return rates, momenta, f"{type(error).__name__}: {error}"
    return rates, momenta, None


def ours(specs, lr, metrics=None):
    """Our curves, or why there are none."""
    command = [options.anneal, "schedules", *["torch." + spec for spec in specs], "--lr", repr(lr),
               "--steps", str(STEPS), "--format", "json"]
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        if metrics:
            json.dump(metrics, file)
            file.flush()
            command += ["--metrics", file.name]
        run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode != 0:
        return None, run.stderr.split("\n")[0]
    return json.loads(run.stdout)["curves"], None


def all_of_ours(cases):
    """For each case, its curve or why there is none. What PyTorch runs is asked for by the dozen."""
    batches = collections.defaultdict(list)
    for i, case in enumerate(cases):
        batches[(case.lr, i // 500) if case.ran and not case.metrics else i].append(i)

    def answer(batch):
        first = cases[batch[0]]
        curves, refusal = ours([cases[i].spec for i in batch], first.lr, first.metrics)
        if curves:
            return [(i, curve, None) for i, curve in zip(batch, curves)]
        if len(batch) == 1:
            return [(batch[0], None, refusal)]
        return [found for i in batch for found in answer([i])]

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        found = [f for answers in workers.map(answer, batches.values()) for f in answers]
    return [(curve, refusal) for _, curve, refusal in sorted(found, key=lambda f: f[0])]


def near(a, b, highest):
    return abs(a - b) <= RELATIVE * max(abs(a), abs(b)) + ROUNDING * highest


def first_difference(case, curve):
    end = STEPS
    if case.spec.startswith("OneCycleLR"):  # alone it holds past its end; PyTorch goes on once, and fails
        end = min(end, int(re.search(r"total_steps=(\d+)", case.spec)[1]))
    if len(case.rates) < end:
        return f"PyTorch fails, {case.error}"
    for what, wanted, got in [("rate", case.rates, curve["lr"]), ("momentum", case.momenta, curve.get("momentum"))]:
        highest = max(wanted[:end])
        for t in range(end if got else 0):
            if not near(wanted[t], got[t], highest):
                return f"the {what} of step {t} is {got[t]}, PyTorch's is {wanted[t]}"
    if not curve.get("momentum") and any(m != .9 for m in case.momenta):
        return "PyTorch moves the momentum"
    return None


def reason_of(message):
    message = message.replace("anneal: ", "").replace("bad schedule: ", "")
    if message.startswith("schedule '"):
        return "a rate is not finite or below 0"
    return re.sub(r"(?<![\w.])\d[\d.e+-]*", "N", message)[:110]


class Case:
    def __init__(self, i):
        self.kind, self.spec, self.metrics = configuration(i)
        self.lr = pick.choice([.05, .1, .123456, .3, .7, 1., 2.5])
        self.rates, self.momenta, self.error = theirs(self.spec, self.lr, self.metrics)
        self.ran = self.error is None and min(self.rates) >= 0  # a rate below 0 is an error of ours


cases = [Case(i) for i in range(options.count)]
failed = 0
reasons = collections.Counter()
examples = {}
run_by_torch, accepted = collections.Counter(), collections.Counter()
for case, (curve, refusal) in zip(cases, all_of_ours(cases)):
    run_by_torch[case.kind] += case.ran
    if refusal is not None:
        reason = reason_of(refusal) + ("" if case.ran else "  [PyTorch fails as well, or is below 0]")
        reasons[reason] += 1
        examples.setdefault(reason, case.spec)
        continue
    accepted[case.kind] += case.ran
    wrong = first_difference(case, curve)
    if wrong:
        failed += 1
        print(f"torch.{case.spec} with lr {case.lr}: {wrong}")

for reason, count in reasons.most_common():
    print(f"refused {count:4}: {reason}")
    if options.show:
        print(f"              torch.{examples[reason]}")
for kind, floor in FLOOR.items():
    share = accepted[kind] / max(run_by_torch[kind], 1)
    print(f"{kind}: {accepted[kind]} of the {run_by_torch[kind]} that PyTorch runs are accepted")
    if share < floor:
        print(f"that is below {floor:.0%}")
        failed += 1
agree = options.count - sum(reasons.values()) - failed
print(f"{agree} of {options.count} random configurations are PyTorch's, {sum(reasons.values())} are refused, "
      f"{failed} wrong")
sys.exit(1 if failed else 0)
