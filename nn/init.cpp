#include "nn/init.h"

#include <algorithm>
#include <cmath>

#include "nn/autograd/fail.h"

namespace anneal::nn::init {
namespace {

/// Filled in PyTorch's order, output by output, so that a layer's first units do not depend on how
/// many there are.
template <class Draw>
void fill(Tensor& t, const Draw& draw) {
  for (Index col = 0; col < t.cols(); ++col)
    for (Index row = 0; row < t.rows(); ++row) t(row, col) = static_cast<Scalar>(draw());
}

void fill(Tensor& t, Distribution distribution, double deviation, Random& random) {
  const double bound = std::sqrt(3.0) * deviation;  // a uniform in +-b has variance b^2 / 3
  if (distribution == Distribution::uniform)
    fill(t, [&] { return random.uniform(-bound, bound); });
  else
    fill(t, [&] { return deviation * random.normal(); });
}

void check_rank(const char* name, const Tensor& t) {
  if (t.shape().rank() != 2 || t.size() == 0)
    fail(std::string(name) + ": " + t.shape().text() + "; wanted (fan_in, fan_out)");
}

}  // namespace

void torch_default(Tensor& t, Index fan_in, Random& random) {
  const double bound = 1.0 / std::sqrt(static_cast<double>(std::max<Index>(fan_in, 1)));
  fill(t, [&] { return random.uniform(-bound, bound); });
}

void kaiming(Tensor& t, Distribution distribution, Random& random, double gain) {
  check_rank("kaiming", t);
  fill(t, distribution, gain / std::sqrt(static_cast<double>(t.rows())), random);
}

void xavier(Tensor& t, Distribution distribution, Random& random, double gain) {
  check_rank("xavier", t);
  const auto fans = static_cast<double>(t.rows() + t.cols());
  fill(t, distribution, gain * std::sqrt(2.0 / fans), random);
}

void zeros(Tensor& t) {
  t.array().setZero();
}

}  // namespace anneal::nn::init
