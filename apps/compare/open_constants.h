#pragma once
#include <string>
#include <vector>

namespace anneal::apps {

/// A schedule whose constants are left open, "step:every={30%,50%},gamma={0.1,0.3}", with each of
/// their values, the last constant's running fastest. None for a text that leaves nothing open;
/// other systems' dictionaries are not meant. Throws std::invalid_argument for braces without end,
/// for an empty value, and for more than 64 variants.
std::vector<std::string> variants_of(const std::string& schedule);

}  // namespace anneal::apps
