#include "nn/autograd/ops/dropout.h"

#include "nn/autograd/fail.h"
#include "nn/autograd/ops/elementwise.h"

namespace anneal::nn {

Var dropout(Var x, double p) {
  if (!(p >= 0.0 && p < 1.0))
    fail("dropout: probability " + std::to_string(p) + " is not in [0, 1)");
  Tape& tape = x.tape();
  if (p == 0.0 || tape.mode() == Mode::evaluation) return x;
  const Var y = tape.output(x.shape(), x.needs_grad());
  Tensor& out = tape.value_of(y);
  Tensor& mask = tape.scratch(x.shape());  // 0, or 1 / (1 - p)
  const auto threshold = static_cast<std::uint32_t>(p * 0x1p32);
  const auto keep = static_cast<Scalar>(1.0 / (1.0 - p));
  const std::uint64_t operation = tape.next_random_operation();
  parallel_chunks(out.size(), parallel_grain, [&](Index begin, Index end) {
    Random random = tape.random(operation, static_cast<std::uint64_t>(begin / parallel_grain));
    for (Index i = begin; i < end; ++i) {
      mask[i] = random.bits() < threshold ? Scalar{0} : keep;
      out[i] = x.value()[i] * mask[i];
    }
  });
  tape.record(y, [=, &mask](const Tensor& upstream) {
    detail::add_to_grad(x, [&](Index begin, Index n) {
      return upstream.array().segment(begin, n) * mask.array().segment(begin, n);
    });
  });
  return y;
}

}  // namespace anneal::nn
