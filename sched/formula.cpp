#include "sched/formula.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <numbers>

namespace anneal::sched {

/// Recursive descent, lowest precedence first, straight into postfix code. After the first mistake
/// it only runs to the end.
class FormulaReader {
 public:
  FormulaReader(std::string_view text, std::span<const std::string_view> variables)
      : text_(text), variables_(variables) {}

  bool whole() {
    conditional();
    if (!failed() && place() != text_.size()) mistake("expected an operator or the end");
    return !failed();
  }
  Formula result() { return std::move(formula_); }
  const Formula::Mistake& what() const { return mistake_; }

 private:
  using Op = Formula::Op;

  void conditional() {  // a if c else b
    if (++nesting_ > 40) return mistake("nested too deeply");
    either();
    if (word("if")) {
      either();
      if (!word("else")) return mistake("expected 'else'");
      conditional();
      emit(Op::choose, 3);
    }
    --nesting_;
  }
  void either() {
    both();
    while (word("or")) {
      both();
      emit(Op::either, 2);
    }
  }
  void both() {
    negation();
    while (word("and")) {
      negation();
      emit(Op::both, 2);
    }
  }
  void negation() {
    if (word("not")) {
      negation();
      emit(Op::invert, 1);
    } else {
      comparison();
    }
  }
  void comparison() {
    sum();
    if (const auto op = comparator()) {
      sum();
      emit(*op, 2);
      if (comparator()) mistake("one comparison at a time: a < b and b < c");
    }
  }
  std::optional<Op> comparator() {
    if (sign("<=")) return Op::less_equal;
    if (sign(">=")) return Op::greater_equal;
    if (sign("==")) return Op::equal;
    if (sign("!=")) return Op::unequal;
    if (sign("<")) return Op::less;
    if (sign(">")) return Op::greater;
    return {};
  }
  void sum() {
    term();
    while (const auto op = adder()) {
      term();
      emit(*op, 2);
    }
  }
  std::optional<Op> adder() {
    if (sign("+")) return Op::add;
    if (sign("-")) return Op::subtract;
    return {};
  }
  void term() {
    factor();
    while (const auto op = multiplier()) {
      factor();
      emit(*op, 2);
    }
  }
  std::optional<Op> multiplier() {
    if (!next_is("**") && sign("*")) return Op::multiply;
    if (sign("//")) return Op::floor_divide;
    if (sign("/")) return Op::divide;
    if (sign("%")) return Op::modulo;
    return {};
  }
  void factor() {
    if (++nesting_ > 200) return mistake("nested too deeply");
    if (sign("-")) {
      factor();
      emit(Op::negate, 1);
    } else if (sign("+")) {
      factor();
    } else {
      atom();
      if (sign("**")) {
        factor();
        emit(Op::power, 2);
      }
    }
    --nesting_;
  }

  void atom() {
    if (failed()) return;
    if (sign("(")) {
      conditional();
      if (!sign(")")) mistake("expected ')'");
      return;
    }
    const std::size_t start = place();
    const std::string_view name = identifier();
    if (name.empty()) return number();
    if (next_is("(")) return call(start, name);
    if (name == "pi") return push(Op::number, std::numbers::pi);
    if (name == "e") return push(Op::number, std::numbers::e);
    if (name == "tau") return push(Op::number, 2.0 * std::numbers::pi);
    if (name == "True" || name == "False") return push(Op::number, name == "True" ? 1.0 : 0.0);
    const auto found = std::ranges::find(variables_, name);
    if (found == variables_.end()) return unknown(start, name);
    push(Op::variable, static_cast<double>(found - variables_.begin()));
  }

  void number() {
    const std::size_t start = place();
    double value = 0.0;
    const auto [end, error] =
        std::from_chars(text_.data() + start, text_.data() + text_.size(), value);
    if (error != std::errc{} || !std::isfinite(value)) return mistake("expected a value");
    at_ = static_cast<std::size_t>(end - text_.data());
    push(Op::number, value);
  }

  void call(std::size_t start, std::string_view name) {
    struct Function {
      std::string_view name;
      Op op;
      int arguments;  ///< -1: one or more, taken two at a time
    };
    static constexpr std::array functions{
        Function{"min", Op::minimum, -1},     Function{"max", Op::maximum, -1},
        Function{"abs", Op::absolute, 1},     Function{"fabs", Op::absolute, 1},
        Function{"sqrt", Op::square_root, 1}, Function{"exp", Op::exponential, 1},
        Function{"log", Op::logarithm, 1},    Function{"log10", Op::logarithm10, 1},
        Function{"sin", Op::sine, 1},         Function{"cos", Op::cosine, 1},
        Function{"tan", Op::tangent, 1},      Function{"tanh", Op::hyperbolic_tangent, 1},
        Function{"floor", Op::round_down, 1}, Function{"ceil", Op::round_up, 1},
        Function{"round", Op::round_even, 1}, Function{"int", Op::truncate, 1},
        Function{"pow", Op::power, 2},
    };
    const auto* const found = std::ranges::find(functions, name, &Function::name);
    if (found == functions.end()) {
      at_ = start;
      return mistake("no function is called '" + std::string(name) + "'");
    }
    sign("(");
    int given = 0;
    do {
      conditional();
      ++given;
      if (found->arguments < 0 && given > 1) emit(found->op, 2);
    } while (!failed() && sign(","));
    if (failed()) return;
    if (!sign(")")) return mistake("expected ',' or ')'");
    if (found->arguments > 0 && given != found->arguments) {
      at_ = start;
      return mistake("'" + std::string(name) + "' takes " +
                     (found->arguments == 1 ? "one value" : "two values") + ", got " +
                     std::to_string(given));
    }
    if (found->arguments > 0) emit(found->op, found->arguments);
  }

  void unknown(std::size_t start, std::string_view name) {
    std::string known;
    for (const std::string_view v : variables_)
      known += (known.empty() ? "" : ", ") + std::string(v);
    at_ = start;
    mistake("no value is called '" + std::string(name) + "'; known: " + known + ", pi, e, tau");
  }

  void push(Op op, double value) {
    if (failed()) return;
    formula_.code_.push_back({op, value});
    if (++depth_ > Formula::deepest) mistake("nested too deeply");
  }
  void emit(Op op, std::size_t taken) {
    if (failed()) return;
    formula_.code_.push_back({op});
    depth_ -= taken - 1;
  }
  void emit(Op op, int taken) { emit(op, static_cast<std::size_t>(taken)); }

  static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  /// A name, "math." and the like before it left out.
  std::string_view identifier() {
    const std::size_t start = place();
    std::size_t end = start;
    while (end < text_.size() && (is_letter(text_[end]) || (end > start && is_digit(text_[end]))))
      ++end;
    const std::string_view name = text_.substr(start, end - start);
    for (const std::string_view module : {"math", "np", "numpy", "jnp", "tf"})
      if (name == module && end < text_.size() && text_[end] == '.') {
        at_ = end + 1;
        return identifier();
      }
    at_ = end;
    return name;
  }
  bool word(std::string_view w) {
    const std::size_t start = place();
    if (failed() || identifier() == w) return !failed();
    at_ = start;
    return false;
  }
  bool next_is(std::string_view s) { return text_.substr(place()).starts_with(s); }
  bool sign(std::string_view s) {
    if (failed() || !next_is(s)) return false;
    at_ += s.size();
    return true;
  }
  std::size_t place() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    return at_;
  }

  bool failed() const { return !mistake_.what.empty(); }
  void mistake(std::string what) {
    if (!failed()) mistake_ = {place(), std::move(what)};
  }

  std::string_view text_;
  std::span<const std::string_view> variables_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  int nesting_ = 0;
  Formula formula_;
  Formula::Mistake mistake_;
};

std::optional<Formula> Formula::read(std::string_view text,
                                     std::span<const std::string_view> variables,
                                     Mistake& mistake) {
  FormulaReader reader(text, variables);
  if (reader.whole()) return reader.result();
  mistake = reader.what();
  return {};
}

namespace {

/// A piece of text and how tightly it binds.
struct Piece {
  std::string text;
  int binding;
  std::optional<double> value = {};  ///< of a number
};
constexpr int condition = 0;
constexpr int sum = 5;
constexpr int product = 6;
constexpr int sign = 7;
constexpr int power = 8;
constexpr int atom = 9;

std::string within(const Piece& piece, int needed) {
  return piece.binding < needed ? "(" + piece.text + ")" : piece.text;
}

std::string number_as_text(double value) {
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

Piece number_piece(double value) {
  return {number_as_text(value), value < 0.0 ? sign : atom, value};
}

bool is_name_or_number(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '.';
  });
}

}  // namespace

namespace {

/// "(a) + (b)" is not.
bool is_in_parentheses(std::string_view text) {
  int open = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    open += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
    if (open == 0) return i > 0 && i + 1 == text.size();
  }
  return false;
}

Piece piece_of(const std::string& text) {
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc{} && end == text.data() + text.size()) return number_piece(value);
  return {text, is_name_or_number(text) || is_in_parentheses(text) ? atom : condition};
}

/// What a sum, product or power comes to where a constant makes it simple, and to the last bit:
/// 0 + x, x - 0, 1 * x, x / 1, x ** 1, and two numbers.
std::optional<Piece> simplified(char op, const Piece& a, const Piece& b) {
  if (a.value && b.value) {
    const double x = *a.value;
    const double y = *b.value;
    const double result = op == '+'   ? x + y
                          : op == '-' ? x - y
                          : op == '*' ? x * y
                          : op == '/' ? x / y
                          : op == '^' ? std::pow(x, y)
                                      : std::nan("");
    if (std::isfinite(result)) return number_piece(result);
  }
  if ((op == '+' || op == '-') && b.value == 0.0) return a;
  if (op == '+' && a.value == 0.0) return b;
  if ((op == '*' || op == '/' || op == '^') && b.value == 1.0) return a;
  if (op == '*' && a.value == 1.0) return b;
  return {};
}

}  // namespace

std::string Formula::text(std::span<const std::string> variables, const Dialect& dialect) const {
  std::vector<Piece> stack;
  const auto take = [&] {
    Piece piece = std::move(stack.back());
    stack.pop_back();
    return piece;
  };
  const auto infix = [&](const char* op, int binding) -> void {
    const Piece b = take();
    const Piece a = take();
    const std::string_view name(op);
    if (name.size() == 1 && name != "%")
      if (auto simple = simplified(op[0], a, b)) return stack.push_back(*std::move(simple));
    stack.push_back({within(a, binding) + " " + op + " " + within(b, binding + 1), binding});
  };
  const auto call = [&](const std::string& name, std::size_t arguments) {
    std::string inside;
    for (std::size_t i = stack.size() - arguments; i < stack.size(); ++i)
      inside += (inside.empty() ? "" : ", ") + stack[i].text;
    stack.resize(stack.size() - arguments);
    stack.push_back({name + "(" + inside + ")", atom});
  };
  const std::string prefix(dialect.functions);
  const auto pick = [&](const char* arrays, const char* plain_name) {
    return dialect.arrays ? prefix + arrays : std::string(plain_name);
  };
  for (const Code& c : code_) switch (c.op) {
      case Op::number:
        if (c.value == std::numbers::pi)
          stack.push_back({prefix + "pi", atom});
        else
          stack.push_back(number_piece(c.value));
        break;
      case Op::variable:
        stack.push_back(piece_of(variables[static_cast<std::size_t>(c.value)]));
        break;
      case Op::add:
        infix("+", sum);
        break;
      case Op::subtract:
        infix("-", sum);
        break;
      case Op::multiply:
        infix("*", product);
        break;
      case Op::divide:
        infix("/", product);
        break;
      case Op::floor_divide:
        infix("//", product);
        break;
      case Op::modulo:
        infix("%", product);
        break;
      case Op::power: {
        const Piece b = take();
        const Piece a = take();
        if (auto simple = simplified('^', a, b))
          stack.push_back(*std::move(simple));
        else
          stack.push_back({within(a, atom) + " ** " + within(b, sign), power});
        break;
      }
      case Op::negate:
        stack.push_back({"-" + within(take(), sign), sign});
        break;
      case Op::less:
        infix("<", 4);
        break;
      case Op::less_equal:
        infix("<=", 4);
        break;
      case Op::greater:
        infix(">", 4);
        break;
      case Op::greater_equal:
        infix(">=", 4);
        break;
      case Op::equal:
        infix("==", 4);
        break;
      case Op::unequal:
        infix("!=", 4);
        break;
      case Op::both:
        if (dialect.arrays)
          call(prefix + "logical_and", 2);
        else
          infix("and", 2);
        break;
      case Op::either:
        if (dialect.arrays)
          call(prefix + "logical_or", 2);
        else
          infix("or", 1);
        break;
      case Op::invert:
        if (dialect.arrays)
          call(prefix + "logical_not", 1);
        else
          stack.push_back({"not " + within(take(), 3), 3});
        break;
      case Op::choose: {
        const Piece otherwise = take();
        const Piece test = take();
        const Piece value = take();
        if (dialect.arrays)
          stack.push_back(
              {prefix + "where(" + test.text + ", " + value.text + ", " + otherwise.text + ")",
               atom});
        else
          stack.push_back(
              {within(value, 1) + " if " + within(test, 1) + " else " + otherwise.text, condition});
        break;
      }
      case Op::minimum:
        call(pick("minimum", "min"), 2);
        break;
      case Op::maximum:
        call(pick("maximum", "max"), 2);
        break;
      case Op::absolute:
        call(pick("abs", "abs"), 1);
        break;
      case Op::square_root:
        call(prefix + "sqrt", 1);
        break;
      case Op::exponential:
        call(prefix + "exp", 1);
        break;
      case Op::logarithm:
        call(prefix + "log", 1);
        break;
      case Op::logarithm10:
        call(prefix + "log10", 1);
        break;
      case Op::sine:
        call(prefix + "sin", 1);
        break;
      case Op::cosine:
        call(prefix + "cos", 1);
        break;
      case Op::tangent:
        call(prefix + "tan", 1);
        break;
      case Op::hyperbolic_tangent:
        call(prefix + "tanh", 1);
        break;
      case Op::round_down:
        call(prefix + "floor", 1);
        break;
      case Op::round_up:
        call(prefix + "ceil", 1);
        break;
      case Op::round_even:
        call(pick("round", "round"), 1);
        break;
      case Op::truncate:
        call(pick("trunc", "int"), 1);
        break;
    }
  return stack.back().text;
}

double Formula::operator()(std::span<const double> values) const {
  std::array<double, deepest>
      stack;                   // NOLINT(cppcoreguidelines-pro-type-member-init): written first
  double* top = stack.data();  // one past the newest value
  const auto unary = [&](auto f) { top[-1] = f(top[-1]); };
  const auto binary = [&](auto f) {
    top[-2] = f(top[-2], top[-1]);
    --top;
  };
  for (const Code& c : code_) switch (c.op) {
      case Op::number:
        *top++ = c.value;
        break;
      case Op::variable:
        *top++ = values[static_cast<std::size_t>(c.value)];
        break;
      case Op::add:
        binary([](double a, double b) { return a + b; });
        break;
      case Op::subtract:
        binary([](double a, double b) { return a - b; });
        break;
      case Op::multiply:
        binary([](double a, double b) { return a * b; });
        break;
      case Op::divide:
        binary([](double a, double b) { return a / b; });
        break;
      case Op::floor_divide:
        binary([](double a, double b) { return std::floor(a / b); });
        break;
      case Op::modulo:
        binary([](double a, double b) { return a - b * std::floor(a / b); });
        break;
      case Op::power:
        binary([](double a, double b) { return std::pow(a, b); });
        break;
      case Op::negate:
        unary([](double a) { return -a; });
        break;
      case Op::less:
        binary([](double a, double b) { return a < b ? 1.0 : 0.0; });
        break;
      case Op::less_equal:
        binary([](double a, double b) { return a <= b ? 1.0 : 0.0; });
        break;
      case Op::greater:
        binary([](double a, double b) { return a > b ? 1.0 : 0.0; });
        break;
      case Op::greater_equal:
        binary([](double a, double b) { return a >= b ? 1.0 : 0.0; });
        break;
      case Op::equal:
        binary([](double a, double b) { return a == b ? 1.0 : 0.0; });
        break;
      case Op::unequal:
        binary([](double a, double b) { return a != b ? 1.0 : 0.0; });
        break;
      case Op::both:
        binary([](double a, double b) { return a != 0.0 ? b : a; });
        break;
      case Op::either:
        binary([](double a, double b) { return a != 0.0 ? a : b; });
        break;
      case Op::invert:
        unary([](double a) { return a == 0.0 ? 1.0 : 0.0; });
        break;
      case Op::choose:  // value, condition, otherwise
        top[-3] = top[-2] != 0.0 ? top[-3] : top[-1];
        top -= 2;
        break;
      case Op::minimum:
        binary([](double a, double b) { return b < a ? b : a; });
        break;
      case Op::maximum:
        binary([](double a, double b) { return b > a ? b : a; });
        break;
      case Op::absolute:
        unary([](double a) { return std::abs(a); });
        break;
      case Op::square_root:
        unary([](double a) { return std::sqrt(a); });
        break;
      case Op::exponential:
        unary([](double a) { return std::exp(a); });
        break;
      case Op::logarithm:
        unary([](double a) { return std::log(a); });
        break;
      case Op::logarithm10:
        unary([](double a) { return std::log10(a); });
        break;
      case Op::sine:
        unary([](double a) { return std::sin(a); });
        break;
      case Op::cosine:
        unary([](double a) { return std::cos(a); });
        break;
      case Op::tangent:
        unary([](double a) { return std::tan(a); });
        break;
      case Op::hyperbolic_tangent:
        unary([](double a) { return std::tanh(a); });
        break;
      case Op::round_down:
        unary([](double a) { return std::floor(a); });
        break;
      case Op::round_up:
        unary([](double a) { return std::ceil(a); });
        break;
      case Op::round_even:
        unary([](double a) { return std::nearbyint(a); });
        break;
      case Op::truncate:
        unary([](double a) { return std::trunc(a); });
        break;
    }
  return stack[0];
}

}  // namespace anneal::sched
