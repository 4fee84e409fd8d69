#pragma once
/// All that there is, or, of an installed copy, all that was installed.
#if __has_include("sched/parse.h")
#include "sched/parse.h"
#endif
#if __has_include("nn/layers.h")
#include "nn/layers.h"
#endif
#if __has_include("optim/optimizer.h")
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
#if __has_include("datasets/library.h")
#include "datasets/data_loader.h"
#include "datasets/library.h"
#endif
