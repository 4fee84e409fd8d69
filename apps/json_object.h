#pragma once
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace anneal::apps {

using Json = nlohmann::ordered_json;

/// The JSON object that a text holds, comments allowed. What the parser alone would let pass is
/// refused: of two equal keys it would keep the last, in silence, and nesting has no bound.
/// `refuse` is told what is wrong and must throw; `byte` counts from 1, and is 0 where the place is
/// not known.
Json parse_object(std::string_view text,
                  const std::function<void(const std::string& what, std::size_t byte)>& refuse);

}  // namespace anneal::apps
