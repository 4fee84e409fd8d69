#include "nn/autograd/team_size.h"

#include <algorithm>

namespace anneal::nn {

void TeamSize::took(double seconds, double size) {
  if (few_ == many_) return;
  spent_ += seconds;
  if (pieces_++ == 0) return;  // threads were woken, caches filled
  counted_ += seconds;
  sizes_ += size;
  least_ = std::min(least_, seconds / size);
  constexpr int enough = 8;
  if (!trying_) {
    if (pieces_ < enough || spent_ < pause_) return;
    known_ = counted_ / sizes_;
    begin(true);
    return;
  }
  // The average decides: beside other programs, most pieces may be quick and some take
  // milliseconds. To see those takes a while, and is not worth it where even the fastest piece is
  // slow.
  constexpr double while_seconds = 0.02;
  const bool hopeless = pieces_ > 2 && least_ > 1.25 * known_;
  if (!hopeless && (pieces_ < enough || counted_ < while_seconds)) return;
  constexpr double clearly = 0.97;
  if (counted_ / sizes_ < clearly * known_) size_ = other();
  pause_ = 60 * spent_;
  begin(false);
}

void TeamSize::begin(bool trying) {
  trying_ = trying;
  pieces_ = 0;
  spent_ = counted_ = sizes_ = 0.0;
  least_ = std::numeric_limits<double>::infinity();
}

}  // namespace anneal::nn
