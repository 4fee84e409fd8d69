#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sched/cursor.h"
#include "sched/formula.h"

/// The little of Python that a call of a peer needs: numbers and arithmetic on them, conditions,
/// strings, True, False, None, lists, tuples, dictionaries, comprehensions, lambdas, nested calls,
/// and the functions that arguments are worked out with: float, int, round, range, len, sum, min,
/// max, math.cos and so on.
namespace anneal::sched::python {

struct Value;
struct Keyword;
struct Item;

/// A call, or a name alone, which is one without parentheses.
struct Call {
  std::string path;  ///< "torch.optim.lr_scheduler.StepLR"
  std::vector<Value> positional;
  std::vector<Keyword> keywords;
  bool is_name = false;
};
/// A function that comes to a number.
struct Lambda {
  std::vector<std::string> parameters;
  Formula body;  ///< over the parameters, in their order
};
/// What depends on the parameters of a lambda that is being read.
struct Expression {
  std::string text;  ///< for Formula::read
  int binding;       ///< how tightly its outermost operator binds: see python_arithmetic.cpp
};
struct None {};
using List = std::vector<Value>;
using Dictionary = std::vector<Item>;

struct Value {
  std::variant<None, double, bool, std::string, List, Dictionary, Call, Lambda, Expression> is;
  std::size_t at = 0;  ///< where it begins in the text
};

struct Keyword {
  std::string name;
  Value value;
  std::string written = {};  ///< under which name, if a translation has given it another
  std::size_t at = 0;        ///< where the name begins in the text
};
/// Of a dictionary.
struct Item {
  Value key;
  Value value;
};

/// These fail with a caret.
Value read(Cursor& at);
Call read_call(Cursor& at);

/// Limits of what one text may ask for.
constexpr int max_depth = 40;                  ///< brackets, signs and the like within each other
constexpr std::size_t max_items = 10'000;      ///< of a list or a range
constexpr std::size_t max_values = 1'000'000;  ///< worked out in all, as by nested comprehensions
constexpr std::size_t max_text = 100'000;      ///< of a lambda as a formula

}  // namespace anneal::sched::python
