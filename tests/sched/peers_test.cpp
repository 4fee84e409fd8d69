// The peers' schedules against values that were computed by the peers' own code.
#include <doctest/doctest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "sched/parse.h"
#include "sched/peers/peers.h"

using namespace anneal::sched;
using nlohmann::json;

namespace {

json read_json(const std::string& name) {
  std::ifstream file(ANNEAL_TESTS_DIR "/golden/" + name);
  REQUIRE(file);
  return json::parse(file);
}

std::string call_text(const json& schedule, const json& params);

/// A JSON value as Python writes it. Functions are given as their text; a schedule within a
/// schedule as {"schedule": name, "params": {...}} or {name: {...}}.
std::string python_text(const std::string& name, const json& v) {
  if (v.is_null()) return "None";
  if (v.is_boolean()) return v.get<bool>() ? "True" : "False";
  if (v.is_string())
    return name == "lr_lambda" ? "lambda epoch: " + v.get<std::string>()
                               : "'" + v.get<std::string>() + "'";
  if (v.is_number()) return v.dump();
  std::string text;
  const auto add = [&](const std::string& item) { text += (text.empty() ? "" : ", ") + item; };
  if (v.is_array()) {
    for (const json& item : v) {
      if (item.is_object() && item.contains("schedule"))
        add(call_text(item["schedule"], item["params"]));
      else if (item.is_object() && name == "schedulers")
        add(call_text(item.begin().key(), item.begin().value()));
      else
        add(python_text(name, item));
    }
    return "[" + text + "]";
  }
  for (const auto& [key, item] : v.items())  // a key of digits is a place
    add((std::isdigit(key[0]) != 0 ? key : "'" + key + "'") + ": " + python_text(key, item));
  return "{" + text + "}";
}

std::string call_text(const json& schedule, const json& params) {
  std::string text;
  for (const auto& [key, v] : params.items())
    text += (text.empty() ? "" : ", ") + key + "=" + python_text(key, v);
  return schedule.get<std::string>() + "(" + text + ")";
}

/// One parameter group of one case.
struct Case {
  std::string id;
  std::string spec = {};
  double base = 1.0;
  std::vector<double> lr = {};
  std::vector<double> momentum = {};
  std::vector<Observation> log = {};
  Step steps_per_epoch = 1;
};

std::vector<Observation> log_of(const json& c, Step every = 1, Step first = 1) {
  std::vector<Observation> log = {};
  if (!c.contains("metrics")) return log;
  for (const json& metric : c["metrics"])
    log.push_back({first + static_cast<Step>(log.size()) * every, metric.get<double>()});
  return log;
}

/// The peers' own defects and limits, by case, and how far they go.
bool is_excepted(const std::string& id, std::size_t i, std::size_t entries) {
  // One step after the last is extrapolated by PyTorch, even below 0 (pytorch/pytorch issue 91765).
  static const std::set<std::string> extrapolated{"torch/OneCycleLR/p01", "torch/OneCycleLR/p02",
                                                  "torch/OneCycleLR/p03"};
  return extrapolated.contains(id) && i + 1 == entries;
}

void check(const Case& c) {
  CAPTURE(c.id);
  CAPTURE(c.spec);
  const auto translation = peers::translate(c.spec, c.base);
  REQUIRE(translation);
  const Schedule written = parse(translation->lr.text());  // ours, as one can write it
  CHECK(written.text() == translation->lr.text());
  const double peak = *std::ranges::max_element(c.lr);
  const auto total = static_cast<Step>(c.lr.size());
  for (std::size_t i = 0; i < c.lr.size(); ++i) {
    if (is_excepted(c.id, i, c.lr.size())) continue;
    CAPTURE(i);
    const Clock now = Clock::at(static_cast<Step>(i), total, c.steps_per_epoch, c.log);
    const double lr = c.base * translation->lr(now);
    const double wanted = c.lr[i];
    CAPTURE(lr);
    CAPTURE(wanted);
    // Near zero, of the peak. The recursive forms of PyTorch drift by up to 1e-13 of the peak.
    const bool near =
        std::abs(lr - wanted) <= 1e-12 * std::abs(wanted) || std::abs(lr - wanted) <= 1e-12 * peak;
    CHECK(near);
    CHECK(written(now) == translation->lr(now));
    if (i < c.momentum.size()) {
      REQUIRE(translation->momentum);
      CHECK(std::abs((*translation->momentum)(now)-c.momentum[i]) <= 1e-12 * c.momentum[i]);
    }
  }
  CHECK((c.momentum.empty() || translation->momentum));
}

/// The cases of one file of golden/peers, one for each parameter group.
std::vector<Case> cases_of(const std::string& peer) {
  std::vector<Case> out;
  for (const json& c : read_json("peers/" + peer + ".json")) {
    std::string schedule = c["schedule"];
    json params = c["params"];
    const bool groups = c["base_lr"].is_array();
    for (std::size_t g = 0; g < (groups ? c["base_lr"].size() : 1); ++g) {
      Case one{.id = c["id"]};
      json own = params;
      if (groups) {
        one.base = c["base_lr"][g];
        one.lr = c["lr"][g].get<std::vector<double>>();
        for (auto& [key, v] : own.items())  // per-group values
          if (v.is_array() && (key == "lr_lambda" || key == "base_lr" || key == "max_lr"))
            v = json(v[g]);
      } else {
        if (c["base_lr"].is_number()) one.base = c["base_lr"];
        if (one.base == 0.0) one.base = 1.0;  // the peer's rates are absolute
        one.lr = c["lr"].get<std::vector<double>>();
      }
      if (c.contains("momentum") && !c["momentum"].is_null()) {
        const json& m = groups && c["momentum"][0].is_array() ? c["momentum"][g] : c["momentum"];
        if (m.is_array() && !m.empty() && m[0].is_number())
          one.momentum = m.get<std::vector<double>>();
      }
      one.log = log_of(c);
      if (peer == "fairseq" && own.contains("updates_per_epoch")) {
        const Step every = own["updates_per_epoch"];
        one.log = log_of(c, every, every);
      }
      if (schedule == "contrib.reduce_on_plateau") one.log = log_of(c, 1, 0);
      out.push_back(one);
      // How the peer's own names and conventions become one call.
      Case& last = out.back();
      if (schedule == "CosineAnnealingWarmRestarts.step(epoch)") {
        const double every = own["steps_per_epoch"];
        own.erase("steps_per_epoch");
        own["T_0"] = own["T_0"].get<double>() * every;
        last.spec = peer + "." + call_text("CosineAnnealingWarmRestarts", own);
        continue;
      }
      if (peer == "transformers") {
        json kwargs = own["scheduler_specific_kwargs"];
        own["name"] = schedule;
        last.spec = "transformers." + call_text("get_scheduler", own);
        continue;
      }
      if (schedule == "SGD.constant" || schedule == "SGD.invscaling" || schedule == "SGD.optimal" ||
          schedule == "SGD.adaptive")
        own.erase("learning_rate");
      if (schedule == "SGD.adaptive_fit") {
        schedule = "SGD.adaptive";
        own.erase("y");
      }
      if (peer == "sklearn" && schedule.starts_with("MLP")) {
        own.erase("lr_schedule");
        if (schedule == "MLP.constant") own.erase("n_samples");
      }
      last.spec = peer + "." + call_text(schedule, own);
      if (schedule.starts_with("SGD.adaptive")) schedule = c["schedule"];
    }
  }
  return out;
}

}  // namespace

TEST_CASE("the curves of five systems, in one convention, to 1e-12") {
  std::size_t cases = 0;
  for (const char* peer : {"torch", "keras", "optax", "timm", "transformers"}) {
    const json golden = read_json(std::string("schedules_") + peer + ".json");
    for (const json& c : golden["cases"]) {
      Case one{.id = c["id"], .base = c["base_lr"], .lr = c["lr"].get<std::vector<double>>()};
      one.spec = std::string(peer) + "." + call_text(c["schedule"], c["params"]);
      if (c.contains("momentum") && c["momentum"].is_array())
        one.momentum = c["momentum"].get<std::vector<double>>();
      one.log = log_of(c);
      check(one);
      ++cases;
    }
  }
  CHECK(cases == 78);
}

TEST_CASE("316 cases of thirteen systems, to 1e-12") {
  std::set<std::string> ids;
  for (const char* peer : {"torch", "keras", "optax", "timm", "transformers", "mlx", "fairseq",
                           "fastai", "burn", "sklearn", "dlib", "epfl_wsd", "rex_lr"})
    for (const Case& c : cases_of(peer)) {
      check(c);
      ids.insert(c.id);
    }
  CHECK(ids.size() == 316);
}

TEST_CASE("calls as a user writes them, of the systems whose golden values say so, to 1e-12") {
  std::size_t systems = 0;
  for (const auto& file : std::filesystem::directory_iterator(ANNEAL_TESTS_DIR "/golden/peers")) {
    const json cases = read_json("peers/" + file.path().filename().string());
    if (!cases[0].contains("call")) continue;
    ++systems;
    for (const json& c : cases) {
      Case one{.id = c["id"],
               .spec = c["call"],
               .base = c["base_lr"],
               .lr = c["lr"].get<std::vector<double>>(),
               .log = log_of(c),
               .steps_per_epoch = c.value("steps_per_epoch", 1)};
      if (c.contains("momentum")) one.momentum = c["momentum"].get<std::vector<double>>();
      check(one);
    }
  }
  CHECK(systems == 14);
}
