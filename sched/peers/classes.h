#pragma once
#include "sched/peers/peers.h"

/// The schedules of each peer; one file each, with a namespace of its own: systems share names.
namespace anneal::sched::peers {

std::span<const Class> torch_classes();
std::span<const Class> keras_classes();
std::span<const Class> optax_classes();
std::span<const Class> timm_classes();
std::span<const Class> transformers_classes();
std::span<const Class> mlx_classes();
std::span<const Class> fairseq_classes();
std::span<const Class> fastai_classes();
std::span<const Class> burn_classes();
std::span<const Class> sklearn_classes();
std::span<const Class> dlib_classes();
std::span<const Class> epfl_wsd_classes();
std::span<const Class> rex_lr_classes();

}  // namespace anneal::sched::peers
