"""Runs the code that `anneal schedules --export` prints and compares its curve with ours.

usage: exported_code.py ANNEAL
PyTorch's is run where torch is installed (Debian: python3-torch); the plain Python always.
"""
import importlib.util
import json
import subprocess
import sys

ANNEAL = sys.argv[1]
STEPS = 200
LR = 0.3

SPECS = [
    "constant:value=0.5", "0.25", "linear", "linear:from=0.2,to=0.9", "warmup", "warmup:from=0.3",
    "step:every=30", "multistep:at=[20,20,150],gamma=0.5", "exponential:gamma=0.97,every=1",
    "exponential", "exponential:staircase=true,every=10%", "inverse_time", "natural_exponential",
    "polynomial", "polynomial:power=1,cycle=true,every=60,floor=0.1", "cosine",
    "cosine:floor=0.1", "cosine:half_cycles=3,exponent=2,k=1.5", "wave:half=33,floor=0.2",
    "restarts:first=20,growth=2", "restarts:first=30,decay=0.5,floor=0.01",
    "restarts:first=20,growth=2,limit=2,floor=0.05", "hard_restarts", "one_cycle",
    "one_cycle:three_phase=true,curve=linear", "cyclic", "cyclic:per_cycle=0.5,per_step=0.99",
    "inverse_sqrt", "tanh", "rex", "one_minus_sqrt", "wsd", "wsd:curve=exponential,floor=0.01",
    "piecewise", "interpolated:curve=cosine", "power", "invscaling", "optimal:alpha=0.01",
    "table", "expr:'exp(-t) if t < 0.5 else 0.1 * (step % 7)'",
    "warmup@5% | cosine", "warmup@5% | constant@75% | cosine:floor=0.01", "linear:from=0.1,to=1@10 | cosine",
    "warmup@10 | step:every=30", "0.1 + 0.9 * cosine", "cosine * linear", "max(cosine, 0.1)",
    "min(cosine, linear)", "clamp(0.1, 0.8, cosine)", "reverse(cosine)", "stretch(2, step:every=20)",
    "offset(30, cosine)", "over(100, cosine)", "over(100, warmup@10 | linear)",
    "repeat(4, warmup@10% | cosine)", "repeat(3, cosine)", "cycles(15, growth=1.5, decay=0.8, linear)",
    "endless(linear:from=0,to=1@10 | wave:half=90)", "cumulative(0.99)",
    "torch.OneCycleLR(max_lr=0.1, total_steps=200)", "timm.CosineLRScheduler(t_initial=150, warmup_t=10)",
]


# The class or function that each system has of its own, and what must be in the code.
OWN = {
    "torch": [
        ("torch.OneCycleLR(max_lr=0.1, total_steps=200)",
         "OneCycleLR(optimizer, max_lr=0.1, total_steps=200"),
        ("torch.OneCycleLR(max_lr=0.1, total_steps=250, three_phase=True, anneal_strategy='linear')",
         "three_phase=True"),
        ("torch.CyclicLR(base_lr=0.01, max_lr=0.1, step_size_up=20, step_size_down=30)", "CyclicLR"),
        ("torch.CyclicLR(base_lr=0.01, max_lr=0.1, step_size_up=20, mode='triangular2')",
         "'triangular2'"),
        ("torch.CyclicLR(base_lr=0.01, max_lr=0.1, step_size_up=20, mode='exp_range', gamma=0.99)",
         "'exp_range', gamma=0.99"),
        ("one_cycle", "OneCycleLR(optimizer, max_lr=0.3"), ("cyclic", "CyclicLR"),
        ("0.1 * cosine", "CosineAnnealingLR"), ("warmup@10 | cosine", "SequentialLR"),
        ("step:every=30", "StepLR"),
        ("restarts:first=20,growth=2", "CosineAnnealingWarmRestarts"),
    ],
    "keras": [
        ("keras.PiecewiseConstantDecay([30, 60], [1.0, 0.5, 0.1])",
         "PiecewiseConstantDecay([30, 60], [1, 0.5, 0.1])"),
        ("keras.CosineDecayRestarts(0.1, first_decay_steps=20)",
         "first_decay_steps=20, t_mul=2, m_mul=1, alpha=0)"),
        ("keras.ExponentialDecay(0.5, decay_steps=20, decay_rate=0.9)",
         "ExponentialDecay(0.5, decay_steps=20"),
        ("0.1 * cosine", "CosineDecay(0.03, decay_steps=200, alpha=0)"),
    ],
    "optax": [
        ("optax.piecewise_constant_schedule(1.0, {30: 0.5})",
         "piecewise_constant_schedule(init_value=1, boundaries_and_scales={30: 0.5})"),
        ("optax.piecewise_interpolate_schedule('linear', 1.0, {30: 0.5})",
         "piecewise_interpolate_schedule('linear', init_value=1, boundaries_and_scales={30: 0.5})"),
        ("optax.warmup_cosine_decay_schedule(0.0, 0.1, 10, 200)",
         "cosine_decay_schedule(0.1, decay_steps=190"),
    ],
}


def ours(spec, what="lr"):
    out = subprocess.run([ANNEAL, "schedules", spec, "--lr", str(LR), "--steps", str(STEPS), "--format",
                          "json"], check=True, capture_output=True, text=True).stdout
    return json.loads(out)["curves"][0][what]


def exported(spec, system):
    code = subprocess.run([ANNEAL, "schedules", spec, "--lr", str(LR), "--steps", str(STEPS), "--export",
                           system], check=True, capture_output=True, text=True).stdout
    return code


def run(code):
    lines = []
    exec(compile(code, "exported", "exec"), {"__name__": "__main__", "print": lines.append})
    return [float(x) for x in lines]


def check(system, tolerance):
    failed = tables = 0
    for spec in SPECS:
        code = exported(spec, system)
        tables += "last resort" in code
        expected = ours(spec)
        got = run(code)
        worst = max((abs(a - b) for a, b in zip(expected, got)), default=float("inf"))
        if len(got) != STEPS or worst > tolerance * max(expected):
            failed += 1
            print(f"{system}: {spec}: differs by {worst}\n{code}")
    print(f"{system}: {len(SPECS) - failed} of {len(SPECS)} curves are the same, {tables} of them tables")
    return failed


def check_own():
    """Whether the code is the system's own class."""
    failed = 0
    for system, cases in OWN.items():
        for spec, wanted in cases:
            code = exported(spec, system)
            if wanted not in code:
                failed += 1
                print(f"{system}: {spec}: no {wanted} in\n{code}")
    return failed


def check_momentum():
    failed = 0
    for spec, _ in OWN["torch"]:
        if not spec.startswith("torch."):
            continue
        names = {"__name__": "exported"}
        exec(compile(exported(spec, "torch"), "exported", "exec"), names)
        torch = names["torch"]
        optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=LR, momentum=0.9)
        scheduler = names["make_scheduler"](optimizer)
        for step, expected in enumerate(ours(spec, "momentum")):
            got = optimizer.param_groups[0]["momentum"]
            if abs(got - expected) > 1e-10:
                failed += 1
                print(f"torch: {spec}: momentum {got} at {step}, expected {expected}")
                break
            optimizer.step()
            scheduler.step()
    return failed


SPECS += [spec for spec, _ in OWN["torch"] if spec not in SPECS]
failures = check_own() + check("python", 1e-12)
if importlib.util.find_spec("torch") is None:
    print("torch: skipped, for Python has no torch (Debian: python3-torch)")
else:
    import warnings

    warnings.filterwarnings("ignore")
    failures += check("torch", 1e-10) + check_momentum()  # its recursive forms drift
for other in ("keras", "optax"):
    if importlib.util.find_spec(other) is None:
        print(f"{other}: skipped, for Python has no {other}; the code is printed and compiled only")
        for spec in SPECS:
            compile(exported(spec, other), spec, "exec")
sys.exit(1 if failures else 0)
