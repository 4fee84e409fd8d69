#include "apps/run_log_codec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include "apps/fail.h"

namespace anneal::apps::codec {
namespace {

constexpr std::uint64_t max_int64 = std::numeric_limits<std::int64_t>::max();

std::string dump(const Json& object) {
  return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// The fields of each record, declared once for writing and reading. `type` stands for a record's
// type; visit(name, member) is called in the order of the line.
template <class Visit>
void visit_fields(std::type_identity<RunConfig> /*type*/, Visit visit) {
  visit("program", &RunConfig::program);
  visit("command", &RunConfig::command);
  visit("started", &RunConfig::started);
  visit("options", &RunConfig::options);
  visit("dataset", &RunConfig::dataset);
  visit("model", &RunConfig::model);
  visit("parameters", &RunConfig::parameters);
  visit("schedule", &RunConfig::schedule);
  visit("stages", &RunConfig::stages);
  visit("steps_per_epoch", &RunConfig::steps_per_epoch);
  visit("total_steps", &RunConfig::total_steps);
}

template <class Visit>
void visit_fields(std::type_identity<Stage> /*type*/, Visit visit) {
  visit("text", &Stage::text);
  visit("begin", &Stage::begin);
  visit("end", &Stage::end);
}

template <class Visit>
void visit_fields(std::type_identity<StepRecord> /*type*/, Visit visit) {
  visit("step", &StepRecord::step);
  visit("lr", &StepRecord::lr);
  visit("loss", &StepRecord::loss);
}

template <class Visit>
void visit_fields(std::type_identity<EvaluationRecord> /*type*/, Visit visit) {
  visit("step", &EvaluationRecord::step);
  visit("train_loss", &EvaluationRecord::train_loss);
  visit("validation_loss", &EvaluationRecord::validation_loss);
  visit("validation_accuracy", &EvaluationRecord::validation_accuracy);
}

template <class Visit>
void visit_fields(std::type_identity<RunResult> /*type*/, Visit visit) {
  visit("dataset", &RunResult::dataset);
  visit("schedule", &RunResult::schedule);
  visit("optimizer", &RunResult::optimizer);
  visit("seed", &RunResult::seed);
  visit("threads", &RunResult::threads);
  visit("steps", &RunResult::steps);
  visit("samples_per_s", &RunResult::samples_per_s);
  visit("train_loss", &RunResult::train_loss);
  visit("test_loss", &RunResult::test_loss);
  visit("test_accuracy", &RunResult::test_accuracy);
  visit("peak_rss_mb", &RunResult::peak_rss_mb);
  visit("diverged", &RunResult::diverged);
  visit("stopped", &RunResult::stopped);
  visit("seconds", &RunResult::seconds);
  visit("training_seconds", &RunResult::training_seconds);
}

// ---- values to JSON

template <class Plain>
Json to_json(const Plain& value) {
  return value;
}

Json to_json(double value) {
  if (std::isfinite(value)) return value;
  if (std::isnan(value)) return "nan";
  return value > 0.0 ? "inf" : "-inf";
}

Json to_json(Stopped stopped) {
  return stopped_words.at(static_cast<std::size_t>(stopped));
}

Json to_json(const Fields& fields) {
  Json object = Json::object();
  for (const auto& [name, value] : fields) {
    const Json one = std::visit([](const auto& plain) { return to_json(plain); }, value);
    const auto found = object.find(name);
    if (found == object.end())
      object[name] = one;
    else if (found->is_array())
      found->push_back(one);
    else
      *found = Json::array({*found, one});
  }
  return object;
}

Json to_json(const std::vector<Stage>& stages);  // records within a record

template <class Record>
void encode_fields(const Record& record, Json& object) {
  visit_fields(std::type_identity<Record>{},
               [&](const char* name, auto member) { object[name] = to_json(record.*member); });
}

Json to_json(const std::vector<Stage>& stages) {
  Json array = Json::array();
  for (const Stage& stage : stages) encode_fields(stage, array.emplace_back());
  return array;
}

// ---- JSON to values

void from_json(const Json& json, const std::string& name, std::string& value, const Place& place) {
  if (!json.is_string()) place.wanted(name, "a string", json);
  value = json.get<std::string>();
}

void from_json(const Json& json, const std::string& name, bool& value, const Place& place) {
  if (!json.is_boolean()) place.wanted(name, "true or false", json);
  value = json.get<bool>();
}

void from_json(const Json& json, const std::string& name, std::uint64_t& value,
               const Place& place) {
  if (!json.is_number_unsigned()) place.wanted(name, "a whole number from 0", json);
  value = json.get<std::uint64_t>();
}

void from_json(const Json& json, const std::string& name, std::int64_t& value, const Place& place) {
  std::uint64_t whole = 0;
  from_json(json, name, whole, place);
  if (whole > max_int64) place.wanted(name, "a whole number below 2^63", json);
  value = static_cast<std::int64_t>(whole);
}

void from_json(const Json& json, const std::string& name, double& value, const Place& place) {
  if (json.is_number()) {
    value = json.get<double>();
  } else if (json == "nan") {
    value = std::numeric_limits<double>::quiet_NaN();
  } else if (json == "inf" || json == "-inf") {
    value = json == "inf" ? HUGE_VAL : -HUGE_VAL;
  } else {
    place.wanted(name, R"(a number, "nan", "inf" or "-inf")", json);
  }
}

void from_json(const Json& json, const std::string& name, Stopped& value, const Place& place) {
  const auto* const found =
      std::ranges::find_if(stopped_words, [&](std::string_view known) { return json == known; });
  if (found == stopped_words.end()) {
    place.wanted(name, fmt::format("one of {}", fmt::join(stopped_words, ", ")), json);
  }
  value = static_cast<Stopped>(found - stopped_words.begin());
}

void from_json(const Json& json, const std::string& name, Fields& fields, const Place& place) {
  if (!json.is_object()) place.wanted(name, "an object", json);
  const auto add = [&](const std::string& key, const Json& item) {
    if (item.is_boolean()) {
      fields.emplace_back(key, item.get<bool>());
    } else if (item.is_string()) {
      fields.emplace_back(key, item.get<std::string>());
    } else if (item.is_number_float()) {
      fields.emplace_back(key, item.get<double>());
    } else if (item.is_number_unsigned() && item.get<std::uint64_t>() > max_int64) {
      fields.emplace_back(key, item.get<std::uint64_t>());
    } else if (item.is_number_integer()) {
      fields.emplace_back(key, item.get<std::int64_t>());
    } else {
      place.wanted(fmt::format("{}.{}", name, key), "a number, a string, true or false", item);
    }
  };
  for (const auto& [key, item] : json.items()) {
    if (item.is_array())
      for (const Json& one : item) add(key, one);
    else
      add(key, item);
  }
}

void from_json(const Json& json, const std::string& name, std::vector<Stage>& stages,
               const Place& place);

template <class Record>
Record decode_fields(const Json& object, const Place& place) {
  Record record;
  visit_fields(std::type_identity<Record>{}, [&](const char* name, auto member) {
    const auto found = object.find(name);
    // Results did not always have it, and stored trials live long.
    if (found == object.end() && name == std::string_view("training_seconds")) return;
    if (found == object.end()) place.fail(fmt::format("'{}' is missing", name));
    from_json(*found, name, record.*member, place);
  });
  return record;
}

void from_json(const Json& json, const std::string& name, std::vector<Stage>& stages,
               const Place& place) {
  if (!json.is_array()) place.wanted(name, "an array", json);
  for (const Json& item : json) {
    if (!item.is_object()) place.wanted(name, "an array of objects", json);
    const auto stage = decode_fields<Stage>(item, place);
    if (stage.end < stage.begin) {
      place.fail(fmt::format("stage '{}' begins at {} and ends at {}, before it", stage.text,
                             stage.begin, stage.end));
    }
    stages.push_back(stage);
  }
}

}  // namespace

void Place::fail(const std::string& message) const {
  apps::fail(Fault::world, fmt::format("{}:{}: {}", file.string(), line, message));
}

void Place::wanted(std::string_view field, std::string_view kind, const Json& got) const {
  fail(fmt::format("'{}' is {}, where {} is wanted", field, dump(got), kind));
}

template <class Record>
std::string encode(std::string_view type, const Record& record) {
  Json object = Json::object();
  if (!type.empty()) object["type"] = type;
  if constexpr (std::is_same_v<Record, RunConfig>) object["version"] = format_version;
  encode_fields(record, object);
  return dump(object);
}

template <class Record>
Record decode(const Json& object, const Place& place) {
  return decode_fields<Record>(object, place);
}

template std::string encode(std::string_view type, const RunConfig& record);
template std::string encode(std::string_view type, const StepRecord& record);
template std::string encode(std::string_view type, const EvaluationRecord& record);
template std::string encode(std::string_view type, const RunResult& record);
template RunConfig decode(const Json& object, const Place& place);
template StepRecord decode(const Json& object, const Place& place);
template EvaluationRecord decode(const Json& object, const Place& place);
template RunResult decode(const Json& object, const Place& place);

Json parse(std::string_view line, const Place& place) {
  return parse_object(line, [&](const std::string& what, std::size_t byte) {
    place.fail(byte == 0 ? what : fmt::format("{}, at byte {} of the line", what, byte));
  });
}

}  // namespace anneal::apps::codec
