#include "sched/fail.h"

#include <stdexcept>

namespace anneal::sched {

void fail(const std::string& message) {
#ifdef __cpp_exceptions
  throw std::invalid_argument(message);
#else
  static_cast<void>(message);
  __builtin_trap();
#endif
}

std::string shown(std::string_view text) {
  constexpr std::size_t most = 120;
  std::string out(text.substr(0, most));
  // A character of several bytes stays whole.
  while (out.size() < text.size() && !out.empty() &&
         (static_cast<unsigned char>(text[out.size()]) & 0xC0U) == 0x80U)
    out.pop_back();
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  return out.size() < text.size() ? out + "..." : out;
}

}  // namespace anneal::sched
