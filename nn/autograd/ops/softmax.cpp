#include "nn/autograd/ops/softmax.h"

#include <cmath>

#include "nn/autograd/fail.h"
#include "nn/autograd/ops/elementwise.h"

namespace anneal::nn {
namespace {

/// p <- softmax of rows [begin, end) of z. Subtracting each row's maximum leaves softmax as it is
/// and keeps exp() finite. When `log_sums` is given, log_sums[row] <- log of the sum of e^z.
void softmax_rows(const Tensor& z, Tensor& p, Index begin, Index end, Tensor* log_sums = nullptr) {
  const auto in = z.matrix().middleRows(begin, end - begin);
  auto out = p.matrix().middleRows(begin, end - begin);
  for (Index row = 0; row < out.rows(); ++row)
    out.row(row).array() = in.row(row).array() - in.row(row).maxCoeff();
  auto flat = p.array().segment(begin * p.cols(), (end - begin) * p.cols());
  flat = flat.exp();
  for (Index row = 0; row < out.rows(); ++row) {
    const Scalar sum = out.row(row).sum();
    if (log_sums != nullptr) (*log_sums)[begin + row] = std::log(sum) + in.row(row).maxCoeff();
    out.row(row) /= sum;
  }
}

void check_rank(const char* operation, const Shape& shape) {
  if (shape.rank() < 1 || shape.cols() == 0)
    fail(std::string(operation) + ": " + shape.text() + " has no rows of elements");
}

void check_labels(const Shape& logits, std::span<const int> labels, Scalar label_smoothing) {
  if (logits.rank() != 2 || logits[0] != static_cast<Index>(labels.size()) || labels.empty())
    fail("softmax_cross_entropy: logits " + logits.text() + " and " +
         std::to_string(labels.size()) + " labels; wanted (n, classes) and n labels, n >= 1");
  for (std::size_t i = 0; i < labels.size(); ++i)
    if (labels[i] < 0 || labels[i] >= logits[1])
      fail("softmax_cross_entropy: label " + std::to_string(labels[i]) + " at position " +
           std::to_string(i) + " is not in [0, " + std::to_string(logits[1]) + ")");
  if (!(label_smoothing >= 0 && label_smoothing <= 1))
    fail("softmax_cross_entropy: label smoothing " + std::to_string(label_smoothing) +
         " is not in [0, 1]");
}

}  // namespace

Var softmax(Var x) {
  check_rank("softmax", x.shape());
  const Var y = x.tape().output(x.shape(), x.needs_grad());
  Tensor& p = x.tape().value_of(y);
  parallel_rows(p.rows(), p.cols(),
                [&](Index begin, Index end) { softmax_rows(x.value(), p, begin, end); });
  x.tape().record(y, [=](const Tensor& upstream) {  // dx = y (g - <g, y>)
    const auto [grad, overwrite] = x.grad_target();
    if (overwrite) grad.array().setZero();
    for (Index row = 0; row < grad.rows(); ++row) {
      const auto g = upstream.matrix().row(row).array();
      const auto value = y.value().matrix().row(row).array();
      grad.matrix().row(row).array() += value * (g - (g * value).sum());
    }
  });
  return y;
}

Var log_softmax(Var x) {
  check_rank("log_softmax", x.shape());
  Tape& tape = x.tape();
  const Var y = tape.output(x.shape(), x.needs_grad());
  Tensor& out = tape.value_of(y);
  Tensor& p = tape.scratch(x.shape());
  Tensor& log_sums = tape.scratch({x.value().rows()});
  parallel_rows(out.rows(), out.cols(), [&](Index begin, Index end) {
    softmax_rows(x.value(), p, begin, end, &log_sums);
    for (Index row = begin; row < end; ++row)
      out.matrix().row(row).array() = x.value().matrix().row(row).array() - log_sums[row];
  });
  tape.record(y, [=, &p](const Tensor& upstream) {  // dx = g - p sum(g)
    const auto [grad, overwrite] = x.grad_target();
    if (overwrite) grad.array().setZero();
    for (Index row = 0; row < p.rows(); ++row) {
      const auto g = upstream.matrix().row(row).array();
      grad.matrix().row(row).array() += g - p.matrix().row(row).array() * g.sum();
    }
  });
  return y;
}

Var softmax_cross_entropy(Var logits, std::span<const int> labels, Scalar label_smoothing) {
  check_labels(logits.shape(), labels, label_smoothing);
  Tape& tape = logits.tape();
  const Tensor& z = logits.value();
  const Index n = z.rows();
  const Index classes = z.cols();
  const Scalar uniform = label_smoothing / static_cast<Scalar>(classes);
  const Scalar on_label = Scalar{1} - label_smoothing;

  const Var loss = tape.output({}, logits.needs_grad());
  Tensor& p = tape.scratch(z.shape());
  Tensor& losses = tape.scratch({n});
  parallel_rows(n, classes, [&](Index begin, Index end) {
    softmax_rows(z, p, begin, end, &losses);
    for (Index row = begin; row < end; ++row) {  // -sum q log p = log_sum - sum q z
      const Scalar on = z(row, labels[static_cast<std::size_t>(row)]);
      const Scalar all = label_smoothing > 0 ? z.matrix().row(row).sum() : 0;
      losses[row] -= on_label * on + uniform * all;
    }
  });
  tape.value_of(loss)[0] = losses.array().sum() / static_cast<Scalar>(n);

  const std::span<const int> kept = tape.keep(labels);
  tape.record(loss, [=, &p](const Tensor& upstream) {  // dz = (p - q) / n
    const auto [grad, overwrite] = logits.grad_target();
    const Scalar scale = upstream[0] / static_cast<Scalar>(n);
    if (overwrite) grad.array().setZero();
    grad.array() += scale * (p.array() - uniform);
    for (Index row = 0; row < n; ++row)
      grad(row, kept[static_cast<std::size_t>(row)]) -= scale * on_label;
  });
  return loss;
}

}  // namespace anneal::nn
