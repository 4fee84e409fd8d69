"""Makes PyTorch's golden numbers again: python3 torch_again.py [--write]

optimizers.json, mlp.json, schedules_torch.json and peers/torch.json hold what went in (parameters,
gradients, weights, metrics) and what came out. This feeds PyTorch with the former, in float64, and
compares: any difference above 1e-12 is an error, or with --write goes into the files. They were made by
PyTorch 1.13.1 (Debian 12: python3-torch), and are made again by it to the last digits.
"""
import copy
import math
import sys
import warnings

import golden_file

golden_file.need("torch", "python3-torch", "1.13.")
import torch
from torch.nn import functional
from torch.optim import lr_scheduler
from torch.optim.swa_utils import SWALR

warnings.filterwarnings("ignore")
torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
OPTIMIZERS = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW,
              "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad, "nadam": torch.optim.NAdam,
              "radam": torch.optim.RAdam}


def optimizer_case(case):
    """gradients[t] is fed at update t under lr[t]; parameters[t] is what the update leaves."""
    weights = torch.nn.Parameter(torch.tensor(case["initial"]))
    optimizer = OPTIMIZERS[case["optimizer"]]([weights], **case["parameters_of_optimizer"])
    left = []
    for lr, gradient in zip(case["lr"], case["gradients"]):
        optimizer.param_groups[0]["lr"] = lr
        weights.grad = torch.tensor(gradient)
        optimizer.step()
        left.append(weights.tolist())
    return {"parameters": left}


def mlp_case(case):
    """Full-batch training of Linear layers with an activation between them."""
    layers = [[torch.nn.Parameter(torch.tensor(layer[name])) for name in ("weight", "bias")]
              for layer in case["initial"]]
    activation = getattr(functional, case["activation"])
    optimizer = OPTIMIZERS[case["optimizer"]]([p for layer in layers for p in layer],
                                              **case["parameters_of_optimizer"])
    inputs, labels = torch.tensor(case["inputs"]), torch.tensor(case["labels"])
    made = {"losses": []}
    for step in range(len(case["losses"])):
        x = inputs
        for i, (weight, bias) in enumerate(layers):
            x = functional.linear(activation(x) if i else x, weight, bias)
        loss = functional.cross_entropy(x, labels, label_smoothing=case["label_smoothing"])
        optimizer.zero_grad()
        loss.backward()
        if step == 0:
            made["first_logits"] = x.tolist()
            made["first_gradients"] = [{"weight": w.grad.tolist(), "bias": b.grad.tolist()} for w, b in layers]
        made["losses"].append(loss.item())
        optimizer.step()
    return made


def function(text):
    return lambda epoch: eval(text, {"math": math, "epoch": epoch})


def scheduler(name, params, optimizer):
    params = copy.deepcopy(params)
    if name in ("SequentialLR", "ChainedScheduler"):
        children = []
        for child in params.pop("schedulers"):
            kind, own = (child["schedule"], child["params"]) if "schedule" in child else next(iter(child.items()))
            children.append(scheduler(kind, own, optimizer))
        if name == "ChainedScheduler":
            return lr_scheduler.ChainedScheduler(children)
        return lr_scheduler.SequentialLR(optimizer, children, **params)
    if "lr_lambda" in params:
        given = params["lr_lambda"]
        params["lr_lambda"] = [function(f) for f in given] if isinstance(given, list) else function(given)
    return SWALR(optimizer, **params) if name == "SWALR" else getattr(lr_scheduler, name)(optimizer, **params)


def schedule_case(case):
    """lr[t] and momentum[t] are in force during update t; metrics[t] is reported after it."""
    rates = case["base_lr"] if isinstance(case["base_lr"], list) else [case["base_lr"]]
    groups = [{"params": [torch.nn.Parameter(torch.zeros(1))], "lr": rate} for rate in rates]
    adam = case.get("optimizer") == "Adam"
    optimizer = torch.optim.Adam(groups) if adam else torch.optim.SGD(groups, lr=0.1, momentum=0.9)
    name, params = case["schedule"], dict(case["params"])
    per_epoch = params.pop("steps_per_epoch") if name.endswith(".step(epoch)") else None
    schedule = scheduler(name.removesuffix(".step(epoch)"), params, optimizer)
    several = isinstance(case["base_lr"], list)
    count = len(case["lr"][0] if several else case["lr"])
    lr, momentum = [[] for _ in rates], [[] for _ in rates]
    for t in range(count):
        if per_epoch:
            schedule.step(t / per_epoch)
        for of_group, rate, inertia in zip(optimizer.param_groups, lr, momentum):
            rate.append(of_group["lr"])
            inertia.append(of_group["betas"][0] if adam else of_group["momentum"])
        optimizer.step()
        if t + 1 < count and not per_epoch:
            schedule.step(case["metrics"][t]) if "metrics" in case else schedule.step()
    made = {"lr": lr if several else lr[0]}
    if "momentum" in case:
        made["momentum"] = momentum if several else momentum[0]
    return made


wrong = 0
for name, make in (("optimizers", optimizer_case), ("mlp", mlp_case), ("schedules_torch", schedule_case),
                   ("peers/torch", schedule_case)):
    wrong += golden_file.again(name, make)
sys.exit(1 if wrong else 0)
