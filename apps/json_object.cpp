#include "apps/json_object.h"

#include <algorithm>
#include <vector>

namespace anneal::apps {

Json parse_object(std::string_view text,
                  const std::function<void(const std::string& what, std::size_t byte)>& refuse) {
  constexpr std::size_t max_depth = 8;
  std::vector<std::vector<std::string>> keys;  // of each object or array now open
  const auto check = [&](int /*depth*/, Json::parse_event_t event, const Json& parsed) {
    using Event = Json::parse_event_t;
    if (event == Event::object_start || event == Event::array_start) {
      keys.emplace_back();
      if (keys.size() > max_depth)
        refuse("nested deeper than " + std::to_string(max_depth) + " levels", 0);
    } else if (event == Event::object_end || event == Event::array_end) {
      keys.pop_back();
    } else if (event == Event::key) {
      auto name = parsed.get<std::string>();
      if (std::ranges::find(keys.back(), name) != keys.back().end())
        refuse("'" + name + "' is given twice", 0);
      keys.back().push_back(std::move(name));
    }
    return true;
  };
  Json object;
  try {
    object = Json::parse(text, check, true, true);
  } catch (const Json::parse_error& error) {
    refuse("not JSON", error.byte);
  } catch (const Json::out_of_range&) {
    refuse("holds a number too large for a double", 0);
  }
  if (!object.is_object()) refuse("not a JSON object", 0);
  return object;
}

}  // namespace anneal::apps
