#include "apps/compare/open_constants.h"

#include <algorithm>

#include "apps/fail.h"

namespace anneal::apps {
namespace {

constexpr std::size_t most = 64;

/// Where the first "={...}" is, whose inside is a list and no dictionary.
std::size_t first_open(const std::string& text) {
  for (std::size_t at = text.find("={"); at != std::string::npos; at = text.find("={", at + 1)) {
    const std::size_t end = text.find('}', at);
    if (end == std::string::npos)
      fail(Fault::argument, "--schedule '" + text + "': '{' has no '}'");
    if (text.substr(at, end - at).find_first_of(":'\"") == std::string::npos) return at;
  }
  return std::string::npos;
}

/// The values between braces, split at commas that are not within parentheses.
std::vector<std::string> values_in(const std::string& list) {
  std::vector<std::string> values(1);
  int depth = 0;
  for (const char c : list) {
    if (c == '(') ++depth;
    if (c == ')') --depth;
    if (c == ',' && depth == 0)
      values.emplace_back();
    else
      values.back() += c;
  }
  return values;
}

void add_variants(const std::string& text, std::vector<std::string>& variants) {
  const std::size_t at = first_open(text);
  if (at == std::string::npos) {
    if (variants.size() == most)
      fail(Fault::argument, "--schedule '" + text + "': more than " + std::to_string(most) +
                                " variants of one schedule");
    variants.push_back(text);
    return;
  }
  const std::size_t end = text.find('}', at);
  const std::vector<std::string> values = values_in(text.substr(at + 2, end - at - 2));
  for (const std::string& value : values) {
    if (value.find_first_not_of(" \t") == std::string::npos)
      fail(Fault::argument, "--schedule '" + text + "': an empty value between '{' and '}'");
    if (std::ranges::count(values, value) > 1)
      fail(Fault::argument, "--schedule '" + text + "': '" + value + "' is given twice");
    add_variants(text.substr(0, at + 1) + value + text.substr(end + 1), variants);
  }
}

}  // namespace

std::vector<std::string> variants_of(const std::string& schedule) {
  if (first_open(schedule) == std::string::npos) return {};
  std::vector<std::string> variants;
  add_variants(schedule, variants);
  return variants;
}

}  // namespace anneal::apps
