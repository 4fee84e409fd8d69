#pragma once
#include <cstddef>

namespace anneal::apps {

/// An extension of the processor's instruction set.
struct Extension {
  const char* name;
  bool needed;   ///< the program was compiled to use it
  bool present;  ///< this processor has it
};

/// Writes the message about what is needed and not present into `text`, of `size` bytes, as far as
/// there is room, and gives its length: 0 if nothing is missing.
std::size_t describe_missing(const Extension* extensions, std::size_t count, char* text,
                             std::size_t size);

}  // namespace anneal::apps
