"""Runs the code that `anneal schedules --export` prints and compares its curve with ours.

usage: exported_code.py ANNEAL [RANDOM]

For a list of schedules and for RANDOM random ones (200). Plain Python is run as it is, and PyTorch's
where torch is installed (Debian: python3-torch). Keras and Optax are seldom installed where Debian's
Python is: their functions of the step are run on NumPy, which has what they use by the same names;
and a call of their own is read back by us, as the translation that golden values hold.
Exits with 77, which counts as skipped, where Python has neither torch nor NumPy.
"""
import importlib.util
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import types
import warnings

if importlib.util.find_spec("torch") is None or importlib.util.find_spec("numpy") is None:
    print("skipped: Python has no torch (Debian: python3-torch)")
    sys.exit(77)
import numpy

warnings.filterwarnings("ignore")
ANNEAL = sys.argv[1]
RANDOM = int(sys.argv[2]) if len(sys.argv) > 2 else 200
STEPS = 200
LR = 0.3
pick = random.Random(3)

SPECS = [
    "constant:value=0.5", "0.25", "linear", "linear:from=0.2,to=0.9", "warmup", "warmup:from=0.3",
    "step:every=30", "multistep:at=[20,20,150],gamma=0.5", "exponential:gamma=0.97,every=1",
    "exponential", "exponential:staircase=true,every=10%", "inverse_time", "natural_exponential",
    "polynomial", "polynomial:power=1,cycle=true,every=60,floor=0.1", "cosine",
    "cosine:floor=0.1", "cosine:half_cycles=3,exponent=2,k=1.5", "wave:half=33,floor=0.2",
    "restarts:first=20,growth=2", "restarts:first=20,growth=2,limit=2,floor=0.05", "hard_restarts",
    "one_cycle", "one_cycle:three_phase=true,curve=linear", "one_cycle:up=70%,three_phase=true",
    "cyclic", "cyclic:per_cycle=0.5,per_step=0.99",
    "inverse_sqrt", "tanh", "rex", "one_minus_sqrt", "wsd", "wsd:curve=exponential,floor=0.01",
    "piecewise", "interpolated:curve=cosine", "power", "invscaling", "optimal:alpha=0.01",
    "expr:'(t < 0.5) + (t < 0.7)'", "expr:'exp(-t) if t < 0.5 else 0.1 * (step % 7)'",
    "warmup@5% | cosine", "warmup@5% | constant@75% | cosine:floor=0.01", "linear:from=0.1,to=1@10 | cosine",
    "warmup@10 | step:every=30", "0.1 + 0.9 * cosine", "cosine * linear", "max(cosine, 0.1)",
    "min(cosine, linear)", "clamp(0.1, 0.8, cosine)", "reverse(cosine)", "stretch(2, step:every=20)",
    "offset(30, cosine)", "over(100, cosine)", "over(100, warmup@10 | linear)",
    "repeat(4, warmup@10% | cosine)", "cycles(15, growth=1.5, decay=0.8, linear)",
    "endless(linear:from=0,to=1@10 | wave:half=90)", "2 * warmup@10 | 3", "constant@20 | wave:half=20@90 | 0.5",
    "torch.OneCycleLR(max_lr=0.1, total_steps=200)", "timm.CosineLRScheduler(t_initial=150, warmup_t=10)",
]
# These have no formula; every other one must have one, or a class.
TABLES = {
    "cumulative(0.99)", "repeat(3, cosine)", "table",
    "torch.ChainedScheduler([torch.CosineAnnealingLR(50), torch.ConstantLR(0.5, 90)])",
    "torch.SequentialLR([torch.OneCycleLR(0.5, 200, pct_start=1.0), torch.SWALR(0.2)], [90])",
    "torch.CyclicLR(0.1, 1, 20, scale_fn=lambda e: 1 / (1 + e), scale_mode='iterations')",
}
SPECS += sorted(TABLES)
# What a text may not do: end a comment, or name an encoding.
HOSTILE = ["expr:'t' \n", "1 * expr:'0.5' \n\n | 1@1 "]

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
        ("torch.ChainedScheduler([torch.CosineAnnealingLR(50), torch.ConstantLR(0.5, 90)])",
         "ChainedScheduler(schedulers=["),
        ("torch.SequentialLR([torch.OneCycleLR(0.5, 200, pct_start=1.0), torch.SWALR(0.2)], [90])",
         "        SWALR(optimizer, swa_lr=0.2),"),
        ("torch.CyclicLR(0.1, 1, 20, scale_fn=lambda e: 1 / (1 + e), scale_mode='iterations')",
         "scale_fn=lambda e: 1 / (1 + e)"),
        ("one_cycle", "OneCycleLR(optimizer, max_lr=0.3"), ("cyclic", "CyclicLR"),
        ("0.1 * cosine", "CosineAnnealingLR"), ("warmup@10 | cosine", "SequentialLR"),
        ("step:every=30", "StepLR"),
        ("restarts:first=20,growth=2", "CosineAnnealingWarmRestarts"),
        ("plateau:threshold=0,margin=0.1", "threshold=0.1, threshold_mode='abs'"),
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
PLATEAUS = ["plateau:patience=0,factor=0.5,threshold=0.1", "2 * plateau:patience=1,factor=0.3,margin=0.05",
            "plateau:patience=2,maximize=true,threshold=0.2,cooldown=3",
            "plateau:patience=1,factor=0.5,floor=0.2,threshold=0.1,signed_threshold=true",
            "torch.ReduceLROnPlateau(patience=1, threshold=0.1)",
            "torch.ReduceLROnPlateau('max', patience=1, threshold_mode='abs', min_lr=0.01)"]
REFUSED = ["warmup@3 | plateau:patience=1,factor=0.5", "cosine * plateau", "plateau:average=3",
           "warmup@3 | cosine * plateau@9 | 1", "plateau:factor=1", "max(0.1, plateau)"]


# ---- random schedules ---------------------------------------------------------------------------

def number(low, high):
    return round(pick.uniform(low, high), pick.choice([1, 2, 4]))


def whole(low, high):
    return pick.randint(low, high)


def length():
    return pick.choice([f"{whole(1, 90)}", f"{whole(1, 45)}%", "1ep"])


LEAVES = [
    lambda: f"{number(0, 2)}", lambda: f"constant:value={number(0, 2)}",
    lambda: f"linear:from={number(0, 1.2)},to={number(0, 1.2)}", lambda: f"warmup:from={number(0, 1)}",
    lambda: f"step:every={length()},gamma={number(.1, 1)}", lambda: f"exponential:gamma={number(.5, 1)},every={length()}",
    lambda: f"multistep:gamma={number(.1, 1)},at=[{whole(1, 20)},{whole(21, 80)}]",
    lambda: f"polynomial:power={number(.5, 3)}", lambda: f"cosine:floor={number(0, 1)}", lambda: "cosine",
    lambda: f"wave:half={length()},floor={number(0, 1)}", lambda: f"restarts:first={length()},growth={whole(1, 3)}",
    lambda: f"one_cycle:up={whole(2, 98)}%,three_phase={pick.choice(['true', 'false'])}",
    lambda: f"cyclic:up={length()},down={length()},low={number(0, 1)}", lambda: "inverse_sqrt", lambda: "tanh",
    lambda: "rex", lambda: "wsd", lambda: "piecewise", lambda: "interpolated", lambda: "power",
]


def expression(depth):
    if depth == 0 or pick.random() < .2:
        return pick.choice(LEAVES)()
    a, b = expression(depth - 1), expression(depth - 1)
    return pick.choice([
        lambda: f"({a})@{whole(1, 49)}% | ({b})", lambda: f"({a})@{whole(1, 60)} | ({b})@{whole(1, 60)}",
        lambda: f"({a}) * ({b})", lambda: f"{number(.1, 3)} * ({a})", lambda: f"({a}) + ({b})",
        lambda: f"max({a}, {b})", lambda: f"min({a}, {b})", lambda: f"clamp(0.1, 0.7, {a})",
        lambda: f"reverse({a})", lambda: f"stretch({number(.5, 3)}, {a})", lambda: f"offset({length()}, {a})",
        lambda: f"over({whole(20, 300)}, {a})", lambda: f"repeat({whole(1, 4)}, {a})",
        lambda: f"cycles({whole(5, 60)}, growth={pick.choice([1, 1.5, 2])}, decay={number(.5, 1)}, {a})",
        lambda: f"endless({a})", lambda: f"cumulative(min(1, {a}))",
    ])()


# ---- ours and theirs ----------------------------------------------------------------------------

def anneal(*arguments):
    return subprocess.run([ANNEAL, "schedules", *arguments, "--lr", str(LR), "--steps", str(STEPS)],
                          capture_output=True, text=True)


def ours(spec, what="lr", metrics=None):
    more = []
    if metrics:
        with tempfile.NamedTemporaryFile("w", suffix=".json", delete=False) as file:
            json.dump(metrics, file)
        more = ["--metrics", file.name]
    run = anneal(spec, "--format", "json", *more)
    if metrics:
        os.unlink(file.name)
    return json.loads(run.stdout)["curves"][0][what] if run.returncode == 0 else None


def exported(spec, system):
    run = anneal(spec, "--export", system)
    if run.returncode != 0:
        raise SystemExit(f"{system}: {spec}: {run.stderr}")
    return run.stdout


def stub_modules():
    """NumPy as jax.numpy and as keras.ops."""
    ops = types.ModuleType("keras.ops")
    ops.__dict__.update({n: getattr(numpy, n) for n in dir(numpy) if not n.startswith("_")})
    ops.cast = lambda x, kind: numpy.asarray(x).astype(kind)
    ops.convert_to_tensor = numpy.asarray
    keras, optimizers, jax = (types.ModuleType(n) for n in ("keras", "keras.optimizers", "jax"))
    optimizers.schedules = types.SimpleNamespace(LearningRateSchedule=object)
    keras.ops, keras.optimizers, jax.numpy = ops, optimizers, numpy
    sys.modules.update({"keras": keras, "keras.ops": ops, "keras.optimizers": optimizers, "jax": jax,
                        "jax.numpy": numpy, "optax": types.ModuleType("optax")})


def run(code):
    lines = []
    exec(compile(code, "exported", "exec"), {"__name__": "__main__", "print": lines.append})
    return [float(x) for x in lines]


def curve_of(code, system):
    own = re.search(r"^schedule = (?:schedules|optax)\.(.*?)\n\n", code, re.S | re.M)
    if not own:
        return run(code)
    compile(code, "exported", "exec")
    return ours(f"{system}.{' '.join(own[1].split())}")


def differs(got, wanted, relative):
    if got is None or len(got) != STEPS:
        return "is no curve of the run"
    highest = max(wanted)
    for step, (a, b) in enumerate(zip(got, wanted)):
        if not abs(a - b) <= relative * max(abs(a), abs(b)) + 1e-14 * highest:
            return f"is {a} at step {step}, ours is {b}"
    return None


def check(system, specs, relative):
    failed = tables = 0
    for spec in specs:
        code = exported(spec, system)
        wrong = differs(curve_of(code, system), ours(spec), relative)
        table = "last resort" in code
        tables += table
        if not wrong and spec in SPECS and table != (spec in TABLES) and system != "torch":
            wrong = "is a table" if table else "is no table: TABLES says that it is"
        if wrong:
            failed += 1
            print(f"{system}: {spec}: {wrong}\n{code}")
    print(f"{system}: {len(specs) - failed} of {len(specs)} curves are the same, {tables} of them tables")
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


def optimizer_of(code):
    names = {"__name__": "exported"}
    exec(compile(code, "exported", "exec"), names)
    lr = float(re.search(r"SGD\(.*lr=([^,)]*)", code)[1])
    optimizer = names["torch"].optim.SGD([names["torch"].nn.Parameter(names["torch"].zeros(1))], lr=lr, momentum=0.9)
    return optimizer, names["make_scheduler"](optimizer)


def check_momentum():
    failed = 0
    for spec, _ in OWN["torch"]:
        momenta = ours(spec, "momentum") if "Cycl" in spec else None
        if not momenta:
            continue
        optimizer, scheduler = optimizer_of(exported(spec, "torch"))
        for step, expected in enumerate(momenta):
            got = optimizer.param_groups[0]["momentum"]
            if abs(got - expected) > 1e-10:
                failed += 1
                print(f"torch: {spec}: momentum {got} at {step}, expected {expected}")
                break
            optimizer.step()
            scheduler.step()
    return failed


def check_plateaus():
    """Loops that follow a metric, which may be below 0."""
    failed = 0
    for spec in PLATEAUS:
        for level in (-3, 0, 3):
            metrics = [level + pick.uniform(-1, 1) for _ in range(STEPS)]
            optimizer, scheduler = optimizer_of(exported(spec, "torch"))
            got = []
            for t in range(STEPS):
                got.append(optimizer.param_groups[0]["lr"])
                scheduler.step(metrics[t])
            if wrong := differs(got, ours(spec, metrics=metrics), 1e-10):
                failed += 1
                print(f"torch: {spec} around {level}: {wrong}\n{exported(spec, 'torch')}")
    for spec in REFUSED:
        for system in ("python", "torch", "keras", "optax"):
            answer = anneal(spec, "--export", system)
            if answer.returncode == 0 or "follows the losses" not in answer.stderr:
                failed += 1
                print(f"{system}: {spec}: not refused\n{answer.stdout}{answer.stderr}")
    return failed


def check_hostile():
    failed = 0
    for system in ("python", "torch", "keras", "optax"):
        for spec in ("torch.StepLR(step_size=30, verbose=\"\nprint(1)\n#\")", "cosine\nprint(1)", "cosine\rprint(1)",
                     "table:'coding: rot13'", *HOSTILE):
            answer = anneal(spec, "--export", system)
            if answer.returncode == 0 and re.search(r"^print|\r", answer.stdout, re.M):
                failed += 1
                print(f"{system}: {spec!r} is code:\n{answer.stdout}")
        code = exported("cosine * expr:'1'", system).split("\n")
        if any("coding" in line for line in code[:2]) or "cosine" in "".join(code[:2]):
            failed += 1
            print(f"{system}: the text of the schedule is where Python looks for an encoding")
    return failed


SPECS += [spec for spec, _ in OWN["torch"] if spec not in SPECS and "plateau" not in spec]
failures = check_own() + check_momentum() + check_plateaus() + check_hostile()
specs = list(SPECS)
while len(specs) < len(SPECS) + RANDOM:
    spec = expression(pick.choice([1, 2, 2]))
    curve = ours(spec)  # a chain that does not fit the run is refused
    if curve and max(curve) > 0:
        specs.append(spec)
for system, relative in (("python", 1e-9), ("torch", 1e-9)):
    failures += check(system, specs, relative)
stub_modules()
for system in ("keras", "optax"):
    failures += check(system, specs, 1e-9)
sys.exit(1 if failures else 0)
