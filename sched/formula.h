#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace anneal::sched {

/// An arithmetic expression as Python writes it, over named variables:
///
///   a if c else b    or  and  not    < <= > >= == !=    + -    * / // %    -x    x ** y
///   pi e tau    min max abs sqrt exp log log10 sin cos tan tanh floor ceil round int pow
///
/// round() may have a second value, the number of places.
/// It can do arithmetic and nothing else. Numbers are doubles, truth is 1 or 0; both branches of a
/// condition are computed.
class Formula {
 public:
  struct Mistake {
    std::size_t at = 0;  ///< byte of the text
    std::string what;
  };
  /// Nothing if the text is not such an expression; `mistake` then says why.
  static std::optional<Formula> read(std::string_view text,
                                     std::span<const std::string_view> variables, Mistake& mistake);

  /// Values in the order of the variables.
  double operator()(std::span<const double> values) const;

  /// What is known of how the value depends on a variable: not at all; as the variable times
  /// something that does not depend on it, as long as it is not negative; or otherwise.
  enum class Dependence { none, proportional, other };
  Dependence dependence_on(std::size_t variable) const;

  /// How an expression is written: Python's own arithmetic, or a library's on arrays.
  struct Dialect {
    std::string_view functions;  ///< before a function: "math.", "jnp."
    bool arrays;  ///< conditions are functions (where, logical_and), and so are minimum and maximum
  };
  static constexpr Dialect python{"math.", false};
  static constexpr Dialect plain{"", false};  ///< what read() takes, without a module

  /// The expression with an expression in the place of each variable.
  std::string text(std::span<const std::string> variables, const Dialect& dialect) const;

  /// What it is made of. The order tells how many values each takes from the stack: none, then one,
  /// then two, then three.
  enum class Op : unsigned char {
    number,
    variable,

    negate,
    invert,
    absolute,
    square_root,
    exponential,
    logarithm,
    logarithm10,
    sine,
    cosine,
    tangent,
    hyperbolic_tangent,
    round_down,
    round_up,
    round_even,
    truncate,

    add,
    subtract,
    multiply,
    divide,
    floor_divide,
    modulo,
    power,
    less,
    less_equal,
    greater,
    greater_equal,
    equal,
    unequal,
    both,
    either,
    minimum,
    maximum,
    round_to_places,

    choose,
  };
  static constexpr int taken(Op op) {
    return op < Op::negate ? 0 : op < Op::add ? 1 : op < Op::choose ? 2 : 3;
  }

 private:
  friend class FormulaReader;
  struct Code {
    Op op;
    double value = 0.0;  ///< of a number; of a variable, its index
  };
  static constexpr int deepest = 64;  // values on the stack

  std::vector<Code> code_;  // in postfix order
};

/// x rounded to decimal places, or to tens, hundreds, ... where `places` is negative. What lies in
/// the middle is decided by the exact binary value, as in Python: 2.675 is below its middle.
double round_to_places(double x, double places);

}  // namespace anneal::sched
