#include "sched/peers/python.h"

#include <cmath>

namespace anneal::sched::python {
namespace {

constexpr int max_depth = 40;

class Reader {
 public:
  explicit Reader(Cursor& at) : at_(at) {}

  Value value() {
    if (++depth_ > max_depth) at_.fail_here("nested too deeply");
    Value left = term();
    for (char op = at_.peek(); op == '+' || op == '-'; op = at_.peek()) {
      at_.accept(op);
      const Value right = term();
      set_number(left, op == '+' ? number_of(left) + number_of(right)
                                 : number_of(left) - number_of(right));
    }
    --depth_;
    return left;
  }

  Call call() {
    const std::size_t start = at_.place();
    const Value v = atom();
    const auto* call = std::get_if<Call>(&v.is);
    if (call == nullptr) at_.fail_at(start, "expected a call such as torch.StepLR(step_size=30)");
    return *call;
  }

 private:
  Value term() {
    Value left = factor();
    for (char op = at_.peek(); op == '*' || op == '/' || op == '%'; op = at_.peek()) {
      at_.accept(op);
      const bool twice = op == '/' && at_.accept('/');
      const Value right = factor();
      const double a = number_of(left);
      const double b = number_of(right);
      if (op != '*' && b == 0.0) at_.fail_at(right.at, "division by zero");
      if (op == '*') set_number(left, a * b);
      if (op == '/') set_number(left, twice ? std::floor(a / b) : a / b);
      if (op == '%') set_number(left, a - b * std::floor(a / b));
    }
    return left;
  }

  Value factor() {
    const std::size_t start = at_.place();
    if (at_.accept('-')) {
      Value negative = factor();
      set_number(negative, -number_of(negative));
      negative.at = start;
      return negative;
    }
    if (at_.accept('+')) return factor();
    Value base = atom();
    const std::size_t star = at_.place();
    if (at_.accept('*')) {
      if (at_.accept('*'))
        set_number(base, std::pow(number_of(base), number_of(factor())));
      else
        at_.go_to(star);
    }
    return base;
  }

  Value atom() {
    const std::size_t start = at_.place();
    const char next = at_.peek();
    if (is_digit(next) || next == '.') return {number(), start};
    if (next == '\'' || next == '"') return {string(next), start};
    if (at_.accept('[')) return {items(']'), start};
    if (at_.accept('(')) return parenthesis(start);
    if (at_.accept('{')) return {dictionary(), start};
    std::string path(at_.identifier("a value"));
    if (path == "lambda") return {lambda(), start};
    while (at_.accept('.')) path += "." + std::string(at_.identifier("a name"));
    if (path == "True" || path == "False") return {path == "True", start};
    if (path == "None") return {None{}, start};
    if (path == "math.pi") return {3.141592653589793, start};
    if (path == "math.inf") at_.fail_at(start, "wanted a finite number");
    return {call(std::move(path)), start};
  }

  double number() {
    double value = at_.number();
    // 10_000
    while (!at_.at_end() && at_.text()[at_.place()] == '_') {
      at_.accept('_');
      const std::size_t start = at_.place();
      const double digits = at_.number();
      value = value * std::pow(10.0, static_cast<double>(at_.since(start).size())) + digits;
    }
    return value;
  }

  std::string string(char quote) {
    at_.accept(quote);
    const std::size_t start = at_.place();
    const std::size_t end = at_.text().find(quote, start);
    if (end == std::string_view::npos) at_.fail_at(start, "expected a closing quote");
    at_.go_to(end + 1);
    return std::string(at_.text().substr(start, end - start));
  }

  List items(char close) {
    List all;
    while (!at_.accept(close)) {
      all.push_back(value());
      if (!at_.accept(',')) {
        at_.expect(close);
        break;
      }
    }
    return all;
  }

  Value parenthesis(std::size_t start) {
    List all;
    bool tuple = false;
    while (!at_.accept(')')) {
      all.push_back(value());
      if (at_.accept(',')) {
        tuple = true;
        continue;
      }
      at_.expect(')');
      break;
    }
    if (all.size() == 1 && !tuple) return all[0];
    return {std::move(all), start};
  }

  Dictionary dictionary() {
    Dictionary all;
    while (!at_.accept('}')) {
      Value key = value();
      at_.expect(':');
      all.push_back({std::move(key), value()});
      if (!at_.accept(',')) {
        at_.expect('}');
        break;
      }
    }
    return all;
  }

  /// The body is kept as text, up to the comma or the bracket that ends it.
  Lambda lambda() {
    Lambda result;
    while (!at_.accept(':')) {
      result.parameters.emplace_back(at_.identifier("a parameter of the lambda"));
      at_.accept(',');
    }
    const std::size_t start = at_.place();
    std::size_t end = start;
    for (int open = 0; end < at_.text().size(); ++end) {
      const char c = at_.text()[end];
      if (open == 0 && (c == ',' || c == ')' || c == ']' || c == '}')) break;
      if (c == '(' || c == '[') ++open;
      if (c == ')' || c == ']') --open;
    }
    at_.go_to(end);
    result.body = at_.text().substr(start, end - start);
    while (result.body.ends_with(' ')) result.body.pop_back();
    return result;
  }

  Call call(std::string path) {
    Call result{std::move(path), {}, {}};
    if (!at_.accept('(')) return result;
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
      if (at_.accept('=')) {
        for (const auto& [given, unused] : result.keywords)
          if (given == name) at_.fail_at(start, "'" + name + "' is given twice");
        result.keywords.push_back({name, value()});
        return;
      }
      at_.go_to(start);
    }
    if (!result.keywords.empty())
      at_.fail_at(start, "an argument without a name cannot follow one with a name");
    result.positional.push_back(value());
  }

  double number_of(const Value& v) {
    const auto* number = std::get_if<double>(&v.is);
    if (number == nullptr) at_.fail_at(v.at, "wanted a number here");
    return *number;
  }
  static void set_number(Value& v, double number) { v.is = number; }

  Cursor& at_;
  int depth_ = 0;
};

}  // namespace

Value read(Cursor& at) {
  return Reader(at).value();
}

Call read_call(Cursor& at) {
  return Reader(at).call();
}

}  // namespace anneal::sched::python
