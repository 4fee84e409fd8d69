#include "apps/view/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace anneal::apps {
namespace {

unsigned char byte(char c) {
  return static_cast<unsigned char>(c);
}

// The length of the well-formed UTF-8 sequence that `text` begins with, or 0. (Unicode 15.0,
// table 3-7)
std::size_t sequence_length(std::string_view text) {
  const unsigned char lead = byte(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  const unsigned char second = byte(text[1]);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  const auto continues = [](char c) { return (byte(c) & 0xC0U) == 0x80U; };
  return std::ranges::all_of(text.substr(1, length - 1), continues) ? length : 0;
}

// C0, DEL, and the C1 controls that terminals obey as well.
bool is_control(std::string_view sequence) {
  if (sequence.size() == 1) return byte(sequence[0]) < 0x20 || byte(sequence[0]) == 0x7F;
  return sequence.size() == 2 && byte(sequence[0]) == 0xC2 && byte(sequence[1]) < 0xA0;
}

// Calls take(sequence) for each code point, with an empty one for each malformed byte.
template <class Take>
void each_code_point(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    take(text.substr(0, length));
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
}

}  // namespace

std::string printable(std::string_view text, bool unicode) {
  std::string out;
  each_code_point(text, [&](std::string_view sequence) {
    const bool shown =
        !sequence.empty() && !is_control(sequence) && (unicode || sequence.size() == 1);
    out += shown ? sequence : "?";
  });
  return out;
}

std::string printable_lines(std::string_view text) {
  std::string out;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (begin > 0) out += '\n';
    out += printable(text.substr(begin, end - begin), true);
    begin = end + 1;
  }
  return out;
}

int columns_of(std::string_view text) {
  int columns = 0;
  each_code_point(text, [&](std::string_view /*sequence*/) { ++columns; });
  return columns;
}

std::string shorten(std::string_view text, int columns, bool unicode) {
  if (columns_of(text) <= columns) return std::string(text);
  const std::string_view ellipsis = unicode ? "…" : ".";
  std::string out;
  int used = 1;
  each_code_point(text, [&](std::string_view sequence) {
    if (used++ < columns) out += sequence;
  });
  return columns < 1 ? "" : out.append(ellipsis);
}

std::string escape_markup(std::string_view text) {
  std::string out;
  each_code_point(text, [&](std::string_view sequence) {
    const bool space = sequence == "\n" || sequence == "\t";
    if (sequence.empty() || (is_control(sequence) && !space)) {
      out += "\uFFFD";
    } else if (sequence == "<") {
      out += "&lt;";
    } else if (sequence == ">") {
      out += "&gt;";
    } else if (sequence == "&") {
      out += "&amp;";
    } else if (sequence == "\"") {
      out += "&quot;";
    } else if (sequence == "'") {
      out += "&#39;";
    } else {
      out += sequence;
    }
  });
  return out;
}

std::string grouped(std::int64_t number) {
  std::string text = fmt::format("{}", number);
  const std::size_t digits_begin = number < 0 ? 1 : 0;
  for (std::size_t i = text.size(); i > digits_begin + 3;) {
    i -= 3;
    text.insert(i, ",");
  }
  return text;
}

std::string counted(std::int64_t number, std::string_view what) {
  return fmt::format("{} {}{}", grouped(number), what, number == 1 ? "" : "s");
}

std::string clock_text(double seconds) {
  if (!(seconds >= 0.0) || seconds > 1e9) return "?";
  const auto whole = std::llround(seconds);
  const auto hours = whole / 3600;
  const auto minutes = whole / 60 % 60;
  if (hours > 0) return fmt::format("{}:{:02}:{:02}", hours, minutes, whole % 60);
  return fmt::format("{}:{:02}", minutes, whole % 60);
}

std::string rate_text(double per_second) {
  if (!std::isfinite(per_second)) return "?";
  double value = per_second;
  constexpr std::array units = {"", "k", "M", "G"};
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1000.0;
    ++unit;
  }
  const bool short_enough = value >= 9.95 || unit == 0;
  return fmt::format("{:.{}f}{}", value, short_enough ? 0 : 1, units.at(unit));
}

std::string number_text(double value, int digits) {
  std::string text = fmt::format("{:.{}g}", value, digits);
  const std::size_t e = text.find('e');
  const bool small = std::abs(value) < 1e-3 && std::abs(value) >= 1e-4;
  if (e == std::string::npos && small) text = fmt::format("{:.{}e}", value, digits - 1);
  if (const std::size_t at = text.find('e'); at != std::string::npos) {
    std::string mantissa = text.substr(0, at);
    if (mantissa.find('.') != std::string::npos) {
      mantissa.erase(mantissa.find_last_not_of('0') + 1);
      if (mantissa.back() == '.') mantissa.pop_back();
    }
    return fmt::format("{}e{}", mantissa, std::stoi(text.substr(at + 1)));
  }
  return text;
}

std::string loss_text(double loss) {
  if (!std::isfinite(loss)) return "diverged";
  return std::abs(loss) < 1000.0 ? fmt::format("{:.4f}", loss) : number_text(loss, 4);
}

std::string percent_text(double share) {
  return fmt::format("{:.2f} %", 100.0 * share);
}

}  // namespace anneal::apps
