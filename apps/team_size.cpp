#include "apps/team_size.h"

#include <algorithm>

namespace anneal::apps {

void TeamSize::took(double seconds, double size) {
  if (few_ == many_) return;
  spent_ += seconds;
  if (pieces_++ == 0) return;  // threads were woken, caches filled
  const int counted = pieces_ - 1;
  recent_[static_cast<std::size_t>((counted - 1) % enough)] = seconds / size;
  if (!trying_) {
    if (counted < enough || spent_ < pause_) return;
    known_ = median();
    begin(true);
    return;
  }
  // Soon given up where it is hopeless: beside other programs a piece may take a hundred times as
  // long.
  const bool hopeless = counted == 2 && std::min(recent_[0], recent_[1]) > 1.25 * known_;
  if (counted < enough && !hopeless) return;
  constexpr double clearly = 0.97;
  if (!hopeless && median() < clearly * known_) size_ = other();
  pause_ = 60 * spent_;
  begin(false);
}

double TeamSize::median() const {
  auto sorted = recent_;
  std::ranges::nth_element(sorted, sorted.begin() + enough / 2);
  return sorted[enough / 2];
}

void TeamSize::begin(bool trying) {
  trying_ = trying;
  pieces_ = 0;
  spent_ = 0.0;
}

}  // namespace anneal::apps
