#include "nn/autograd/ops/normalization.h"

#include <cmath>

#include "nn/autograd/fail.h"
#include "nn/autograd/parallel.h"

namespace anneal::nn {
namespace {

void check_shapes(const char* operation, Var x, Var gain, Var bias) {
  const Shape features{x.shape().cols()};
  if (x.shape().rank() < 1 || gain.shape() != features || bias.shape() != features)
    fail(std::string(operation) + ": input " + x.shape().text() + ", gain " + gain.shape().text() +
         ", bias " + bias.shape().text() + "; wanted (..., d), (d) and (d)");
}

/// d(gain) = sum over rows of dy * standard, d(bias) = sum over rows of dy.
void add_affine_grads(const Tensor& standard, const Tensor& dy, Var gain, Var bias) {
  const auto columns = [](Var v) {
    const auto [grad, overwrite] = v.grad_target();
    if (overwrite) grad.array().setZero();
    return Tensor::MatrixMap(grad.data(), 1, grad.size());
  };
  auto d_gain = columns(gain);
  auto d_bias = columns(bias);
  for (Index row = 0; row < dy.rows(); ++row) {
    d_gain.array() += dy.matrix().row(row).array() * standard.matrix().row(row).array();
    d_bias += dy.matrix().row(row);
  }
}

}  // namespace

Var layer_norm(Var x, Var gain, Var bias, Scalar epsilon) {
  check_shapes("layer_norm", x, gain, bias);
  Tape& tape = x.tape();
  const Var y = tape.output(x.shape(), x.needs_grad() || gain.needs_grad() || bias.needs_grad());
  Tensor& out = tape.value_of(y);
  Tensor& standard = tape.scratch(x.shape());          // (x - mean) / deviation
  Tensor& inverse = tape.scratch({x.value().rows()});  // 1 / deviation, for each row
  parallel_rows(out.rows(), out.cols(), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      const auto in = x.value().matrix().row(row).array();
      auto scaled = standard.matrix().row(row).array();
      scaled = in - in.mean();
      inverse[row] = Scalar{1} / std::sqrt(scaled.square().mean() + epsilon);
      scaled *= inverse[row];
      out.matrix().row(row).array() =
          scaled * gain.value().array().transpose() + bias.value().array().transpose();
    }
  });
  tape.record(y, [=, &standard, &inverse](const Tensor& upstream) {
    add_affine_grads(standard, upstream, gain, bias);
    if (!x.needs_grad()) return;
    const auto [grad, overwrite] = x.grad_target();
    if (overwrite) grad.array().setZero();
    for (Index row = 0; row < grad.rows(); ++row) {
      const auto s = standard.matrix().row(row).array();
      const auto d = upstream.matrix().row(row).array() * gain.value().array().transpose();
      grad.matrix().row(row).array() += inverse[row] * (d - d.mean() - s * (d * s).mean());
    }
  });
  return y;
}

Var batch_norm(Var x, Var gain, Var bias, RunningStatistics& running, Scalar momentum,
               Scalar epsilon) {
  check_shapes("batch_norm", x, gain, bias);
  if (x.shape().rank() != 2 || running.mean.shape() != gain.shape() ||
      running.variance.shape() != gain.shape())
    fail("batch_norm: input " + x.shape().text() + ", running mean " + running.mean.shape().text() +
         ", running variance " + running.variance.shape().text() + "; wanted (n, d), (d) and (d)");
  Tape& tape = x.tape();
  const auto in = x.value().matrix().array();
  const auto n = static_cast<Scalar>(in.rows());
  Tensor& mean = tape.scratch(gain.shape());
  Tensor& inverse = tape.scratch(gain.shape());  // 1 / deviation, for each column
  if (tape.mode() == Mode::training) {
    if (in.rows() < 2)
      fail("batch_norm: a training batch of " + x.shape().text() +
           " has no variance; wanted two rows or more");
    mean.array() = in.colwise().mean().transpose();
    // `inverse` holds the variance until the running one has seen it.
    inverse.array() =
        (in.rowwise() - mean.array().transpose()).square().colwise().mean().transpose();
    running.mean.array() += momentum * (mean.array() - running.mean.array());
    running.variance.array() +=
        momentum * (n / (n - Scalar{1}) * inverse.array() - running.variance.array());
  } else {
    mean.array() = running.mean.array();
    inverse.array() = running.variance.array();
  }
  inverse.array() = (inverse.array() + epsilon).rsqrt();

  const Var y = tape.output(x.shape(), x.needs_grad() || gain.needs_grad() || bias.needs_grad());
  Tensor& standard = tape.scratch(x.shape());
  Tensor& out = tape.value_of(y);
  parallel_rows(out.rows(), out.cols(), [&](Index begin, Index end) {
    for (Index row = begin; row < end; ++row) {
      auto scaled = standard.matrix().row(row).array();
      scaled = (in.row(row) - mean.array().transpose()) * inverse.array().transpose();
      out.matrix().row(row).array() =
          scaled * gain.value().array().transpose() + bias.value().array().transpose();
    }
  });
  tape.record(y, [=, &standard, &inverse](const Tensor& upstream) {
    add_affine_grads(standard, upstream, gain, bias);
    if (!x.needs_grad()) return;
    const auto [grad, overwrite] = x.grad_target();
    if (overwrite) grad.array().setZero();
    const auto s = standard.matrix().array();
    for (Index col = 0; col < grad.cols(); ++col) {
      const auto d = upstream.matrix().col(col).array() * gain.value()[col];
      grad.matrix().col(col).array() +=
          inverse[col] * (d - d.mean() - s.col(col) * (d * s.col(col)).mean());
    }
  });
  return y;
}

}  // namespace anneal::nn
