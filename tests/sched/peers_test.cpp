// The peers' schedules against values that were computed by the peers' own code.
#include <doctest/doctest.h>
#include <array>

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

TEST_CASE("every schedule of every peer has an example that reads, and says what surprises") {
  for (const peers::Peer& peer : peers::all())
    for (const peers::Class& c : peer.classes) {
      const std::string call =
          std::string(peer.name) + "." + std::string(c.name) + "(" + std::string(c.example) + ")";
      CAPTURE(call);
      const auto translation = peers::translate(call, 1.0);
      REQUIRE(translation);
      CHECK(parse(translation->lr.text()).text() == translation->lr.text());
      CHECK(parse(call).text() == translation->lr.text());
      CHECK(parse("0.5 * " + call + " | constant@10").text().starts_with("0.5 * "));
      CHECK((c.note.empty() || c.note.ends_with('.')));
      translation->lr.stages(1000, 10);
    }
}

TEST_CASE("degenerate arguments that the systems take are taken") {
  // DeepSpeed warms up over two updates at least.
  CHECK(parse("deepspeed.WarmupLR(warmup_num_steps=0)").text() ==
        parse("deepspeed.WarmupLR(warmup_num_steps=2)").text());
  // Transformers asks whether the run is over before it divides by what the warmup has left.
  const Schedule over = parse("transformers.polynomial(4, 1, lr_end=0.01)");
  const std::array rates{0.0, 0.25, 0.5, 0.75, 0.01, 0.01};
  for (std::size_t step = 0; step < rates.size(); ++step)
    CHECK(over(Clock::at(static_cast<Step>(step), 6)) == rates[step]);
  // Julia's words for true and false.
  CHECK(parse("flux.CosAnneal(l0=0.1, l1=0.01, period=40, restart=false)").text() ==
        parse("flux.CosAnneal(l0=0.1, l1=0.01, period=40, restart=False)").text());
}

TEST_CASE("mistakes in a peer's call are named, with a caret under them") {
  const auto error_of = [](const char* text, double base = 1.0) -> std::string {
    try {
      parse(text, base);
    } catch (const std::invalid_argument& error) {
      return error.what();
    }
    return "none";
  };
  CHECK(error_of("torch.StepLR(step_sise=3)") ==
        "bad schedule: StepLR has no argument 'step_sise'; did you mean 'step_size'?\n"
        "  torch.StepLR(step_sise=3)\n"
        "               ^");
  CHECK(error_of("torch.StepLR()").starts_with("bad schedule: StepLR needs step_size"));
  CHECK(error_of("torch.StepLR(3.5)")
            .starts_with("bad schedule: step_size must be a whole number, at least 1\n"));
  CHECK(error_of("torch.StepLR(3, 0.1, -1, False, 5)")
            .starts_with("bad schedule: StepLR takes no more than 4 arguments"));
  CHECK(error_of("torch.StepLR(3, step_size=3)")
            .starts_with("bad schedule: 'step_size' is given twice"));
  CHECK(error_of("torch.StepLR(step_size=[3])")
            .starts_with("bad schedule: step_size must be a number"));
  CHECK(error_of("torch.Steplr(3)").find("did you mean 'StepLR'?") != std::string::npos);
  CHECK(error_of("torhc.StepLR(3)").find("did you mean torch.StepLR(...)?") != std::string::npos);
  CHECK(error_of("torch.StepLR(3").starts_with("bad schedule: expected ')'"));
  CHECK(error_of("torch.LambdaLR(lambda step: foo(step))")
            .starts_with("bad schedule: no function is called 'foo'\n"));
  CHECK(error_of("torch.CyclicLR(0.1, 0.2, mode='square')")
            .starts_with(
                "bad schedule: mode must be one of 'triangular', 'triangular2', 'exp_range'"));
  CHECK(error_of("torch.SequentialLR([torch.ReduceLROnPlateau(), torch.StepLR(3)], [5])")
            .starts_with("bad schedule: schedulers cannot hold ReduceLROnPlateau"));
  CHECK(error_of("optax.contrib.reduce_on_plateau(patience=0)").find("cut the rate at every") !=
        std::string::npos);
  CHECK(error_of("keras.CosineDecay(0.1, 100)", 0.0).find("that must be above 0") !=
        std::string::npos);
  CHECK(error_of("torch.LinearLR(total_iters=1/0)").starts_with("bad schedule: division by zero"));
  // What the systems refuse themselves, and what is not theirs.
  const auto refused = [&](const char* call, const char* why) {
    const std::string error = error_of(call);
    CAPTURE(call);
    CAPTURE(error);
    CHECK(error.find(why) != std::string::npos);
    CHECK(error.find("\n  " + std::string(call) + "\n") != std::string::npos);
    CHECK(error.ends_with("^"));
  };
  refused("deepspeed.WarmupLR(warmup_num_steps=-1)", "warmup_num_steps must be a whole number");
  refused("transformers.polynomial(5, 5)", "must not be as many as the warmup's");
  refused("deepspeed.WarmupLR(warmup_type='cosine')", "warmup_type must be one of 'log', 'linear'");
  refused("deepspeed.OneCycle(0.1, 0.2, cycle_first_step_size=0)", "cycle_first_step_size must be");
  refused("deepspeed.scheduler({'type': 'StepLR', 'params': {}})", "type must be one of");
  refused("deepspeed.scheduler({'kind': 'WarmupLR'})", "and no other");
  refused("megatron.OptimizerParamScheduler(0.0, 0.1, 0.2, 0, 9, 'linear')",
          "min_lr must not be above max_lr");
  refused("megatron.OptimizerParamScheduler(0.0, 0.1, 0.0, 9, 9, 'linear')",
          "lr_warmup_steps must be less than lr_decay_steps");
  refused("megatron.OptimizerParamScheduler(0.0, 0.1, 0.0, 0, 9, 'WSD')",
          "wsd_decay_steps must be given");
  refused("megatron.OptimizerParamScheduler(0.0, 0.1, 0.0, 0, 9, 'linear', 0.1, 0.2)",
          "weight decay");
  refused("composer.CosineAnnealingScheduler(t_max='10tok')", "'tok' is not translated");
  refused("composer.CosineAnnealingScheduler(t_max=10)", "t_max must be a time such as '0.1dur'");
  refused("composer.LinearScheduler(t_max='0ba')", "Composer divides by it");
  refused("composer.StepScheduler('1.5ep')", "step_size must be a whole number of epochs");
  refused("composer.CosineAnnealingWithWarmupScheduler('5ba', t_max='0.9dur')",
          "t_max must not end before the run does");
  refused("paddle.LinearWarmup(0.1, 0, 0.0, 0.1)", "warmup_steps must be a whole number");
  refused("paddle.LinearWarmup(0.1, 5, 0.1, 0.1)", "end_lr must be above start_lr");
  refused("paddle.LinearWarmup(paddle.ReduceOnPlateau(0.1), 5, 0.0, 0.1)", "without a loss");
  refused("paddle.StepDecay(0.1, 5, gamma=1.0)", "gamma must be below 1");
  refused("paddle.MultiStepDecay(0.1, [5, 5])", "milestones must be increasing");
  refused("paddle.OneCycleLR(0.1, 10, phase_pct=0.5, three_phase=True)", "must be below 0.5");
  refused("mmengine.LinearLR(start_factor=1.5)", "start_factor must be in [0, 1]");
  refused("mmengine.LinearLR(begin=5, end=5)", "end must be above begin");
  refused("mmengine.CosineAnnealingLR(10, 0.1, eta_min_ratio=0.1)", "cannot both be given");
  refused(
      "mmengine.param_scheduler([dict(type='LinearLR', end=5), "
      "dict(type='CosineAnnealingLR', T_max=9, eta_min=0.1)])",
      "no product");
  refused("ignite.LinearCyclicalScheduler('lr', 0.0, 0.1, 1)", "cycle_size must be a whole number");
  refused("ignite.LinearCyclicalScheduler('momentum', 0.0, 0.1, 9)", "param_name must be 'lr'");
  refused("ignite.LRScheduler(torch.LinearLR())", "cannot be LinearLR");
  refused("ignite.ConcatScheduler([ignite.PiecewiseLinear('lr', [(0, 1)])], [])",
          "schedulers must be two or more");
  refused("diffusers.get_scheduler('linear', num_warmup_steps=3)",
          "num_training_steps must be given for 'linear'");
  refused("diffusers.get_piecewise_constant_schedule('1:x,2')", "where a number >= 0 should be");
  refused("tfa.TriangularCyclicalLearningRate(0.1, 0.2, 0)", "step_size must be above 0");
  refused("mxnet.CosineScheduler(9, warmup_begin_lr=0.1)", "must not be above base_lr");
  refused("mxnet.FactorScheduler(5, factor=1.1)", "factor must be at most 1");
  refused("mxnet.MultiFactorScheduler([5, 5])", "step must be increasing");
  refused("flux.Sequence([0.1, 0.2], [5])", "step_sizes must be as many as the schedules");
  // Written as people have it in their files.
  CHECK(parse("torch.optim.lr_scheduler.StepLR(optimizer, step_size=30)").text() ==
        parse("torch.StepLR(30)").text());
  CHECK(parse("tf.keras.optimizers.schedules.CosineDecay(1.0, 100)").text() ==
        parse("keras.CosineDecay(1.0, 100)").text());
  CHECK(parse("transformers.get_linear_schedule_with_warmup(optimizer, 10, 100)").text() ==
        parse("transformers.linear(10, 100)").text());
  CHECK(parse("torch.LinearLR(start_factor=1/4, total_iters=2**3)").text() ==
        "over(8, linear:from=0.25,to=1)");
}
