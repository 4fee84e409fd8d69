"""What the scripts that make golden values again have in common."""
import importlib.util
import json
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
TOLERANCE = 1e-12
WRITE = sys.argv[1:] == ["--write"]


def need(module, package, version):
    """Ends the script as skipped unless Python has the module, in a version that begins so."""
    if importlib.util.find_spec(module) is None:
        print(f"skipped: Python has no {module} (Debian: {package})")
        sys.exit(77)
    found = importlib.import_module(module).__version__
    if not found.startswith(version) and not WRITE:
        print(f"skipped: the numbers are those of {module} {version}, and this is {found}")
        sys.exit(77)
    print(f"by {module} {found}")


def difference(made, kept):
    """The largest, relative to the number or to 1; infinite where the shapes differ."""
    if isinstance(kept, dict):
        return max(difference(made[key], kept[key]) for key in kept)
    if isinstance(kept, list):
        if len(made) != len(kept):
            return math.inf
        return max((difference(a, b) for a, b in zip(made, kept)), default=0.0)
    return abs(made - kept) / max(1.0, abs(kept))


def again(name, make):
    """Compares make(case) with each case of a file, or puts it there; the number of those that differ."""
    path = HERE / (name + ".json")
    kept = json.loads(path.read_text())
    cases = kept if isinstance(kept, list) else kept["cases"]
    wrong, worst = 0, 0.0
    for case in cases:
        made = make(case)
        off = max(difference(made[key], case[key]) for key in made)
        worst = max(worst, off)
        if off > TOLERANCE:
            wrong += 1
            print(f"{name}.json: {case['id']} differs by {off:.3g}")
        case.update(made)
    print(f"{name}.json: {len(cases)} cases, the largest difference is {worst:.3g}")
    if WRITE:
        path.write_text(json.dumps(kept))
    return 0 if WRITE else wrong
