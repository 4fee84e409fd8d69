"""Counts the instructions of one training step and compares them with what is kept beside this file.

usage: step_instructions.py PROGRAM [--update]
PROGRAM is step_instructions, built for x86-64-v3, which valgrind knows, on every machine. A count
that grew by more than 5 % is an error; where the growth is meant, --update writes the file anew.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

WORKLOADS = ["W1", "W2"]
ALLOWED = 1.05
KEPT = pathlib.Path(__file__).with_suffix(".json")


def count(program, workload):
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", "--toggle-collect=counted_step",
             f"--callgrind-out-file={folder}/out", program, workload],
            capture_output=True, text=True)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode != 0 or not found or int(found[1]) == 0:
        sys.exit(f"valgrind counted nothing of {program} {workload}:\n{run.stdout}{run.stderr}")
    return int(found[1])


def main():
    program = sys.argv[1]
    if not pathlib.Path(program).exists():
        sys.exit(f"{program} is not there: cmake --build --preset release --target step_instructions")
    command = f"python3 {' '.join([sys.argv[0], program, '--update'])}"
    counts = {workload: count(program, workload) for workload in WORKLOADS}
    if sys.argv[2:] == ["--update"]:
        compiler = re.search(rb"GCC: \([^)]*\) [\d.]+", pathlib.Path(program).read_bytes())
        KEPT.write_text(json.dumps({
            "what": "instructions of one training step on one thread, by valgrind --tool=callgrind",
            "compiler": compiler[0].decode(), "march": "x86-64-v3", "instructions": counts,
        }, indent=2) + "\n")
        print(f"written: {KEPT}")
        return
    kept = json.loads(KEPT.read_text())["instructions"]
    grown = False
    for workload in WORKLOADS:
        ratio = counts[workload] / kept[workload]
        print(f"{workload}: {counts[workload]:,} instructions a step; {kept[workload]:,} are kept; "
              f"ratio {ratio:.3f}")
        if ratio > ALLOWED:
            grown = True
            print(f"{workload} grew by more than 5 %. If that is meant: {command}")
        elif ratio < 1 / ALLOWED:
            print(f"{workload} takes fewer by more than 5 %. To hold on to that: {command}")
    sys.exit(1 if grown else 0)


main()
