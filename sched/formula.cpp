#include "sched/formula.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace anneal::sched {
namespace {

using Op = Formula::Op;

double binary(Op op, double a, double b) {
  switch (op) {
    case Op::add: return a + b;
    case Op::subtract: return a - b;
    case Op::multiply: return a * b;
    case Op::divide: return a / b;
    case Op::floor_divide: return std::floor(a / b);
    case Op::modulo: return a - b * std::floor(a / b);  // the sign of b, as in Python
    case Op::power: return std::pow(a, b);
    case Op::less: return a < b ? 1.0 : 0.0;
    case Op::less_equal: return a <= b ? 1.0 : 0.0;
    case Op::greater: return a > b ? 1.0 : 0.0;
    case Op::greater_equal: return a >= b ? 1.0 : 0.0;
    case Op::equal: return a == b ? 1.0 : 0.0;
    case Op::unequal: return a != b ? 1.0 : 0.0;
    case Op::both: return a != 0.0 ? b : a;
    case Op::either: return a != 0.0 ? a : b;
    case Op::minimum: return b < a ? b : a;
    case Op::maximum: return b > a ? b : a;
    case Op::round_to_places: return round_to_places(a, b);
    default: return std::nan("");  // of no other count
  }
}

double unary(Op op, double a) {
  switch (op) {
    case Op::negate: return -a;
    case Op::invert: return a == 0.0 ? 1.0 : 0.0;
    case Op::absolute: return std::abs(a);
    case Op::square_root: return std::sqrt(a);
    case Op::exponential: return std::exp(a);
    case Op::logarithm: return std::log(a);
    case Op::logarithm10: return std::log10(a);
    case Op::sine: return std::sin(a);
    case Op::cosine: return std::cos(a);
    case Op::tangent: return std::tan(a);
    case Op::hyperbolic_tangent: return std::tanh(a);
    case Op::round_down: return std::floor(a);
    case Op::round_up: return std::ceil(a);
    case Op::round_even: return std::nearbyint(a);
    case Op::truncate: return std::trunc(a);
    default: return std::nan("");
  }
}

}  // namespace

double Formula::operator()(std::span<const double> values) const {
  std::array<double, deepest>
      stack;                   // NOLINT(cppcoreguidelines-pro-type-member-init): written first
  double* top = stack.data();  // one past the newest value
  for (const Code& c : code_) {
    switch (taken(c.op)) {
      case 0:
        *top++ = c.op == Op::number ? c.value : values[static_cast<std::size_t>(c.value)];
        break;
      case 1: top[-1] = unary(c.op, top[-1]); break;
      case 2:
        top[-2] = binary(c.op, top[-2], top[-1]);
        --top;
        break;
      default:  // choose: value, condition, otherwise
        top[-3] = top[-2] != 0.0 ? top[-3] : top[-1];
        top -= 2;
    }
  }
  return stack[0];
}

Formula::Dependence Formula::dependence_on(std::size_t variable) const {
  using enum Dependence;
  std::vector<Dependence> stack;
  const auto take = [&] {
    const Dependence last = stack.back();
    stack.pop_back();
    return last;
  };
  for (const Code& c : code_) {
    if (taken(c.op) == 0) {
      const bool is_it = c.op == Op::variable && static_cast<std::size_t>(c.value) == variable;
      stack.push_back(is_it ? proportional : none);
      continue;
    }
    const Dependence last = take();
    if (taken(c.op) == 1) {
      stack.push_back(last == proportional && c.op != Op::negate ? other : last);
      continue;
    }
    const Dependence second = take();
    if (taken(c.op) == 3) {  // value, condition, otherwise
      const Dependence value = take();
      stack.push_back(second == none && value == last ? value : other);
      continue;
    }
    const bool of_both = c.op == Op::add || c.op == Op::subtract || c.op == Op::minimum ||
                         c.op == Op::maximum;  // keep what both have in common
    if (second == none && last == none)
      stack.push_back(none);
    else if ((of_both && second == proportional && last == proportional) ||
             (c.op == Op::multiply && second != last && second != other && last != other) ||
             (c.op == Op::divide && second == proportional && last == none))
      stack.push_back(proportional);
    else
      stack.push_back(other);
  }
  return stack.back();
}

double round_to_places(double x, double places) {
  const double n = std::nearbyint(places);
  if (!std::isfinite(x) || !(n < 300.0)) return x;
  if (n < 0.0) {
    const double unit = std::pow(10.0, -n);
    return std::nearbyint(x / unit) * unit;
  }
  std::array<char, 700> digits{};  // a double has at most 309 before the point
  const auto written = std::to_chars(digits.data(), digits.data() + digits.size(), x,
                                     std::chars_format::fixed, static_cast<int>(n));
  double result = x;
  std::from_chars(digits.data(), written.ptr, result);
  return result;
}

}  // namespace anneal::sched
