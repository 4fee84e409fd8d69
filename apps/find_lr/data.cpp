// A range test as CSV and as JSON.
#include <fmt/format.h>

#include <iterator>
#include <nlohmann/json.hpp>

#include "apps/find_lr/report.h"

namespace anneal::apps {
namespace {

const char* word_of(RangeEnd end) {
  switch (end) {
    case RangeEnd::finished: return "finished";
    case RangeEnd::beyond: return "beyond";
    case RangeEnd::not_finite: return "not finite";
    case RangeEnd::interrupted: break;
  }
  return "interrupted";
}

}  // namespace

std::string range_csv(const RangeTest& test) {
  std::string out = "update,lr,mean smoothed loss,lowest,highest";
  for (const SeedCurve& s : test.seeds)
    out += fmt::format(",loss of seed {0},smoothed loss of seed {0}", s.seed);
  const auto cell = [&](const std::vector<double>& values, std::size_t i) {
    out += ',';
    if (i < values.size()) fmt::format_to(std::back_inserter(out), "{}", values[i]);
  };
  for (std::size_t i = 0; i < test.rates.size(); ++i) {
    fmt::format_to(std::back_inserter(out), "\n{},{}", i, test.rates[i]);
    cell(test.mean, i);
    cell(test.lowest, i);
    cell(test.highest, i);
    for (const SeedCurve& s : test.seeds) {
      cell(s.losses, i);
      cell(s.smoothed, i);
    }
  }
  return out + '\n';
}

std::string range_json(const RangeTestOptions& o, const RangeFacts& facts, const RangeTest& test) {
  nlohmann::ordered_json json{
      {"command", facts.command}, {"data", facts.data}, {"conditions", facts.conditions},
      {"from", o.from},           {"to", o.to},         {"updates", o.updates}};
  auto& suggested = json["suggestions"] = nlohmann::ordered_json::array();
  for (std::size_t r = 0; r < rule_count; ++r) {
    std::vector<double> of_seeds;
    for (const auto& all : test.of_seeds) of_seeds.push_back(all[r].rate);
    suggested.push_back({{"rule", rules[r].name},
                         {"lr", test.suggested[r].rate},
                         {"update", test.suggested[r].at},
                         {"lr_of_seeds", of_seeds},
                         {"offered", is_offered(test, r)},
                         {"source", rules[r].source}});
  }
  json["advice"] = advice(test);
  const auto one = suggested_rate(test);
  json["suggested_lr"] = one ? nlohmann::ordered_json(one->rate) : nlohmann::ordered_json();
  json["train_command"] = training_command(facts, test);
  json["next_command"] = tuning_command(facts, test);
  json["lr"] = test.rates;
  json["mean"] = test.mean;
  json["lowest"] = test.lowest;
  json["highest"] = test.highest;
  auto& seeds = json["seeds"] = nlohmann::ordered_json::array();
  for (const SeedCurve& s : test.seeds)
    seeds.push_back(
        {{"seed", s.seed}, {"end", word_of(s.end)}, {"loss", s.losses}, {"smoothed", s.smoothed}});
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace anneal::apps
