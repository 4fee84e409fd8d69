#!/usr/bin/python3
"""The workloads of `anneal bench` in PyTorch: the same nets, batches, optimizers and timed work.

    torch_mlp.py --data DIR --workload W1 --hidden 128 --batch 64 --optimizer adam --lr 0.001
                 --examples 60000 --threads 1 --epochs 2 [--evaluates]

DIR holds {train,test}-{images,labels}.u8, plain bytes. Prints one line of JSON, as `anneal bench
--json` does.
PyTorch at its best: OpenBLAS with OpenMP where Debian's libopenblas0-openmp is installed (with the one that has
its own threads, two threads are slower than one), the same number of threads for both, the kernel
that OpenBLAS itself picks, and Adam's update in one call for all parameters (foreach).
"""
import argparse
import glob
import json
import os
import resource
import sys
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("--data", required=True)
arguments.add_argument("--workload", required=True)
arguments.add_argument("--hidden", type=lambda text: [int(w) for w in text.split(",")], required=True)
arguments.add_argument("--batch", type=int, required=True)
arguments.add_argument("--optimizer", choices=["adam", "sgd"], required=True)
arguments.add_argument("--lr", type=float, required=True)
arguments.add_argument("--examples", type=int, required=True)
arguments.add_argument("--threads", type=int, required=True)
arguments.add_argument("--epochs", type=int, required=True)
arguments.add_argument("--evaluates", action="store_true")
options = arguments.parse_args()

with_openmp = (glob.glob("/usr/lib/*/openblas-openmp") + [""])[0]
searched = os.environ.get("LD_LIBRARY_PATH", "")
if with_openmp and with_openmp not in searched:  # read by the loader, so before this process began
    os.environ["LD_LIBRARY_PATH"] = f"{with_openmp}:{searched}"
    os.execv(sys.executable, [sys.executable] + sys.argv)
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(options.threads)
for name in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
    os.environ.pop(name, None)

import numpy  # noqa: E402: they read the environment
import torch  # noqa: E402

torch.set_num_threads(options.threads)
torch.manual_seed(1)


def load(part):
    labels = numpy.fromfile(os.path.join(options.data, part + "-labels.u8"), numpy.uint8)
    images = numpy.fromfile(os.path.join(options.data, part + "-images.u8"), numpy.uint8)
    images = images.reshape(len(labels), -1).astype(numpy.float32) / 255
    return torch.from_numpy(images), torch.from_numpy(labels.astype(numpy.int64))


images, labels = load("train")
test_images, test_labels = load("test")
widths = [images.shape[1], *options.hidden, 10]
layers = []
for inputs, outputs in zip(widths, widths[1:]):
    layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
net = torch.nn.Sequential(*layers[:-1])
if options.optimizer == "adam":
    optimizer = torch.optim.Adam(net.parameters(), options.lr, foreach=True)
else:
    optimizer = torch.optim.SGD(net.parameters(), options.lr, momentum=0.9, foreach=True)


def train():
    order = torch.randperm(len(images))[: options.examples]
    for begin in range(0, len(order), options.batch):
        batch = order[begin : begin + options.batch]
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(net(images[batch]), labels[batch]).backward()
        optimizer.step()


def evaluate():
    right = 0
    with torch.no_grad():
        for begin in range(0, len(test_images), 1000):
            batch = slice(begin, begin + 1000)
            logits = net(test_images[batch])
            torch.nn.functional.cross_entropy(logits, test_labels[batch])
            right += int((logits.argmax(1) == test_labels[batch]).sum())
    return right / len(test_images)


seconds = []
if options.evaluates:
    train()
for _ in range(options.epochs):
    begin = time.perf_counter()
    if options.evaluates:
        for _ in range(10):
            evaluate()
        seconds.append((time.perf_counter() - begin) / 10)
    else:
        train()
        seconds.append(time.perf_counter() - begin)
timed = len(test_images) if options.evaluates else min(options.examples, len(images))
whole = len(test_images) if options.evaluates else len(images)
speed = timed / min(seconds)
print(
    json.dumps(
        {
            "workload": options.workload,
            "threads": options.threads,
            "samples_per_s": round(speed),
            "seconds_per_epoch": whole / speed,
            "test_acc": evaluate(),
            "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "version": torch.__version__,
        }
    )
)
