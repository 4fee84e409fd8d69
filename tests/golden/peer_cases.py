"""Writes golden/peers/SYSTEM.json: calls as a user of the system writes them, and their rates.

Each make_SYSTEM.py states the source that was read, writes its formulas anew as classes with the
system's names, and evaluates the very text of each call with them. Run it from anywhere:
python3 tests/golden/make_SYSTEM.py. Needs nothing but Python.
"""

import json
import pathlib


class Case:
    """A call and how long it is watched: `updates` rates from update 0 on."""

    def __init__(self, call, updates, base_lr=0.1, metrics=None, steps_per_epoch=1):
        self.call = call
        self.updates = updates
        self.base_lr = base_lr
        self.metrics = metrics
        self.steps_per_epoch = steps_per_epoch


def write(system, names, cases):
    """`names` are what the calls may use. A schedule has rates(case), and momenta(case) or not."""
    out = []
    for i, case in enumerate(cases):
        schedule = eval(case.call, dict(names))  # our own texts, above
        entry = {"id": f"{system}/{i:02d}", "call": case.call, "base_lr": case.base_lr,
                 "lr": schedule.rates(case)}
        if hasattr(schedule, "momenta") and (momenta := schedule.momenta(case)):
            entry["momentum"] = momenta
        if case.metrics:
            entry["metrics"] = case.metrics
        if case.steps_per_epoch != 1:
            entry["steps_per_epoch"] = case.steps_per_epoch
        out.append(entry)
    path = pathlib.Path(__file__).parent / "peers" / f"{system}.json"
    path.write_text("[\n" + ",\n".join(json.dumps(e) for e in out) + "\n]\n")
    print(f"{path.name}: {len(out)} cases")
