"""Processes that share one --out, killed at random moments, beside readers of what they write.

Eight at a time run the same comparison into one folder; some are killed by SIGKILL or SIGTERM. Those
that are not must end with 0, a reader must never see part of a file, and in the end the numbers must
be those of one process that was left alone.

usage: compare_together.py ANNEAL FOLDER [SECONDS]
"""
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

TOGETHER = 8
NUMBERS = ["results.csv", "tuning.csv", "curves.csv"]
COMPARISON = (
    "compare --dataset moons --examples 1000 --validation 300 --hidden 8 --batch-size 50 --grid 2 "
    "--growth 0 --refinements 0 --tuning-seeds 2 --seeds 3 --workers 1 --schedule linear --schedule constant --out"
).split()


def fault_of(name, text, rows):
    """What is wrong with a file that was read while others wrote it."""
    if name.endswith(".csv"):
        lines = text.splitlines()
        if len(lines) != rows[name] or not text.endswith("\n"):
            return f"{len(lines)} lines, not {rows[name]}"
        if len({line.count(",") for line in lines}) != 1:
            return "rows of different lengths"
    elif name == "report.md":
        if not text.startswith("# 2 schedules on moons") or not text.endswith("\n"):
            return "not a whole report"
    elif not text.rstrip().endswith("</html>"):
        return "not a whole page"
    return None


class Readers:
    """Read the results over and over, and remember what was wrong."""

    def __init__(self, folder, rows):
        self.faults, self.reads, self.over = [], 0, False
        self.threads = [
            threading.Thread(target=self.read, args=(folder / name, rows))
            for name in [*NUMBERS, "report.md", "report.html"]
        ]
        for thread in self.threads:
            thread.start()

    def read(self, file, rows):
        while not self.over:
            try:
                fault = fault_of(file.name, file.read_text(), rows)
            except FileNotFoundError:
                fault = None
            else:
                self.reads += 1
            if fault:
                self.faults.append(f"{file.name}: {fault}")
            time.sleep(0.001)

    def end(self):
        self.over = True
        for thread in self.threads:
            thread.join()


def run_some(anneal, folder, dice):
    """One row of processes; returns what went wrong with those that were left alone."""
    processes = [
        subprocess.Popen(
            [anneal, *COMPARISON, folder], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        for _ in range(TOGETHER)
    ]
    doomed = dice.sample(processes, dice.randrange(TOGETHER))
    for process in doomed:
        time.sleep(dice.uniform(0.0, 0.15))
        process.send_signal(dice.choice([signal.SIGKILL, signal.SIGTERM]))
    faults = []
    for process in processes:
        _, errors = process.communicate(timeout=120)
        if process not in doomed and process.returncode != 0:
            faults.append(f"ended with {process.returncode}: {errors.decode()[-300:]}")
    return faults


def main():
    anneal, work = sys.argv[1], Path(sys.argv[2])
    seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 12.0
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    alone, shared = work / "alone", work / "shared"
    subprocess.run([anneal, *COMPARISON, alone], check=True, capture_output=True)
    rows = {name: len((alone / name).read_text().splitlines()) for name in NUMBERS}

    dice = random.Random(14)
    readers = Readers(shared, rows)
    faults, rounds, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        if rounds % 2 == 0:  # from the start again: most kills meet unfinished trials
            shutil.rmtree(shared / "trials", ignore_errors=True)
        faults += run_some(anneal, shared, dice)
        rounds += 1
    subprocess.run([anneal, *COMPARISON, shared], check=True, capture_output=True)
    readers.end()

    faults += readers.faults
    faults += [
        f"{name} is not that of a process alone"
        for name in NUMBERS
        if (alone / name).read_text() != (shared / name).read_text()
    ]
    print(f"{rounds} rows of {TOGETHER} processes, {readers.reads} reads")
    for fault in faults[:20]:
        print(fault)
    sys.exit(1 if faults else 0)


main()
