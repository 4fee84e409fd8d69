#pragma once
#include <limits>

namespace anneal::nn {

/// How many threads share each piece of work that is repeated, as a training's updates are: many or
/// few, whichever is faster at the moment. Few are faster where another program wants the cores,
/// and for small nets where the cores are far apart: a line of memory goes to another core and back
/// in 70 to 400 nanoseconds. Both change while a training runs, and the system does not tell; so
/// the other number is tried now and then, for a sixtieth of the time. The choice is free: results
/// have the same bits on any number of threads (nn/autograd/gemm.h).
class TeamSize {
 public:
  /// Between these two, of which `many` begin.
  constexpr TeamSize(int few, int many) : few_(few), many_(many), size_(many) {}

  /// Threads for the next piece.
  int next() const { return trying_ ? other() : size_; }
  /// It is done and took so long; `size` compares it with pieces of another size.
  void took(double seconds, double size = 1.0);

 private:
  int other() const { return size_ == few_ ? many_ : few_; }
  void begin(bool trying);

  int few_;
  int many_;
  int size_;             // the faster number, as far as is known
  double known_ = 0.0;   // what a piece of size 1 takes with it, on the average
  double pause_ = 0.01;  // seconds until the other is tried; in the first, pages are made
  bool trying_ = false;  // the other
  // Since the number last changed:
  int pieces_ = 0;
  double spent_ = 0.0;                                      // seconds
  double counted_ = 0.0;                                    // the same without the first piece
  double sizes_ = 0.0;                                      // of those pieces
  double least_ = std::numeric_limits<double>::infinity();  // time / size of the fastest of them
};

}  // namespace anneal::nn
