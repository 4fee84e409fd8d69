#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

#include "sched/cursor.h"
#include "sched/formula.h"
#include "sched/length.h"

namespace anneal::sched {
namespace {

using Op = Formula::Op;

/// A piece of text and how tightly it binds.
struct Piece {
  std::string text;
  int binding;
  std::optional<double> value = {};  ///< of a number
  bool truth = false;                ///< of a comparison and the like
};
constexpr int condition = 0;
constexpr int sign = 7;
constexpr int power = 8;
constexpr int atom = 9;

struct Infix {
  Op op;
  std::string_view sign;
  int binding;
  std::string_view array_function = {};  ///< what arrays have in its place
};
constexpr std::array infixes{
    Infix{Op::either, "or", 1, "logical_or"},
    Infix{Op::both, "and", 2, "logical_and"},
    Infix{Op::less, "<", 4},
    Infix{Op::less_equal, "<=", 4},
    Infix{Op::greater, ">", 4},
    Infix{Op::greater_equal, ">=", 4},
    Infix{Op::equal, "==", 4},
    Infix{Op::unequal, "!=", 4},
    Infix{Op::add, "+", 5},
    Infix{Op::subtract, "-", 5},
    Infix{Op::multiply, "*", 6},
    Infix{Op::divide, "/", 6},
    Infix{Op::floor_divide, "//", 6},
    Infix{Op::modulo, "%", 6},
};

struct Function {
  Op op;
  std::string_view name;
  /// Of one that Python has without a module: its name for arrays, where it has one.
  std::string_view array_function = {};
};
constexpr std::array functions{
    Function{Op::minimum, "min", "minimum"},
    Function{Op::maximum, "max", "maximum"},
    Function{Op::absolute, "abs", "abs"},
    Function{Op::round_even, "round", "round"},
    Function{Op::round_to_places, "round", "round"},
    Function{Op::truncate, "int", "trunc"},
    Function{Op::square_root, "sqrt"},
    Function{Op::exponential, "exp"},
    Function{Op::logarithm, "log"},
    Function{Op::logarithm10, "log10"},
    Function{Op::sine, "sin"},
    Function{Op::cosine, "cos"},
    Function{Op::tangent, "tan"},
    Function{Op::hyperbolic_tangent, "tanh"},
    Function{Op::round_down, "floor"},
    Function{Op::round_up, "ceil"},
};

std::string within(const Piece& piece, int needed) {
  return piece.binding < needed ? "(" + piece.text + ")" : piece.text;
}

Piece number_piece(double value) {
  return {number_text(value), value < 0.0 ? sign : atom, value};
}

/// Whether one pair of parentheses encloses all of it: not of "(a) + (b)".
bool is_in_parentheses(std::string_view text) {
  int open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    open += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (open == 0) return i > 0 && i + 1 == text.size();
  }
  return false;
}

/// What stands for a variable.
Piece piece_of(const std::string& text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size()) return number_piece(value);
  const bool is_name =
      std::ranges::all_of(text, [](char c) { return is_letter(c) || is_digit(c) || c == '.'; });
  return {text, is_name || is_in_parentheses(text) ? atom : condition};
}

/// What a sum, product or power comes to where a constant makes it simple, and to the last bit:
/// 0 + x, x - 0, 1 * x, x / 1, x ** 1, and two numbers.
std::optional<Piece> simplified(Op op, const Piece& a, const Piece& b) {
  if (a.value && b.value) {
    const double x = *a.value;
    const double y = *b.value;
    const double result = op == Op::add        ? x + y
                          : op == Op::subtract ? x - y
                          : op == Op::multiply ? x * y
                          : op == Op::divide   ? x / y
                          : op == Op::power    ? std::pow(x, y)
                                               : std::nan("");
    if (std::isfinite(result)) return number_piece(result);
  }
  if ((op == Op::add || op == Op::subtract) && b.value == 0.0) return a;
  if (op == Op::add && a.value == 0.0) return b;
  if ((op == Op::multiply || op == Op::divide || op == Op::power) && b.value == 1.0) return a;
  if (op == Op::multiply && a.value == 1.0) return b;
  return {};
}

/// A function's name, after its module: abs, math.sqrt, jnp.abs.
std::string function_name(Op op, const Formula::Dialect& dialect) {
  const auto* const f = std::ranges::find(functions, op, &Function::op);
  if (f->array_function.empty()) return std::string(dialect.functions) + std::string(f->name);
  return dialect.arrays ? std::string(dialect.functions) + std::string(f->array_function)
                        : std::string(f->name);
}

Piece unary(Op op, const Piece& a, const Formula::Dialect& dialect) {
  if (op == Op::negate) return {"-" + within(a, sign), sign};
  if (op != Op::invert) return {function_name(op, dialect) + "(" + a.text + ")", atom};
  if (dialect.arrays) return {std::string(dialect.functions) + "logical_not(" + a.text + ")", atom};
  return {"not " + within(a, 3), 3};
}

Piece binary(Op op, const Piece& a, const Piece& b, const Formula::Dialect& dialect) {
  if (auto simple = simplified(op, a, b)) return *std::move(simple);
  if (op == Op::power) return {within(a, atom) + " ** " + within(b, sign), power};
  const std::string arguments = "(" + a.text + ", " + b.text + ")";
  const auto* const infix = std::ranges::find(infixes, op, &Infix::op);
  if (infix == infixes.end()) return {function_name(op, dialect) + arguments, atom};
  if (dialect.arrays && !infix->array_function.empty())
    return {std::string(dialect.functions) + std::string(infix->array_function) + arguments, atom};
  return {within(a, infix->binding) + " " + std::string(infix->sign) + " " +
              within(b, infix->binding + 1),
          infix->binding};
}

Piece choose(const Piece& value, const Piece& test, const Piece& otherwise,
             const Formula::Dialect& dialect) {
  if (dialect.arrays)
    return {std::string(dialect.functions) + "where(" + test.text + ", " + value.text + ", " +
                otherwise.text + ")",
            atom};
  return {within(value, 1) + " if " + within(test, 1) + " else " + otherwise.text, condition};
}

bool gives_truth(Op op) {
  return op == Op::invert || (op >= Op::less && op <= Op::either);
}

/// Arrays of truth values add up to truth, where Python's own add up to a number.
Piece as_number(const Piece& piece, const Formula::Dialect& dialect) {
  if (!piece.truth || !dialect.arrays) return piece;
  return {std::string(dialect.functions) + "where(" + piece.text + ", 1, 0)", atom};
}

}  // namespace

std::string Formula::text(std::span<const std::string> variables, const Dialect& dialect) const {
  std::vector<Piece> stack;
  const auto take = [&] {
    Piece piece = std::move(stack.back());
    stack.pop_back();
    return piece;
  };
  for (const Code& c : code_) {
    if (c.op == Op::number) {
      stack.push_back(c.value == std::numbers::pi
                          ? Piece{std::string(dialect.functions) + "pi", atom}
                          : number_piece(c.value));
      continue;
    }
    if (c.op == Op::variable) {
      stack.push_back(piece_of(variables[static_cast<std::size_t>(c.value)]));
      continue;
    }
    const bool of_truth = c.op == Op::invert || c.op == Op::both || c.op == Op::either;
    const auto operand = [&] { return of_truth ? take() : as_number(take(), dialect); };
    const Piece last = operand();
    if (taken(c.op) == 1) {
      stack.push_back(unary(c.op, last, dialect));
    } else if (taken(c.op) == 2) {
      const Piece second = operand();
      stack.push_back(binary(c.op, second, last, dialect));
    } else {
      const Piece test = take();
      stack.push_back(choose(operand(), test, last, dialect));
    }
    stack.back().truth = gives_truth(c.op);
  }
  return as_number(stack.back(), dialect).text;
}

}  // namespace anneal::sched
