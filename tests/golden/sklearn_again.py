"""Makes scikit-learn's golden numbers again: python3 sklearn_again.py [--write]

peers/sklearn.json holds rates of SGDRegressor and of MLPClassifier's SGD with the parameters that led to
them. This asks scikit-learn for them once more, and compares: any difference above 1e-12 is an error, or
with --write goes into the file. Made by scikit-learn 1.2.1 (Debian 12: python3-sklearn).
"""
import sys
import warnings

import golden_file

golden_file.need("sklearn", "python3-sklearn", "1.2.")
import numpy
from sklearn.linear_model import SGDRegressor
from sklearn.neural_network import MLPClassifier
from sklearn.neural_network._stochastic_optimizers import SGDOptimizer

warnings.filterwarnings("ignore")
NOTHING = numpy.zeros((1, 1))


def sgd(case):
    """With a loss of |y - b| for a y that is far away, an update moves the intercept from 0 to the rate."""
    model = SGDRegressor(loss="epsilon_insensitive", epsilon=0, shuffle=False, **case["params"])
    rates = []
    for _ in case["lr"]:
        if rates:
            model.intercept_[:] = 0
        model.partial_fit(NOTHING, [1e9])
        rates.append(float(model.intercept_[0]))
    return {"lr": rates}


def sgd_fit(case):
    """The rate of an epoch is how far it moves the intercept; its loss is how far that was from y."""
    params = dict(case["params"])
    y = params.pop("y")
    intercepts = [0.0]
    for epochs in range(1, len(case["lr"]) + 1):
        model = SGDRegressor(loss="epsilon_insensitive", epsilon=0, shuffle=False, learning_rate="adaptive",
                             max_iter=epochs, **params)
        intercepts.append(float(model.fit(NOTHING, [y]).intercept_[0]))
    return {"lr": [abs(b - a) for a, b in zip(intercepts, intercepts[1:])],
            "metrics": [abs(y - b) for b in intercepts[:-1]]}


def mlp(case):
    params = dict(case["params"])
    samples = params.pop("n_samples")
    optimizer = SGDOptimizer([], **params)
    rates = []
    for epoch in range(len(case["lr"])):
        rates.append(optimizer.learning_rate)
        optimizer.iteration_ends((epoch + 1) * samples)
    return {"lr": rates}


def mlp_adaptive(case):
    """MLPClassifier's own bookkeeping, fed with the losses of the case."""
    params = dict(case["params"])
    optimizer = SGDOptimizer([], params.pop("learning_rate_init"), "adaptive")
    model = MLPClassifier(**params)
    model.loss_curve_, model.best_loss_, model._no_improvement_count = [], numpy.inf, 0
    rates = [optimizer.learning_rate]
    for loss in case["metrics"]:
        model.loss_curve_.append(loss)
        model._update_no_improvement_count(False, None, None)
        if model._no_improvement_count > model.n_iter_no_change:
            optimizer.trigger_stopping("", False)
            model._no_improvement_count = 0
        rates.append(optimizer.learning_rate)
    return {"lr": rates}


def make(case):
    if case["schedule"] == "SGD.adaptive_fit":
        return sgd_fit(case)
    if case["schedule"].startswith("SGD."):
        return sgd(case)
    return mlp_adaptive(case) if case["schedule"] == "MLP.adaptive" else mlp(case)


sys.exit(1 if golden_file.again("peers/sklearn", make) else 0)
