#pragma once
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "sched/cursor.h"

/// The little of Python that a call with literal arguments needs: numbers and arithmetic on them,
/// strings, True, False, None, lists, tuples, dictionaries, lambdas and nested calls.
namespace anneal::sched::python {

struct Value;
struct Keyword;
struct Item;

/// A call, or a name alone, which is one without parentheses.
struct Call {
  std::string path;  ///< "torch.optim.lr_scheduler.StepLR"
  std::vector<Value> positional;
  std::vector<Keyword> keywords;
};
struct Lambda {
  std::vector<std::string> parameters;
  std::string body;
};
struct None {};
using List = std::vector<Value>;
using Dictionary = std::vector<Item>;

struct Value {
  std::variant<None, double, bool, std::string, List, Dictionary, Call, Lambda> is;
  std::size_t at = 0;  ///< where it begins in the text
};

struct Keyword {
  std::string name;
  Value value;
};
/// Of a dictionary.
struct Item {
  Value key;
  Value value;
};

/// These fail with a caret.
Value read(Cursor& at);
Call read_call(Cursor& at);

}  // namespace anneal::sched::python
