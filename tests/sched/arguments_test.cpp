// Every argument of every class of every peer: it changes the schedule, or the refusal names it.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sched/parse.h"
#include "sched/peers/peers.h"

using namespace anneal::sched;

namespace {

/// "a=1, b=[2, 3]" at its commas.
std::vector<std::string> pieces(std::string_view text) {
  std::vector<std::string> all;
  std::string piece;
  int open = 0;
  bool quoted = false;
  for (const char c : text) {
    if (c == '(' || c == '[' || c == '{') ++open;
    if (c == ')' || c == ']' || c == '}') --open;
    if (c == '\'') open += (quoted = !quoted) ? 1 : -1;
    if (c == ',' && open == 0) {
      all.push_back(piece);
      piece.clear();
    } else if (c != ' ' || !piece.empty()) {
      piece += c;
    }
  }
  if (!piece.empty()) all.push_back(piece);
  return all;
}

/// A parameter of a signature: its name, and its default if it has one.
std::vector<std::pair<std::string, std::string>> parameters(const peers::Class& of) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const std::string& piece : pieces(of.signature)) {
    const std::size_t equals = piece.find('=');
    all.emplace_back(piece.substr(0, equals),
                     equals == std::string::npos ? "" : piece.substr(equals + 1));
  }
  return all;
}

/// The arguments of the class's example, by name.
std::map<std::string, std::string> example(const peers::Class& of) {
  std::map<std::string, std::string> all;
  std::vector<std::pair<std::string, std::string>> names = parameters(of);
  std::erase_if(names, [](const auto& p) { return p.first == "optimizer"; });
  for (const std::string& piece : pieces(of.example)) {
    const std::size_t equals = piece.find('=');
    const bool is_keyword =
        equals != std::string::npos && std::ranges::any_of(names, [&](const auto& p) {
          return p.first == piece.substr(0, equals);
        });
    if (is_keyword)
      all[piece.substr(0, equals)] = piece.substr(equals + 1);
    else
      all[names[all.size()].first] = piece;
  }
  return all;
}

std::string call(const peers::Peer& peer, const peers::Class& of,
                 const std::map<std::string, std::string>& arguments) {
  std::string text;
  for (const auto& [name, value] : arguments)
    text += (text.empty() ? "" : ", ") + name + "=" + value;
  return std::string(peer.name) + "." + std::string(of.name) + "(" + text + ")";
}

struct Outcome {
  std::string text;   ///< of the schedule
  std::string error;  ///< or this
};
Outcome outcome_of(const std::string& call, double base) {
  try {
    const auto translation = peers::translate(call, base);
    if (!translation) return {{}, "not a call"};
    const std::string momentum = translation->momentum ? translation->momentum->text() : "";
    return {translation->lr.text() + momentum, {}};
  } catch (const std::invalid_argument& error) {
    return {{}, error.what()};
  }
}

/// Whether the first line of a message has the name as a word.
bool names(const std::string& message, const std::string& name) {
  const std::string line = message.substr(0, message.find('\n'));
  const auto is_part = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  for (std::size_t at = line.find(name); at != std::string::npos; at = line.find(name, at + 1))
    if ((at == 0 || !is_part(line[at - 1])) &&
        (at + name.size() == line.size() || !is_part(line[at + name.size()])))
      return true;
  return false;
}
bool names_an_argument(const std::string& message, const peers::Class& of) {
  return std::ranges::any_of(parameters(of),
                             [&](const auto& p) { return names(message, p.first); });
}

/// What the systems themselves do nothing with, or nothing but printing, unless another argument
/// says so.
bool has_no_effect(std::string_view name) {
  static const std::set<std::string_view> all{"optimizer", "verbose", "name", "initialize"};
  return all.contains(name);
}

}  // namespace

TEST_CASE("a refusal of any number names an argument of the call, with a caret under it") {
  std::size_t refused = 0;
  std::size_t taken = 0;
  for (const peers::Peer& peer : peers::all())
    for (const peers::Class& of : peer.classes)
      for (const auto& [name, initial] : parameters(of)) {
        const auto given = example(of);
        if (has_no_effect(name)) continue;
        for (const char* value :
             {"-1", "0", "0.5", "1", "3", "1e-9", "1e9", "1e300", "-0.25", "float('nan')",
              "float('inf')", "None", "[4, 2]", "[nan, 1]", "'word'", "{5: -1}", "lambda x: x"}) {
          auto arguments = given;
          arguments[name] = value;
          const std::string text = call(peer, of, arguments);
          CAPTURE(text);
          const Outcome outcome = outcome_of(text, 0.5);
          if (outcome.error.empty()) {
            ++taken;
            const Schedule lr = peers::translate(text, 0.5)->lr;
            for (const double step : {0.0, 1.0, 2.0, 7.0, 50.0}) {
              CAPTURE(step);
              CHECK_FALSE(std::isnan(lr({.step = step, .total = 100.0, .steps_per_epoch = 1.0})));
            }
            continue;
          }
          ++refused;
          CAPTURE(outcome.error);
          CHECK(outcome.error.starts_with("bad schedule: "));
          CHECK(outcome.error.ends_with("^"));
          const bool about_the_value = outcome.error.find("finite number") != std::string::npos ||
                                       outcome.error.find("nan") != std::string::npos ||
                                       outcome.error.find("wanted a") != std::string::npos;
          CHECK((about_the_value || names_an_argument(outcome.error, of)));
        }
      }
  CHECK(refused > 1000);
  CHECK(taken > 1000);
}

/// Where an argument that the example has no use for is of use.
std::vector<std::map<std::string, std::string>> contexts(const peers::Peer& peer,
                                                         const peers::Class& of) {
  std::vector<std::map<std::string, std::string>> all{example(of)};
  const auto with = [&](std::map<std::string, std::string> more) {
    more.merge(example(of));
    all.push_back(std::move(more));
  };
  if (peer.name == "timm") {
    with({{"warmup_t", "5"}});
    with({{"mode", "'max'"}});
    for (const char* kind : {"'rsqrt'", "'power'"})
      with({{"stable_fn", kind}, {"warmup_t", "5"}, {"decay_fn", "'power'"}});
    with({{"stable_fn", "'power'"}, {"decay_fn", "'exp'"}, {"stable_timescale", "9"}});
    for (const char* sched : {"'tanh'", "'poly'", "'step'", "'multistep'", "'plateau'"})
      with({{"sched", sched}});
    with({{"step_on_epochs", "False"}, {"updates_per_epoch", "5"}});
  }
  if (peer.name == "fairseq") {
    with({{"warmup_updates", "5"}});
    with({{"force_anneal", "2"}});
    with({{"phase_ratio", "[0.25, 0.25, 0.5]"}, {"max_update", "100"}});
    with({{"lr_period_updates", "-1"}, {"max_update", "100"}});
    all.push_back({{"epoch2lr", "{2: 0.3}"}, {"updates_per_epoch", "4"}});
  }
  if (peer.name == "deepspeed")
    all.push_back({{"type", "'WarmupLR'"}, {"params", "{'warmup_max_lr': 0.1}"}});
  if (peer.name == "megatron")
    with({{"lr_decay_style", "'WSD'"},
          {"wsd_decay_steps", "20"},
          {"lr_wsd_decay_style", "'linear'"}});
  if (peer.name == "mmengine") {
    all.push_back({{"periods", "[50]"}, {"eta_min", "0.1"}});
    all.push_back({{"schedulers", "[dict(type='StepLR', step_size=2, convert_to_iter_based=True)]"},
                   {"epoch_length", "4"}});
  }
  if (peer.name == "ignite") with({{"param_group_index", "0"}});
  if (peer.name == "diffusers") {
    with({{"name", "'cosine_with_restarts'"}});
    with({{"name", "'polynomial'"}});
    all.push_back({{"name", "'piecewise_constant'"}, {"step_rules", "'1:9,0.1'"}});
  }
  if (peer.name == "mxnet") with({{"warmup_steps", "9"}});
  if (peer.name == "paddle") {
    with({{"mode", "'exp_range'"}});
    with({{"scale_fn", "lambda x: 1 / (1 + x)"}});
  }
  if (of.name == "CyclicLR") with({{"mode", "'exp_range'"}, {"gamma", "0.9"}});
  if (of.name == "OneCycleLR")
    all.push_back({{"max_lr", "0.1"}, {"epochs", "4"}, {"steps_per_epoch", "25"}});
  if (peer.name == "transformers") {
    with({{"smooth", "True"}});
    with({{"num_stable_steps", "9"}});
    all.push_back({{"num_warmup_steps", "10"}, {"num_training_steps", "100"}, {"min_lr", "0.1"}});
    all.push_back(
        {{"num_warmup_steps", "10"}, {"num_training_steps", "100"}, {"min_lr_rate", "0.1"}});
    with({{"name", "'cosine_with_min_lr'"}, {"scheduler_specific_kwargs", "{'min_lr_rate': 0.1}"}});
  }
  return all;
}

TEST_CASE("each argument of each class changes the schedule, or is refused by name") {
  // The systems do nothing with these, or count in them what is an update here.
  static const std::set<std::string_view> of_no_effect{
      "noise_type",
      "noise_pct",
      "noise_std",
      "noise_seed",
      "t_in_epochs",
      "timm.create_scheduler_v2.cooldown_epochs",
      "by_epoch",
      "save_history",
      "param_name",
      "param_group_index",
      "output_simulated_values",
      "metric_name",
      "trainer",
      "scale_warmup",
      "composer.ConstantWithWarmupScheduler.t_max",
      "start_wd",
      "end_wd",
      "wd_incr_steps",
      "wd_incr_style",
      "use_checkpoint_opt_param_scheduler",
      "override_opt_param_scheduler",
      "mmengine.ReduceOnPlateauLR.monitor",
      "lightning.LRSchedulerConfig.monitor",
      "strict",
      "tfa.TriangularCyclicalLearningRate.scale_mode",
      "fastai.SchedNo.end",
      "fastai.SchedNo.n_iter",
      "fastai.fit_sgdr.cycle_len",
      "fairseq.reduce_lr_on_plateau.updates_per_epoch",
      "transformers.inverse_sqrt.num_training_steps",
      "torch.CyclicLR.scale_mode"};
  // More than enough for one of them to be of the right kind and not the default.
  static constexpr std::array values{
      "0.05",
      "200",
      "'exp_range'",
      "'rel'",
      "'triangular2'",
      "{'min_lr_rate': 0.3}",
      "0.37",
      "3",
      "17",
      "True",
      "False",
      "'min'",
      "'max'",
      "'linear'",
      "'cosine'",
      "'exp'",
      "'power'",
      "'abs'",
      "'Sum'",
      "'step'",
      "'acc'",
      "'7ba'",
      "'2dur'",
      "['7ba']",
      "'iterations'",
      "'cycle'",
      "'greater'",
      "'constant'",
      "[2, 3]",
      "[8]",
      "[60]",
      "[0.3, 0.6]",
      "[1, 2, 3]",
      "[0.5, 0.25, 0.25]",
      "{7: 0.3}",
      "lambda x: x",
      "[{'init_value': 0.5, 'peak_value': 0.1, 'warmup_steps': 5, 'decay_steps': 40}]"};
  std::string silent;
  for (const peers::Peer& peer : peers::all())
    for (const peers::Class& of : peer.classes)
      for (const auto& [name, initial] : parameters(of)) {
        const std::string id = std::string(peer.name) + "." + std::string(of.name) + "." + name;
        if (has_no_effect(name) || of_no_effect.contains(name) || of_no_effect.contains(id))
          continue;
        bool matters = false;
        for (const auto& given : contexts(peer, of)) {
          const std::string before = outcome_of(call(peer, of, given), 0.5).text;
          for (const char* value : values) {
            auto arguments = given;
            arguments[name] = value;
            const Outcome after = outcome_of(call(peer, of, arguments), 0.5);
            matters = matters || after.error.find(name + " is not translated") != std::string::npos;
            matters = matters || (after.error.empty() && !before.empty() && after.text != before);
          }
          // A list of schedules: another one of them.
          auto arguments = given;
          if (const auto list = arguments.find(name);
              list != arguments.end() && list->second.find("0.1") != std::string::npos) {
            list->second.replace(list->second.find("0.1"), 3, "0.3");
            const Outcome after = outcome_of(call(peer, of, arguments), 0.5);
            matters = matters || (after.error.empty() && after.text != before);
          }
        }
        if (!matters) silent += id + "\n";
      }
  CHECK(silent == "");
}
