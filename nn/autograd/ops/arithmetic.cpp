#include "nn/autograd/ops/arithmetic.h"

#include "nn/autograd/fail.h"
#include "nn/autograd/ops/elementwise.h"

namespace anneal::nn {
namespace {

/// How an operand is spread over the shape of the result.
enum class Spread { full, row, number };

Spread spread_of(const Shape& shape, const Shape& result) {
  if (shape == result) return Spread::full;
  return shape.size() == 1 ? Spread::number : Spread::row;
}

bool is_row_of(const Shape& row, const Shape& whole) {
  return row.rank() >= 1 && whole.rank() >= 1 && row.rows() == 1 && row.cols() == whole.cols();
}

Shape broadcast(const char* operation, const Shape& a, const Shape& b) {
  if (a == b || b.size() == 1) return a;
  if (a.size() == 1) return b;
  if (is_row_of(b, a)) return a;
  if (is_row_of(a, b)) return b;
  fail(std::string(operation) + ": " + a.text() + " and " + b.text() +
       "; the shapes must be equal, or one a row of the other or a single number");
}

/// Calls `use` with rows [begin, begin + n) of an operand, as a two-dimensional array expression.
template <class Use>
void with_rows(const Tensor& t, Spread spread, Index begin, Index n, Index cols, const Use& use) {
  if (spread == Spread::full)
    use(t.matrix().middleRows(begin, n).array());
  else if (spread == Spread::row)
    use(Tensor::ConstMatrixMap(t.data(), 1, cols).array().replicate(n, 1));
  else
    use(Tensor::Matrix::Constant(n, cols, t[0]).array());
}

/// The same for both operands of an operation. One of them always has the shape of the result: the
/// compiler need not make the four combinations in which neither has.
template <class Use>
void with_rows(const Tensor& a, const Tensor& b, const Shape& result, Index begin, Index n,
               const Use& use) {
  const Index cols = result.cols();
  if (a.shape() == result) {
    const auto a_rows = a.matrix().middleRows(begin, n).array();
    with_rows(b, spread_of(b.shape(), result), begin, n, cols,
              [&](auto b_rows) { use(a_rows, b_rows); });
  } else {
    const auto b_rows = b.matrix().middleRows(begin, n).array();
    const Tensor::ConstMatrixMap a_row(a.data(), 1, a.shape().cols());
    if (spread_of(a.shape(), result) == Spread::row)
      use(a_row.array().replicate(n, 1), b_rows);
    else
      use(Tensor::Matrix::Constant(n, cols, a[0]).array(), b_rows);
  }
}

/// Adds `local(a, b, g)`, spread like the result, to the gradient of x; what was repeated is
/// summed.
template <class Local>
void add_broadcast_grad(Var x, Var a, Var b, const Tensor& upstream, const Local& local) {
  if (!x.needs_grad()) return;
  const Shape& result = upstream.shape();
  const Spread spread = spread_of(x.shape(), result);
  const auto [grad, overwrite] = x.grad_target();
  if (spread != Spread::full && overwrite) grad.array().setZero();
  const auto rows = [&, &target = grad, fresh = overwrite](Index begin, Index end) {
    const Index n = end - begin;
    with_rows(a.value(), b.value(), result, begin, n, [&](auto a_rows, auto b_rows) {
      const auto contribution =
          local(a_rows, b_rows, upstream.matrix().middleRows(begin, n).array());
      if (spread == Spread::number) {
        target[0] += contribution.sum();
      } else if (spread == Spread::row) {
        Tensor::MatrixMap(target.data(), 1, result.cols()).array() += contribution.colwise().sum();
      } else if (fresh) {
        target.matrix().middleRows(begin, n).array() = contribution;
      } else {
        target.matrix().middleRows(begin, n).array() += contribution;
      }
    });
  };
  if (spread == Spread::full)
    parallel_rows(result.rows(), result.cols(), rows);
  else
    rows(0, result.rows());  // one sum, in one order
}

template <class Forward, class ForA, class ForB>
Var binary(const char* name, Var a, Var b, const Forward& forward, const ForA& for_a,
           const ForB& for_b) {
  const Shape shape = broadcast(name, a.shape(), b.shape());
  const Var y = a.tape().output(shape, a.needs_grad() || b.needs_grad());
  auto out = a.tape().value_of(y).matrix();
  parallel_rows(shape.rows(), shape.cols(), [&](Index begin, Index end) {
    const Index n = end - begin;
    with_rows(a.value(), b.value(), shape, begin, n, [&](auto a_rows, auto b_rows) {
      out.middleRows(begin, n).array() = forward(a_rows, b_rows);
    });
  });
  a.tape().record(y, [=](const Tensor& upstream) {
    add_broadcast_grad(a, a, b, upstream, for_a);
    add_broadcast_grad(b, a, b, upstream, for_b);
  });
  return y;
}

}  // namespace

Var add(Var a, Var b) {
  return binary(
      "add", a, b, [](auto x, auto y) { return x + y; }, [](auto, auto, auto g) { return g; },
      [](auto, auto, auto g) { return g; });
}

Var sub(Var a, Var b) {
  return binary(
      "sub", a, b, [](auto x, auto y) { return x - y; }, [](auto, auto, auto g) { return g; },
      [](auto, auto, auto g) { return -g; });
}

Var mul(Var a, Var b) {
  return binary(
      "mul", a, b, [](auto x, auto y) { return x * y; }, [](auto, auto y, auto g) { return g * y; },
      [](auto x, auto, auto g) { return g * x; });
}

Var div(Var a, Var b) {
  return binary(
      "div", a, b, [](auto x, auto y) { return x / y; }, [](auto, auto y, auto g) { return g / y; },
      [](auto x, auto y, auto g) { return -g * x / (y * y); });
}

Var number(Tape& tape, double value) {
  const Var v = tape.input({});
  tape.value_of(v)[0] = static_cast<Scalar>(value);
  return v;
}

Var neg(Var x) {
  return detail::elementwise(
      x, [](auto v) { return -v; }, [](auto, auto, auto g) { return -g; });
}

Var exp(Var x) {
  return detail::elementwise(
      x, [](auto v) { return v.exp(); }, [](auto, auto y, auto g) { return g * y; });
}

Var log(Var x) {
  return detail::elementwise(
      x, [](auto v) { return v.log(); }, [](auto v, auto, auto g) { return g / v; });
}

Var sqrt(Var x) {
  return detail::elementwise(
      x, [](auto v) { return v.sqrt(); }, [](auto, auto y, auto g) { return Scalar(0.5) * g / y; });
}

Var pow(Var x, Scalar exponent) {
  return detail::elementwise(
      x, [exponent](auto v) { return v.pow(exponent); },
      [exponent](auto v, auto, auto g) { return exponent * g * v.pow(exponent - 1); });
}

}  // namespace anneal::nn
