// dlib: dnn_trainer's automatic shrinking of the learning rate.
#include <array>

#include "sched/peers/arguments.h"
#include "sched/peers/build.h"
#include "sched/schedules/stalled.h"

namespace anneal::sched::peers {
namespace dlib {
namespace {

Translation automatic_shrink(const Arguments& a) {
  constexpr double most = 1e7;
  a.positive("learning_rate_shrink_factor");
  a.whole("iterations_without_progress_threshold", 3);
  a.whole("previous_loss_values_dump_amount");
  return {make(Stalled{
      .factor = a.between("learning_rate_shrink_factor", 0.0, 1.0),
      .patience = static_cast<int>(a.between("iterations_without_progress_threshold", 3.0, most)),
      .dump = static_cast<int>(a.between("previous_loss_values_dump_amount", 0.0, most))})};
}

}  // namespace
}  // namespace dlib

Peer dlib_peer() {
  using namespace dlib;
  static constexpr std::array classes{
      Class{"automatic_shrink",
            "iterations_without_progress_threshold=2000, learning_rate_shrink_factor=0.1, "
            "previous_loss_values_dump_amount=400",
            "iterations_without_progress_threshold=50", automatic_shrink,
            "Every training loss counts, not one an evaluation."},
  };
  return {"dlib", "dlib", classes, false};
}

}  // namespace anneal::sched::peers
