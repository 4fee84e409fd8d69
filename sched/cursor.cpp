#include "sched/cursor.h"

#include <charconv>
#include <cmath>

#include "sched/fail.h"

namespace anneal::sched {

std::size_t Cursor::place() {
  while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  return at_;
}

bool Cursor::accept(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

bool Cursor::at_letter() const {
  return at_ < text_.size() && is_letter(text_[at_]);
}

void Cursor::expect(char c) {
  if (!accept(c)) fail_here(std::string("expected '") + c + "'");
}

std::string_view Cursor::identifier(const char* wanted) {
  const std::size_t start = place();
  while (at_ < text_.size() && (is_letter(text_[at_]) || (at_ > start && is_digit(text_[at_]))))
    ++at_;
  if (at_ == start) fail_here(std::string("expected ") + wanted);
  return since(start);
}

double Cursor::number() {
  const std::size_t start = place();
  double value = 0.0;
  const auto [end, error] =
      std::from_chars(text_.data() + start, text_.data() + text_.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) fail_at(start, "expected a number");
  at_ = static_cast<std::size_t>(end - text_.data());
  return value;
}

void Cursor::fail_at(std::size_t place, const std::string& what) const {
  fail("bad schedule: " + what + "\n  " + std::string(text_) + "\n  " + std::string(place, ' ') +
       "^");
}

}  // namespace anneal::sched
