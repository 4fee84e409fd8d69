"""Data of one's own as a user has it: IDX files are made, trained on, compared on, and refused."""

import gzip
import hashlib
import json
import os
import random
import struct
import subprocess
import sys
from pathlib import Path

anneal, work = sys.argv[1], Path(sys.argv[2]).absolute()


def idx(shape, data, kind=8):
    return struct.pack(">BBBB", 0, 0, kind, len(shape)) + struct.pack(f">{len(shape)}I", *shape) + data


def examples(n, classes, first_label, seed):
    """Images of 6 x 5 whose brightest row tells their class."""
    rng = random.Random(seed)
    images, labels = bytearray(), []
    for _ in range(n):
        label = rng.randrange(classes)
        for row in range(6):
            images += bytes(rng.randrange(60) + (150 if row == label else 0) for _ in range(5))
        labels.append(label + first_label)
    return idx((n, 6, 5), bytes(images)), idx((n,), bytes(labels))


def write_set(folder, first_label=0, prefix="", test="t10k", classes=6):
    folder.mkdir(parents=True, exist_ok=True)
    for part, n in (("train", 700), (test, 100)):
        if not part:
            continue
        images, labels = examples(n, classes, first_label, part)
        (folder / f"{prefix}{part}-images-idx3-ubyte").write_bytes(images)
        (folder / f"{prefix}{part}-labels-idx1-ubyte.gz").write_bytes(gzip.compress(labels))


def run(*arguments, code=0, data_dir=None):
    environment = dict(os.environ, HOME=str(work), XDG_CACHE_HOME=str(work / "cache"))
    environment.pop("ANNEAL_DATA_DIR", None)
    if data_dir is not None:
        environment["ANNEAL_DATA_DIR"] = str(data_dir)
    done = subprocess.run([anneal, *map(str, arguments)], cwd=work, env=environment, timeout=300,
                          capture_output=True, text=True)
    if done.returncode != code:
        sys.exit(f"{arguments}: exit code {done.returncode}, wanted {code}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def expect(text, wanted):
    if wanted not in text:
        sys.exit(f"wanted: {wanted}\nin:\n{text}")


quick = ("--hidden", 16, "--epochs", 6, "--batch-size", 20, "--threads", 1)


def result(*arguments, **how):
    """The result of a run as JSON, and the first line of its log."""
    text = run("train", *quick, "--json", "--out", work / "run", *arguments, **how)
    log = (work / "run" / "run.jsonl").read_text().splitlines()
    for file in (work / "run").iterdir():
        file.unlink()
    (work / "run").rmdir()
    line = [line for line in text.splitlines() if line.startswith('{"dataset"')][0]
    return json.loads(line), json.loads(log[0]), text


os.makedirs(work, exist_ok=True)
subprocess.run(["rm", "-rf", *work.iterdir()], check=True)

# Named by --data, by idx: and by the environment, it is the same data; the log says which.
mine = work / "mine"
write_set(mine)
named, log, text = result("--data", mine)
expect(text, f"data       mine from IDX files in {mine}: (6, 5) bytes, 6 classes\n")
assert named["test_accuracy"] > 0.9, named
assert named["dataset"] == "mine"
hashes = {name: value for name, value in log["dataset"].items() if name.startswith("SHA-256 of ")}
assert len(hashes) == 4, log
for name, value in hashes.items():
    file = mine / name.removeprefix("SHA-256 of ")
    data = file.read_bytes()
    assert hashlib.sha256(gzip.decompress(data) if file.suffix == ".gz" else data).hexdigest() == value
assert result("--dataset", f"idx:{mine}")[0]["test_loss"] == named["test_loss"]
assert result("--dataset", "idx:~/mine")[0]["test_loss"] == named["test_loss"]
assert result(data_dir=mine)[0]["test_loss"] == named["test_loss"]
# A run is repeated from its log.
run("train", *quick, "--dataset", f"idx:{mine}", "--out", work / "first")
assert result("--config", work / "first" / "run.jsonl")[0]["test_loss"] == named["test_loss"]

# torchvision's folders; labels that begin at 1; no test part; one set of several.
write_set(work / "root" / "KMNIST" / "raw")
assert result("--data", work / "root")[0]["dataset"] == "KMNIST"
write_set(work / "emnist", 1, "emnist-letters-", "test")
letters, log, text = result("--data", work / "emnist")
expect(text, "labels 1 to 6 are classes 0 to 5")
assert letters["dataset"] == "emnist-letters" and letters["test_accuracy"] > 0.9
write_set(work / "emnist", 0, "emnist-digits-", "")
expect(run("train", "--data", work / "emnist", code=2), "2 sets in it; name one:\n  idx:")
alone, log, text = result("--dataset", f"idx:{work}/emnist/emnist-digits")
expect(text, "100 of 700 examples are held out as the test part, for it has none")
assert log["dataset"]["test"] == 100 and alone["test_accuracy"] > 0.5

# It is compared on, with trials that are known again, and tested for its rates.
compare = ("compare", "--dataset", f"idx:{mine}", "--schedule", "linear", "--schedule", "constant", "--hidden", 8,
           "--batch-size", 50, "--validation", 100, "--grid", 2, "--growth", 0, "--seeds", 2,
           "--tuning-seeds", 1, "--out", work / "compared")
expect(run(*compare), "on mine")
trials = sorted(path.name for path in (work / "compared" / "trials").iterdir())
run(*compare)
assert sorted(path.name for path in (work / "compared" / "trials").iterdir()) == trials
first = json.loads((work / "compared" / "trials" / trials[0] / "run.jsonl").read_text().splitlines()[0])
assert any(name.startswith("SHA-256 of train-images") for name in first["dataset"]), first
expect(run("find-lr", "--dataset", f"idx:{mine}", "--hidden", 8, "--batch-size", 50, "--updates", 40,
           "--seeds", 2, "--out", work / "rates"), "mine, 642 training examples")

# A place that was named is used, or refused with the reason.
nowhere = work / "nowhere"
empty = work / "empty"
empty.mkdir()
for command in ("train", "compare", "find-lr"):
    expect(run(command, "--data", nowhere, code=2), f"--data: {nowhere}: there is no such folder")
    expect(run(command, data_dir=nowhere, code=2), f"ANNEAL_DATA_DIR: {nowhere}: there is no such folder")
    expect(run(command, "--data", empty, code=2), f"{empty}: no IDX files in it or its folders; looked for")
    expect(run(command, data_dir=empty, code=2), f"{empty}: no IDX files in it or its folders; looked for")
    expect(run(command, "--dataset", f"idx:{nowhere}", code=2), f"{nowhere}: there is no such folder")
expect(run("train", "--data", mine, "--dataset", "mnist", code=2), "not MNIST's train-images as published")
expect(run("train", "--data", empty, "--dataset", "mnist", code=2), "MNIST is not in it. Tried:")
expect(run("train", "--data", mine / "train-images-idx3-ubyte", code=2), "this is not a folder")
expect(run("train", "--data", mine, "--dataset", "digits", code=2),
       f"--data {mine} is of no use to --dataset digits, which is generated")
expect(run("train", "--data", mine, "--dataset", f"idx:{mine}", code=2), "which names its folder itself")
expect(run("train", "--dataset", "idx:", code=2), "or idx:FOLDER for IDX files of your own")
run("train", "--dataset", "moons", *quick, "--out", work / "moons", data_dir=nowhere)  # needs no place

# What is no file, or no IDX file, is told.
broken = work / "broken"
write_set(broken)
images = broken / "train-images-idx3-ubyte"
for data, says in ((b"<html>404", "this is an HTML or XML page"), (b"", "this file is empty"),
                   (b"PK\3\4", "this is a ZIP archive"), (idx((9, 28, 28), b"x"), "cut short"),
                   (idx((4000000000, 28, 28), b"x"), "no more than 2.15 GB are read")):
    images.write_bytes(data)
    expect(run("train", "--data", broken, code=2), f"{images}: ")
    expect(run("train", "--data", broken, code=2), says)
images.unlink()
os.mkfifo(images)
expect(run("train", "--data", broken, code=2), f"{images}: this is not a regular file")
images.unlink()
images.symlink_to("/dev/zero")
expect(run("train", "--data", broken, code=2), f"{images}: this is not a regular file")
