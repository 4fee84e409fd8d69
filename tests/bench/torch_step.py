"""What one scheduler.step() of PyTorch costs, to compare with schedule_bench; one parameter group."""
import importlib.util
import time
import warnings

if importlib.util.find_spec("torch") is None:
    print("PyTorch: skipped, for Python has no torch (Debian: python3-torch)")
    raise SystemExit
import torch
from torch.optim import lr_scheduler as s

warnings.filterwarnings("ignore")


def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)


def sequential(o):
    return s.SequentialLR(o, [s.LinearLR(o, total_iters=1000), s.CosineAnnealingLR(o, T_max=900_000)],
                          milestones=[1000])


MAKERS = {
    "StepLR": lambda o: s.StepLR(o, 30),
    "LinearLR": lambda o: s.LinearLR(o, total_iters=10**6),
    "CosineAnnealingLR": lambda o: s.CosineAnnealingLR(o, T_max=10**6),
    "CosineAnnealingWarmRestarts": lambda o: s.CosineAnnealingWarmRestarts(o, 1000),
    "OneCycleLR": lambda o: s.OneCycleLR(o, 0.1, total_steps=10**6, cycle_momentum=False),
    "SequentialLR of two": sequential,
}
N = 20_000
for name, make in MAKERS.items():
    best = float("inf")
    for _ in range(3):
        scheduler = make(optimizer())
        begun = time.perf_counter()
        for _ in range(N):
            scheduler.step()
        best = min(best, (time.perf_counter() - begun) / N)
    print(f"PyTorch {torch.__version__}  {name:30} {1e9 * best:8.0f} ns")
