#pragma once
#include <string>
#include <string_view>

namespace anneal::sched {

/// A place in a text that is being read, and the mistakes that can be made there. Between two
/// things white space is skipped.
class Cursor {
 public:
  /// Fails for a text that is longer than limits::text.
  explicit Cursor(std::string_view text);

  std::size_t place();  ///< of the next thing that is not white space
  bool at_end() { return place() == text_.size(); }
  char peek() { return at_end() ? '\0' : text_[at_]; }
  void go_to(std::size_t place) { at_ = place; }
  bool accept(char c);
  /// Whether a unit or the like follows at once, without white space.
  bool at_letter() const;
  std::string_view text() const { return text_; }
  std::string_view since(std::size_t start) const { return text_.substr(start, at_ - start); }

  /// These fail with what was wanted and where; see pointed_out().
  void expect(char c);
  std::string_view identifier(const char* wanted);
  double number();
  [[noreturn]] void fail_here(const std::string& what) { fail_at(place(), what); }
  [[noreturn]] void fail_at(std::size_t place, const std::string& what) const;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

/// The number that a text begins with, 1_000 as Python writes it too: how many characters it takes,
/// 0 if there is none or if it is not finite.
std::size_t leading_number(std::string_view text, double& value);

/// What is wrong with a text, the text, and a caret under the place; of a long text, with what
/// stands around the place, and its column.
std::string pointed_out(const std::string& what, std::string_view text, std::size_t place);

inline bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

}  // namespace anneal::sched
