#include "sched/cursor.h"

#include <charconv>
#include <cmath>
#include <vector>

#include "sched/fail.h"
#include "sched/limits.h"

namespace anneal::sched {
namespace {

/// Whether a byte is the second or a later one of a character in UTF-8.
bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

}  // namespace

Cursor::Cursor(std::string_view text) : text_(text) {
  if (text.size() > limits::text)
    fail("bad schedule: a text of " + std::to_string(text.size()) + " bytes; at most " +
         std::to_string(limits::text) + "\n  " + shown(text));
}

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
  const std::size_t length = leading_number(text_.substr(start), value);
  if (length == 0) fail_at(start, "expected a number");
  at_ = start + length;
  return value;
}

void Cursor::fail_at(std::size_t place, const std::string& what) const {
  fail("bad schedule: " + pointed_out(what, text_, place));
}

std::size_t leading_number(std::string_view text, double& value) {
  const auto digit_at = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
  std::string digits;
  std::vector<std::size_t> ends;  // in the text, of each of them
  bool point = false;
  bool exponent = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '_' && i > 0 && digit_at(i - 1) && digit_at(i + 1)) continue;
    const bool sign = c == '-' || c == '+';
    if (sign && i > 0 && text[i - 1] != 'e' && text[i - 1] != 'E') break;
    if (!is_digit(c) && !sign && c != '.' && c != 'e' && c != 'E') break;
    if ((c == '.' && (point || exponent)) || (!is_digit(c) && !sign && c != '.' && exponent)) break;
    point = point || c == '.';
    exponent = exponent || c == 'e' || c == 'E';
    digits += c;
    ends.push_back(i + 1);
  }
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || !std::isfinite(value)) return 0;
  return ends[static_cast<std::size_t>(end - digits.data()) - 1];
}

std::string pointed_out(const std::string& what, std::string_view text, std::size_t place) {
  constexpr std::size_t short_enough = 200;
  constexpr std::size_t around = 60;
  std::size_t begin = 0;
  std::size_t end = text.size();
  if (text.size() > short_enough) {
    begin = place > around ? place - around : 0;
    end = std::min(place + around, end);
    while (begin > 0 && continues(text[begin])) --begin;
    while (end < text.size() && continues(text[end])) ++end;
  }
  std::string line(begin > 0 ? "..." : "");
  std::string caret(line.size(), ' ');
  for (std::size_t i = begin; i < end; ++i) {
    line += is_control(text[i]) ? ' ' : text[i];
    if (i < place && !continues(text[i])) caret += ' ';
  }
  const bool whole = begin == 0 && end == text.size();
  if (end < text.size()) line += "...";
  return what + (whole ? "" : " (column " + std::to_string(place + 1) + ")") + "\n  " + line +
         "\n  " + caret + "^";
}

}  // namespace anneal::sched
