#include "apps/compare/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "apps/compare/check_trial.h"
#include "apps/data_source.h"
#include "apps/fail.h"
#include "apps/view/read_file.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t longest_log = 64 << 20;  // bytes: some 500,000 evaluations

/// Other names are not trials: what a file system or somebody else left in the folder.
bool is_key(const std::string& name) {
  constexpr std::size_t digits = 64;
  return name.size() == digits && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

/// What must be the same wherever a trial is computed. As text, where NaN equals NaN: it is the
/// test accuracy of a trial that tunes, which has no test set.
std::string results_of(const RunLog& log) {
  const RunResult& r = *log.result;
  return to_text({.steps = log.steps,
                  .evaluations = log.evaluations,
                  .result = RunResult{.steps = r.steps,
                                      .train_loss = r.train_loss,
                                      .test_loss = r.test_loss,
                                      .test_accuracy = r.test_accuracy,
                                      .diverged = r.diverged,
                                      .stopped = r.stopped}});
}

/// Whether the evaluations are those that were planned, or the first of them if it diverged.
bool as_planned(const RunLog& log, const TrainingPlan& plan) {
  if (log.config.total_steps != plan.total_steps) return false;
  if (log.evaluations.size() > plan.evaluation_steps.size()) return false;
  return std::ranges::equal(log.evaluations,
                            std::span(plan.evaluation_steps).first(log.evaluations.size()), {},
                            &EvaluationRecord::step);
}

}  // namespace

TrialStore::TrialStore(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) fail(Fault::world, folder_.string() + ": cannot be made: " + error.message());
}

fs::path TrialStore::file_of(const std::string& key) const {
  return folder_ / key / "run.jsonl";
}

TrialStore::Kept TrialStore::find(const std::string& key) const {
  const fs::path file = file_of(key);
  std::error_code missing;
  if (!fs::exists(fs::symlink_status(file, missing))) return {};
  try {
    const std::string text = read_file(file, longest_log);
    RunLog log = parse_run(text, file);
    std::string objection = objection_to(log, key);
    if (objection.empty() && !seal_holds(text)) objection = "was changed after it was written";
    if (objection.empty()) return {.log = std::move(log)};
    return {.fault = file.string() + ": " + objection, .finished = log.result.has_value()};
  } catch (const std::runtime_error& error) {
    return {.fault = error.what()};
  }
}

TrialStore::Kept TrialStore::find(const Trial& trial) const {
  Kept kept = find(trial.key);
  if (kept.log && !as_planned(*kept.log, trial.plan))
    return {.fault = file_of(trial.key).string() + ": was evaluated after other updates"};
  return kept;
}

RunLog TrialStore::read(const Trial& trial) const {
  Kept kept = find(trial);
  if (!kept.log)
    fail(Fault::world,
         kept.fault.empty() ? file_of(trial.key).string() + ": is missing" : kept.fault);
  return std::move(*kept.log);
}

TrialStore::Merged TrialStore::merge(const fs::path& other) const {
  std::error_code error;
  std::vector<std::string> keys;
  for (const auto& entry : fs::directory_iterator(other, error))
    if (std::string name = entry.path().filename(); is_key(name)) keys.push_back(std::move(name));
  if (error) fail(Fault::world, other.string() + ": cannot be read: " + error.message());
  std::ranges::sort(keys);

  const TrialStore from(other);
  Merged merged;
  for (const std::string& key : keys) {
    const Kept theirs = from.find(key);
    if (!theirs.log) {
      if (theirs.finished && !theirs.fault.empty()) fail(Fault::world, theirs.fault);
      if (!theirs.finished) merged.unfinished.push_back(theirs.fault);
      continue;
    }
    const Kept ours = find(key);
    if (!ours.log) {
      keep(key, read_file(from.file_of(key), longest_log));
      ++merged.taken;
    } else if (results_of(*ours.log) != results_of(*theirs.log)) {
      fail(Fault::world,
           from.file_of(key).string() + ": has other results than " + file_of(key).string());
    }
  }
  return merged;
}

bool TrialStore::run(const Trial& trial, const datasets::TrainAndTest& data,
                     const std::function<bool()>& stop) const {
  const auto& [options, p, description, key] = trial;
  RunLog log{.config = {.options = description,
                        .dataset = source_of(data),
                        .model = p.model,
                        .parameters = p.parameters,
                        .schedule = p.schedule.text(),
                        .steps_per_epoch = p.steps_per_epoch,
                        .total_steps = p.total_steps}};
  log.result =
      train(options, p, data,
            {.step =
                 [&](const StepRecord& s, std::int64_t /*samples*/) {
                   if (s.step == 0) log.steps.push_back(s);
                 },
             .evaluation = [&](const EvaluationRecord& e) { log.evaluations.push_back(e); },
             .stop = stop});
  if (log.result->stopped == Stopped::interrupted) return false;
  keep(key, sealed(to_text(log)));
  return true;
}

void TrialStore::keep(const std::string& key, const std::string& text) const {
  const fs::path file = file_of(key);
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  if (error) fail(Fault::world, file.string() + ": cannot be written: " + error.message());
  // A pipe or a link to a device would be written into. Where there was nothing, another process
  // may have put the trial by now.
  const fs::file_status there = fs::symlink_status(file, error);
  if (fs::exists(there) && !fs::is_regular_file(there)) fs::remove(file, error);
  write_file(file, text);
}

}  // namespace anneal::apps
