#include <algorithm>
#include <array>
#include <numbers>

#include "sched/cursor.h"
#include "sched/fail.h"
#include "sched/formula.h"
#include "sched/limits.h"

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

  /// One more call within a call.
  class Level {
   public:
    explicit Level(FormulaReader& reader) : depth_(reader.depth_of_calls_) {
      if (++depth_ > 2 * limits::nested) reader.mistake("nested too deeply");
    }
    ~Level() { --depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    int& depth_;
  };

  void conditional() {  // a if c else b
    const Level level(*this);
    if (failed()) return;
    either();
    if (word("if")) {
      either();
      if (!word("else")) return mistake("expected 'else'");
      conditional();
      emit(Op::choose);
    }
  }
  void either() {
    both();
    while (word("or")) {
      both();
      emit(Op::either);
    }
  }
  void both() {
    negation();
    while (word("and")) {
      negation();
      emit(Op::both);
    }
  }
  void negation() {
    std::size_t times = 0;
    while (word("not")) ++times;
    comparison();
    for (; times > 0; --times) emit(Op::invert);
  }
  /// a < b < c is a < b and b < c.
  void comparison() {
    sum();
    auto op = comparator();
    if (!op) return;
    std::size_t begin = formula_.code_.size();
    sum();
    std::size_t end = formula_.code_.size();
    emit(*op);
    while ((op = comparator())) {
      for (std::size_t i = begin; i < end; ++i) again(formula_.code_[i]);
      begin = formula_.code_.size();
      sum();
      end = formula_.code_.size();
      emit(*op);
      emit(Op::both);
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
      emit(*op);
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
      emit(*op);
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
    const Level level(*this);
    if (failed()) return;
    if (sign("-")) {
      factor();
      emit(Op::negate);
    } else if (sign("+")) {
      factor();
    } else {
      atom();
      if (sign("**")) {
        factor();
        emit(Op::power);
      }
    }
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
    const std::size_t length = leading_number(text_.substr(start), value);
    if (length == 0) return mistake("expected a value");
    at_ = start + length;
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
      return mistake("no function is called '" + shown(name) + "'");
    }
    sign("(");
    int given = 0;
    do {
      conditional();
      ++given;
      if (found->arguments < 0 && given > 1) emit(found->op);
    } while (!failed() && sign(","));
    if (failed()) return;
    if (!sign(")")) return mistake("expected ',' or ')'");
    if (name == "round" && given == 2) return emit(Op::round_to_places);
    if (found->arguments > 0 && given != found->arguments) {
      at_ = start;
      return mistake("'" + std::string(name) + "' takes " +
                     (found->arguments == 1 ? "one value" : "two values") + ", got " +
                     std::to_string(given));
    }
    if (found->arguments > 0) emit(found->op);
  }

  void unknown(std::size_t start, std::string_view name) {
    std::string known;
    for (const std::string_view v : variables_)
      known += (known.empty() ? "" : ", ") + std::string(v);
    at_ = start;
    mistake("no value is called '" + shown(name) + "'; known: " + known + ", pi, e, tau");
  }

  void push(Op op, double value) { again({op, value}); }
  void emit(Op op) { again({op}); }
  /// What may have been emitted or pushed before.
  void again(Formula::Code code) {
    if (failed()) return;
    add(code);
    depth_ -= Formula::taken(code.op) - 1;
    if (depth_ > Formula::deepest) mistake("nested too deeply");
  }

  void add(Formula::Code code) {
    if (formula_.code_.size() == limits::operations)
      mistake("more than " + std::to_string(limits::operations) + " operations and values");
    else
      formula_.code_.push_back(code);
  }

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
  int depth_ = 0;  // of the stack
  int depth_of_calls_ = 0;
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

}  // namespace anneal::sched
