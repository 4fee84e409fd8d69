// Compiled for another processor, a program dies of its first newer instruction (SIGILL), which may
// well be in main, or before. So this asks first: compiled for every processor of the architecture,
// and without anything from another header that the linker could take from a file that is not.
#include "apps/processor.h"

#include <unistd.h>

#include "apps/processor_extensions.h"

// NOLINTBEGIN(modernize-avoid-c-arrays): std::array has functions

namespace anneal::apps {

extern const bool needed_extensions[];  // processor_needs.cpp

namespace {

struct Text {
  char* begin;
  std::size_t room;
  std::size_t length = 0;

  void add(const char* more) {
    for (; *more != '\0' && length < room; ++more) begin[length++] = *more;
  }
};

}  // namespace

std::size_t describe_missing(const Extension* extensions, std::size_t count, char* text,
                             std::size_t size) {
  Text message{.begin = text, .room = size};
  for (std::size_t i = 0; i < count; ++i) {
    if (!extensions[i].needed || extensions[i].present) continue;
    message.add(message.length == 0 ? "anneal: this processor does not have " : ", ");
    message.add(extensions[i].name);
  }
  if (message.length != 0)
    message.add(
        ", which the program was compiled to use (ANNEAL_MARCH=" ANNEAL_MARCH
        "). Build it on this machine, or for all of yours: cmake build/release -D "
        "ANNEAL_MARCH=x86-64-v3 (processors since about 2015; x86-64 is any), then build again\n");
  return message.length;
}

namespace {

// 101 is the first that a program may use: nothing of ours has been initialized yet.
[[gnu::constructor(101)]] void check_processor() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  std::size_t at = 0;
#define ANNEAL_ROW(name, macro) {name, needed_extensions[at++], __builtin_cpu_supports(name) != 0},
  const Extension extensions[] = {ANNEAL_EXTENSIONS(ANNEAL_ROW)};
#undef ANNEAL_ROW
  char text[1024];
  const std::size_t length = describe_missing(extensions, at, text, sizeof text);
  if (length == 0) return;
  [[maybe_unused]] const auto written = write(STDERR_FILENO, text, length);
  _exit(2);
#endif
}

}  // namespace

}  // namespace anneal::apps

// NOLINTEND(modernize-avoid-c-arrays)
