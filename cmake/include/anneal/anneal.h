#pragma once
/// All of the libraries; of an installed copy, those that find_package() was asked for
/// (ANNEAL_SOME).
#if !defined(ANNEAL_SOME) || defined(ANNEAL_SOME_sched)
#include "sched/algebra.h"
#include "sched/parse.h"
#include "sched/registry.h"
#endif
#if !defined(ANNEAL_SOME) || defined(ANNEAL_SOME_nn)
#include "nn/layers.h"
#endif
#if !defined(ANNEAL_SOME) || defined(ANNEAL_SOME_optim)
#include "optim/adagrad.h"
#include "optim/adam.h"
#include "optim/adamw.h"
#include "optim/classical_momentum.h"
#include "optim/clip.h"
#include "optim/nadam.h"
#include "optim/radam.h"
#include "optim/rmsprop.h"
#include "optim/sgd.h"
#endif
#if !defined(ANNEAL_SOME) || defined(ANNEAL_SOME_datasets)
#include "datasets/data_loader.h"
#include "datasets/library.h"
#endif
