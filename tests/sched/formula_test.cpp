#include "sched/formula.h"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

#include "tests/close.h"

using namespace anneal::sched;

namespace {

constexpr std::array<std::string_view, 2> variables{"x", "y"};

double value(const char* text, double x = 3.0, double y = 5.0) {
  Formula::Mistake mistake;
  const auto formula = Formula::read(text, variables, mistake);
  REQUIRE_MESSAGE(formula, mistake.what);
  return (*formula)(std::array{x, y});
}

std::string mistake_in(const std::string& text) {
  Formula::Mistake mistake;
  if (Formula::read(text, variables, mistake)) return "none";
  return std::to_string(mistake.at) + ": " + mistake.what;
}

std::string rewritten(const char* text, const Formula::Dialect& dialect) {
  Formula::Mistake mistake;
  const auto formula = Formula::read(text, variables, mistake);
  REQUIRE(formula);
  return formula->text(std::array<std::string, 2>{"x", "(y - 1)"}, dialect);
}

}  // namespace

TEST_CASE("comparisons in a chain and digits in groups are read as Python reads them") {
  for (const double x : {-1.0, 0.0, 0.25, 0.5, 1.0, 2.0}) {
    CHECK(value("0 < x < 1", x) == (0 < x && x < 1 ? 1.0 : 0.0));
    CHECK(value("0 <= x + 1 <= 2 * x < 3", x) ==
          (0 <= x + 1 && x + 1 <= 2 * x && 2 * x < 3 ? 1.0 : 0.0));
    CHECK(value("3 if 0 == x == 0 else 1_0.5_0", x) == (x == 0.0 ? 3.0 : 10.5));
  }
  for (const char* wrong : {"1__0", "_1", "1_", "0 < x <", "1_000_"})
    CHECK(mistake_in(wrong) != "none");
}

TEST_CASE("arithmetic has Python's precedence and Python's meaning") {
  CHECK(value("1 + 2 * x") == 7.0);
  CHECK(value("(1 + 2) * x") == 9.0);
  CHECK(value("-x ** 2") == -9.0);
  CHECK(value("2 ** -1") == 0.5);
  CHECK(value("2 ** 3 ** 2") == 512.0);
  CHECK(value("7 // 2") == 3.0);
  CHECK(value("-7 // 2") == -4.0);
  CHECK(value("-7 % 3") == 2.0);
  CHECK(value("10 - 3 - 2") == 5.0);
  CHECK(value("x / y / 2") == 0.3);
  CHECK(value("1 if x > y else 2") == 2.0);
  CHECK(value("1 if x > y else 2 if x == 3 else 4") == 2.0);
  CHECK(value("x < y and not y < x or False") == 1.0);
  CHECK(value("min(x, y, 1) + max(x, 2, y)") == 6.0);
  CHECK(value("math.sqrt(x * 12) + abs(-2)") == 8.0);
  CHECK(value("math.cos(math.pi)") == -1.0);
  CHECK(value("round(2.5) + int(-1.5) + floor(1.5) + ceil(1.5)") == 2.0 - 1.0 + 1.0 + 2.0);
  CHECK(value("log(e) + exp(0) + tanh(0) + pow(x, 2)") == close(11.0, 1e-14));
}

TEST_CASE("a mistake is named, and its place") {
  CHECK(mistake_in("1 +") == "3: expected a value");
  CHECK(mistake_in("1 + z") == "4: no value is called 'z'; known: x, y, pi, e, tau");
  CHECK(mistake_in("foo(x)") == "0: no function is called 'foo'");
  CHECK(mistake_in("sqrt(x, y)") == "0: 'sqrt' takes one value, got 2");
  CHECK(mistake_in("(x + 1") == "6: expected ')'");
  CHECK(mistake_in("x y") == "2: expected an operator or the end");
  CHECK(mistake_in("1 if x") == "6: expected 'else'");
  CHECK(mistake_in("") == "0: expected a value");
  CHECK(mistake_in(std::string(500, '(') + "x" + std::string(500, ')'))
            .ends_with("nested too deeply"));
  CHECK(mistake_in("__import__('os')") == "0: no function is called '__import__'");
}

TEST_CASE("an expression is written again in other dialects, with what is simple made simple") {
  CHECK(rewritten("0 + (1 - 0) * x ** 1", Formula::plain) == "x");
  CHECK(rewritten("0.01 + (1 - 0.01) * x", Formula::plain) == "0.01 + 0.99 * x");
  CHECK(rewritten("2 * y", Formula::plain) == "2 * (y - 1)");
  CHECK(rewritten("x * (y / x)", Formula::plain) == "x * ((y - 1) / x)");
  CHECK(rewritten("cos(pi * x)", Formula::python) == "math.cos(math.pi * x)");
  const Formula::Dialect arrays{"jnp.", true};
  CHECK(rewritten("min(1, x) if x < 2 and y > 1 else floor(y)", arrays) ==
        "jnp.where(jnp.logical_and(x < 2, (y - 1) > 1), jnp.minimum(1, x), jnp.floor((y - 1)))");
}
