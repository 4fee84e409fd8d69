"""Runs under random options, each made again from its log: python3 rerun_from_log.py ANNEAL WORK [RUNS]

Every option of `anneal train` either is drawn here or is named among those that decide nothing, so
that a new one cannot be forgotten; and all that decides a run is in its log, for the second run has
the losses of the first to the last bit.
"""

import json
import pathlib
import random
import shutil
import subprocess
import sys

anneal, work = sys.argv[1], pathlib.Path(sys.argv[2])
runs = int(sys.argv[3]) if len(sys.argv) > 3 else 24
of_no_effect = {"data", "out", "json", "threads", "preset", "dataset"}
schedules = ["cosine", "warmup@5% | linear", "plateau:patience=1", "0.1 + 0.9 * cosine", "max(rex, 0.1)",
             "torch.OneCycleLR(max_lr=0.01, total_steps=200)", "step:every=1ep,gamma=0.5"]
sgd, adam, any_rule = ["sgd"], ["adam", "adamw", "nadam", "radam"], ["sgd", "adam", "adamw", "nadam", "radam"]
curves = ["linear", "cosine", "0.5 + 0.5 * linear"]
# Of each option: what it may be, and with which rules it goes.
choices = {
    "validation": (["300", "500"], any_rule), "examples": (["900", "1000"], any_rule),
    "hidden": (["none", "8", "16,8"], any_rule), "activation": (["tanh", "gelu"], any_rule),
    "norm": (["batch", "layer"], any_rule), "dropout": (["0.1", "0.25"], any_rule),
    "lr": (["0.01", "0.003"], any_rule), "weight-decay": (["0.01", "1e-4"], any_rule),
    "momentum": (["0.5", "0.8"], sgd), "nesterov": ([None], sgd),
    "beta1": (["0.8"], adam), "beta2": (["0.95"], adam), "epsilon": (["1e-6"], adam),
    "amsgrad": ([None], ["adam", "adamw"]), "label-smoothing": (["0.1"], any_rule),
    "clip-norm": (["0.5"], any_rule), "clip-value": (["0.05"], any_rule),
    "schedule": (schedules, any_rule), "momentum-schedule": (curves, sgd),
    "beta1-schedule": (curves, adam), "beta2-schedule": (["0.9 + 0.1 * linear"], adam),
    "weight-decay-schedule": (curves, any_rule), "dropout-schedule": (curves, any_rule),
    "batch-size-schedule": (["1 + linear"], any_rule), "epochs": (["2", "3"], any_rule),
    "batch-size": (["50", "64"], any_rule), "drop-last": ([None], any_rule),
    "seed": (["2", "9223372036854775807"], any_rule),
}
needs = {"weight-decay-schedule": "weight-decay", "dropout-schedule": "dropout", "nesterov": "momentum"}
# Some of these match the same parameters: the last counts, so their order does.
groups = ["bias: 2 * cosine", "0.weight: linear", "weight: 0.5", "0: rex"]


def draw(chance):
    rule = chance.choice(any_rule)
    names = [n for n, (_, rules) in choices.items() if rule in rules and chance.random() < 0.4]
    names += [needs[n] for n in names if n in needs and needs[n] not in names]
    arguments = [f"--optimizer={rule}"]
    for name in names:
        value = chance.choice(choices[name][0])
        arguments += [f"--{name}"] if value is None else [f"--{name}={value}"]
    picked = chance.sample(groups, chance.randrange(len(groups) + 1))
    return arguments + [f"--lr-group={group}" for group in picked]


def train(out, *arguments):
    done = subprocess.run([anneal, "train", "--threads=1", "--out", str(work / out), *arguments],
                          capture_output=True, text=True)
    if done.returncode == 2 and "is left without a parameter" in done.stderr:
        return None
    if done.returncode not in (0, 3):
        sys.exit(f"anneal train {' '.join(arguments)}\nended with {done.returncode}:\n{done.stderr}")
    return [json.loads(line) for line in (work / out / "run.jsonl").read_text().splitlines()]


def losses(log):
    return [line for line in log if line["type"] in ("step", "evaluation")]


shutil.rmtree(work, ignore_errors=True)
work.mkdir(parents=True)
rerun, several = 0, 0
for seed in range(200):
    arguments = draw(random.Random(seed))
    first = train(f"{seed}", "--dataset=moons", *arguments)
    if first is None:
        continue
    known = set(choices) | of_no_effect | {"optimizer", "lr-group"}
    unknown = set(first[0]["options"]) - known
    if unknown:
        sys.exit(f"rerun_from_log: draw these too, or say that they decide nothing: {unknown}")
    again = train(f"{seed}-again", "--config", str(work / f"{seed}" / "run.jsonl"))
    if losses(first) != losses(again):
        sys.exit(f"rerun_from_log: another run from its log: anneal train {' '.join(arguments)}")
    several += isinstance(first[0]["options"]["lr-group"], list)
    rerun += 1
    if rerun == runs:
        break
if rerun < runs or several < runs / 6:
    sys.exit(f"rerun_from_log: {rerun} runs, {several} with several groups: too few to say anything")
print(f"{rerun} runs under random options, {several} with several groups, came out the same from their logs")
