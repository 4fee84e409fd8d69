#include "apps/view/quote.h"

#include "apps/view/text.h"

namespace anneal::apps {

std::string csv_field(std::string_view text) {
  // By which a formula begins, also behind blanks: OWASP, "CSV Injection".
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  const bool formula = first != std::string_view::npos &&
                       std::string_view("=+-@").find(text[first]) != std::string_view::npos;
  std::string field = formula ? "\"'" : "\"";
  for (const char c : printable(text, true))
    field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return field + "\"";
}

std::string markdown_code(std::string_view text) {
  std::string code = "`";
  for (const char c : printable(text, true)) code += c == '`' ? '\'' : c;
  return code + "`";
}

std::string markdown_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text, true)) {
    if (std::string_view("\\`*_{}[]<>#~&").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

}  // namespace anneal::apps
