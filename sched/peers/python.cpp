#include "sched/peers/python.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numbers>
#include <utility>

#include "sched/peers/python_arithmetic.h"
#include "sched/peers/python_tokens.h"

namespace anneal::sched::python {
namespace {

/// "math.cos" is cos, of whichever library.
std::string_view without_module(std::string_view path) {
  for (const std::string_view module : {"tf.math.", "math.", "np.", "numpy.", "jnp.", "jax.numpy.",
                                        "mx.", "torch.", "tf.", "bisect.", "builtins."})
    if (path.starts_with(module)) return path.substr(module.size());
  return path;
}

/// Recursive descent, lowest precedence first; values are worked out as they are read.
class Reader : Tokens {
 public:
  explicit Reader(Cursor& at) : Tokens(at), arithmetic_(at) {}

  /// One whole argument.
  Value whole_value() {
    Value v = value();
    arithmetic_.settle();
    return v;
  }

  Call call() {
    const std::size_t start = at_.place();
    const Value v = atom();
    const auto* call = std::get_if<Call>(&v.is);
    if (call == nullptr) at_.fail_at(start, "expected a call such as torch.StepLR(step_size=30)");
    arithmetic_.settle();
    return *call;
  }

 private:
  /// What the function does with its list: sum(...) and len(...) can take one whose entries a
  /// condition on a lambda's parameter picks, since what it leaves out counts as 0.
  enum class Counting { nothing, values, entries };

  /// Counts how deep the reader is in what it reads.
  class Deeper {
   public:
    explicit Deeper(Reader& reader) : depth_(reader.depth_) {
      if (++depth_ > max_depth) reader.at_.fail_here("nested too deeply");
    }
    ~Deeper() { --depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;

   private:
    int& depth_;
  };

  Value value() {  // a if c else b
    const Deeper deeper(*this);
    const auto before = arithmetic_.noted;
    Value left = either();
    const auto with_left = std::exchange(arithmetic_.noted, before);
    if (!word("if")) {
      arithmetic_.noted = with_left;
      return left;
    }
    const Value test = either();
    if (!word("else")) at_.fail_here("expected 'else'");
    const auto with_test = arithmetic_.noted;
    const Value otherwise = value();
    // Only the branch that is taken can have mistakes.
    if (!Arithmetic::is_expression(test) && arithmetic_.truth(test))
      arithmetic_.noted = with_test ? with_test : with_left;
    return arithmetic_.choice(left, test, otherwise);
  }
  Value either() {
    Value left = both();
    while (word("or")) left = arithmetic_.either(left, both());
    return left;
  }
  Value both() {
    Value left = inverse();
    while (word("and")) left = arithmetic_.both(left, inverse());
    return left;
  }
  Value inverse() {
    const std::size_t start = at_.place();
    if (!word("not")) return comparison();
    const Deeper deeper(*this);
    return arithmetic_.inverse(inverse(), start);
  }
  /// a < b < c is a < b and b < c; x in [a, b] is x == a or x == b.
  Value comparison() {
    Value left = sum();
    Value result = left;
    bool first = true;
    const auto join = [&](const Value& next) {
      result = first ? next : arithmetic_.both(result, next);
      first = false;
    };
    for (;;) {
      if (const std::string_view op = comparator(); !op.empty()) {
        const Value right = sum();
        join(arithmetic_.binary(op, left, right));
        left = right;
      } else if (word("in")) {
        join(one_of(left, sum()));
      } else {
        return result;
      }
    }
  }
  Value one_of(const Value& x, const Value& list) {
    const auto* items = std::get_if<List>(&list.is);
    if (items == nullptr) at_.fail_at(list.at, "wanted a list here");
    Value any{false, x.at};
    for (const Value& item : *items)
      any = arithmetic_.either(any, arithmetic_.binary("==", x, item));
    return any;
  }
  Value sum() {
    Value left = term();
    for (;;) {
      const std::string_view op = sign("+") ? "+" : sign("-") ? "-" : "";
      if (op.empty()) return left;
      left = arithmetic_.binary(op, left, term());
    }
  }
  Value term() {
    Value left = factor();
    for (;;) {
      const std::string_view op = sign("//")                    ? "//"
                                  : sign("/")                   ? "/"
                                  : sign("%")                   ? "%"
                                  : !next_is("**") && sign("*") ? "*"
                                                                : "";
      if (op.empty()) return left;
      left = arithmetic_.binary(op, left, factor());
    }
  }
  Value factor() {
    const Deeper deeper(*this);
    const std::size_t start = at_.place();
    if (sign("-")) return arithmetic_.negative(factor(), start);
    if (sign("+")) return factor();
    Value base = indexed();
    return sign("**") ? arithmetic_.binary("**", base, factor()) : base;
  }
  Value indexed() {
    Value v = atom();
    while (std::holds_alternative<List>(v.is) && at_.accept('[')) {
      const auto& list = std::get<List>(v.is);
      const Value place = value();
      at_.expect(']');
      double i = arithmetic_.number(place);
      const auto count = static_cast<double>(list.size());
      if (i < 0.0) i += count;
      if (i != std::floor(i) || i < 0.0 || i >= count)
        at_.fail_at(place.at, "the list has no such entry");
      Value entry = list[static_cast<std::size_t>(i)];
      v = std::move(entry);
    }
    return v;
  }

  Value atom() {
    const std::size_t start = at_.place();
    arithmetic_.spend(1, start);
    const char next = at_.peek();
    if (is_digit(next) || next == '.') return {number(), start};
    if (next == '\'' || next == '"') return {string(next), start};
    if (at_.accept('[')) return {items(']'), start};
    if (at_.accept('(')) return parenthesis(start);
    if (at_.accept('{')) return {dictionary(), start};
    std::string path(at_.identifier("a value"));
    if (path == "lambda") return lambda(start);
    while (at_.accept('.')) path += "." + std::string(at_.identifier("a name"));
    if (const Value* known = named(path)) {
      arithmetic_.spend(Arithmetic::size(*known), start);
      return {known->is, start};
    }
    if (without_module(path) == "inf" || without_module(path) == "nan")
      at_.fail_at(start, "wanted a finite number");
    if (at_.peek() == '(') {
      if (path == "dict") return dictionary_of(call(path));
      if (Arithmetic::is_function(without_module(path)))
        return function(std::string(without_module(path)), start);
      return {call(std::move(path)), start};
    }
    Call name;
    name.path = std::move(path);
    name.is_name = true;
    return {std::move(name), start};
  }

  /// What a name stands for, the innermost first, or null.
  const Value* named(std::string_view path) const {
    const auto inner = std::find_if(names_.rbegin(), names_.rend(),
                                    [&](const Keyword& k) { return k.name == path; });
    if (inner != names_.rend()) return &inner->value;
    static const std::array constants{Keyword{"True", {true}},
                                      Keyword{"False", {false}},
                                      Keyword{"true", {true}},  // as Julia writes them
                                      Keyword{"false", {false}},
                                      Keyword{"None", {None{}}},
                                      Keyword{"math.pi", {std::numbers::pi}},
                                      Keyword{"math.e", {std::numbers::e}},
                                      Keyword{"math.tau", {2.0 * std::numbers::pi}}};
    const std::string_view last = without_module(path);
    for (const Keyword& k : constants)
      if (path == k.name || (last != path && k.name.substr(k.name.find('.') + 1) == last))
        return &k.value;
    return nullptr;
  }

  /// What stands between here and `close`, which is passed over: values with commas between them,
  /// or one with a `for`. Says whether there was a comma.
  bool each(char close, const std::function<void()>& read_one) {
    const std::size_t clause = find_for();
    if (clause != std::string_view::npos) {
      const std::size_t one = at_.place();
      at_.go_to(clause);
      clauses(one, read_one);
      at_.go_to(clause);
      at_.go_to(end_of_brackets());
      at_.expect(close);
      return true;
    }
    bool comma = false;
    while (!at_.accept(close)) {
      read_one();
      if (!at_.accept(',')) {
        at_.expect(close);
        break;
      }
      comma = true;
    }
    return comma;
  }

  /// `for x in list`, any number of `if`, any number of further `for`, and then what stands at
  /// `one` with x as each of the list's entries.
  void clauses(std::size_t one, const std::function<void()>& read_one) {
    const Deeper deeper(*this);
    if (word("for")) {
      const std::string name(at_.identifier("a name"));
      if (!word("in")) at_.fail_here("expected 'in'");
      const Value over = either();
      const auto* items = std::get_if<List>(&over.is);
      if (items == nullptr) at_.fail_at(over.at, "wanted a list or a range here");
      const std::size_t rest = at_.place();
      for (const Value& item : *items) {
        names_.push_back({name, item});
        at_.go_to(rest);
        clauses(one, read_one);
        names_.pop_back();
      }
      return;
    }
    if (word("if")) {
      const Value test = either();
      if (Arithmetic::is_expression(test)) {
        if (counting_ == Counting::nothing)
          at_.fail_at(test.at, "this cannot depend on the lambda's parameter");
        tests_.push_back(test);
        clauses(one, read_one);
        tests_.pop_back();
      } else if (arithmetic_.truth(test)) {
        clauses(one, read_one);
      }
      return;
    }
    at_.go_to(one);
    read_one();
  }

  List items(char close) {
    List all;
    each(close, [&] { add(all, value()); });
    return all;
  }
  /// To a list; what a condition on a lambda's parameter may leave out counts as 0.
  void add(List& all, Value v) {
    if (all.size() == max_items)
      at_.fail_here("a list has at most " + std::to_string(max_items) + " entries");
    if (!tests_.empty() && counting_ == Counting::entries) v = {1.0, v.at};
    for (const Value& test : tests_) {
      v = arithmetic_.choice(v, test, {0.0, v.at});
      picked_ = true;
    }
    all.push_back(std::move(v));
  }

  Value parenthesis(std::size_t start) {
    List all;
    const bool tuple = each(')', [&] { add(all, value()); });
    if (all.size() == 1 && !tuple) return all[0];
    return {std::move(all), start};
  }

  Dictionary dictionary() {
    Dictionary all;
    each('}', [&] {
      Value key = value();
      at_.expect(':');
      all.push_back({std::move(key), value()});
    });
    return all;
  }
  static Value dictionary_of(const Call& call) {
    Dictionary all;
    for (const Keyword& k : call.keywords) all.push_back({{k.name, k.value.at}, k.value});
    return {std::move(all)};
  }

  Value function(const std::string& name, std::size_t start) {
    const Counting outside = counting_;
    const std::vector<Value> outside_tests = std::exchange(tests_, {});
    counting_ = name == "sum"   ? Counting::values
                : name == "len" ? Counting::entries
                                : Counting::nothing;
    picked_ = false;
    at_.expect('(');
    const bool generator = find_for() != std::string_view::npos;
    List arguments = items(')');
    if (generator) arguments = {{std::move(arguments), start}};
    const bool counts_picked = name == "len" && picked_;
    counting_ = outside;
    tests_ = outside_tests;
    return arithmetic_.call(counts_picked ? "sum" : name, arguments, start);
  }

  Value lambda(std::size_t start) {
    Lambda result;
    const std::size_t outside = names_.size();
    while (!at_.accept(':')) {
      std::string name(at_.identifier("a parameter of the lambda"));
      if (at_.accept('=')) {  // one that has a value already
        names_.push_back({std::move(name), value()});
      } else {
        // Formulas know it by its number, whatever it is called.
        names_.push_back({name, {Expression{variable(result.parameters.size()), 9}}});
        result.parameters.push_back(std::move(name));
      }
      at_.accept(',');
    }
    const Value body = value();
    arithmetic_.settle();
    names_.resize(outside);
    std::vector<std::string> variables;
    for (std::size_t i = 0; i < result.parameters.size(); ++i) variables.push_back(variable(i));
    const std::vector<std::string_view> views(variables.begin(), variables.end());
    Formula::Mistake mistake;
    auto formula = Formula::read(arithmetic_.expression(body).text, views, mistake);
    if (!formula) at_.fail_at(start, "in the lambda: " + mistake.what);
    result.body = *std::move(formula);
    return {std::move(result), start};
  }
  static std::string variable(std::size_t i) { return "parameter_" + std::to_string(i); }

  Call call(std::string path) {
    Call result;
    result.path = std::move(path);
    at_.expect('(');
    while (!at_.accept(')')) {
      argument(result);
      if (!at_.accept(',')) {
        at_.expect(')');
        break;
      }
    }
    return result;
  }

  void argument(Call& result) {
    const std::size_t start = at_.place();
    if (is_letter(at_.peek())) {
      const std::string name(at_.identifier("an argument"));
      if (!next_is("==") && at_.accept('=')) {
        for (const Keyword& given : result.keywords)
          if (given.name == name) at_.fail_at(start, "'" + name + "' is given twice");
        result.keywords.push_back({.name = name, .value = whole_value(), .at = start});
        return;
      }
      at_.go_to(start);
    }
    if (!result.keywords.empty())
      at_.fail_at(start, "an argument without a name cannot follow one with a name");
    result.positional.push_back(whole_value());
  }

  Arithmetic arithmetic_;
  std::vector<Keyword> names_;  ///< of lambdas' parameters and comprehensions
  std::vector<Value> tests_;    ///< that pick what is counted
  Counting counting_ = Counting::nothing;
  bool picked_ = false;  ///< whether something was
  int depth_ = 0;
};

}  // namespace

Value read(Cursor& at) {
  return Reader(at).whole_value();
}

Call read_call(Cursor& at) {
  return Reader(at).call();
}

}  // namespace anneal::sched::python
