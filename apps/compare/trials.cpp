#include "apps/compare/trials.h"

#include <fmt/format.h>
#include <omp.h>
#include <unistd.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "apps/fail.h"
#include "datasets/sha256.h"
#include "nn/autograd/gemm.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

/// To be raised when the same options come to compute other bits.
constexpr int arithmetic_version = 3;

std::string text_of(const Value& value) {
  return std::visit([](const auto& v) { return fmt::format("{}", v); }, value);
}

std::string hash_of(const std::string& text) {
  datasets::Sha256 hash;
  hash.add({reinterpret_cast<const std::uint8_t*>(text.data()),  // NOLINT: bytes are bytes
            text.size()});
  return hash.hex();
}

Fields description_of(const TrainingOptions& o, const TrainingPlan& p,
                      const datasets::TrainAndTest& data, const std::string& digest) {
  Fields fields{
      {"dataset", data.train.name},
      {"data", digest},
      {"training", p.training_examples},
      {"validation", p.validation_examples},
      {"test", data.test.size()},
      {"hidden", fmt::format("{}", fmt::join(o.network.hidden, ","))},
      {"activation", o.network.activation},
      {"norm", o.network.norm},
      {"dropout", o.network.dropout},
      {"optimizer", o.optimizer.name},
      {"lr", base_lr_of(o.optimizer)},
      {"weight-decay", o.optimizer.weight_decay},
      {"nesterov", o.optimizer.nesterov},
      {"amsgrad", o.optimizer.amsgrad},
      {"schedule", p.schedule.text()},
      {"epochs", std::int64_t{o.epochs}},
      {"batch-size", std::int64_t{o.batch_size}},
      {"drop-last", o.drop_last},
      {"label-smoothing", o.label_smoothing},
      {"clip-norm", o.clip_norm},
      {"clip-value", o.clip_value},
      {"seed", o.seed},
      {"evaluations", std::ssize(p.evaluation_steps)},
  };
  const auto constant = [&](const char* name, const std::optional<double>& value) {
    if (value) fields.emplace_back(name, *value);
  };
  constant("momentum", momentum_of(o.optimizer));
  constant("beta1", beta1_of(o.optimizer));
  constant("beta2", beta2_of(o.optimizer));
  constant("epsilon", o.optimizer.epsilon);
  for (const LrGroup& g : p.lr_groups)
    fields.emplace_back("lr-group", g.pattern + ": " + g.schedule.text());
  for (const Followed& f : p.followed)
    fields.emplace_back(name_of(f.what) + "-schedule",
                        fmt::format("{} * ({})", f.base, f.schedule.text()));
  if (!o.follow.batch_size.empty())
    fields.emplace_back("batch-sizes", fmt::format("{}", fmt::join(p.batch_sizes, ",")));
  return fields;
}

/// Takes a folder away again unless it has been renamed.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(fs::path path) : path_(std::move(path)) { fs::remove_all(path_); }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

}  // namespace

std::string digest_of(const datasets::TrainAndTest& data) {
  datasets::Sha256 hash;
  for (const datasets::Dataset* part : {&data.train, &data.test}) {
    hash.add(part->bytes);
    hash.add({reinterpret_cast<const std::uint8_t*>(part->numbers.data()),  // NOLINT
              part->numbers.size() * sizeof(float)});
    hash.add(part->labels);
  }
  return hash.hex();
}

Trial make_trial(TrainingOptions options, const datasets::TrainAndTest& data,
                 const std::string& digest) {
  options.threads = 1;
  TrainingPlan p = plan(options, data);
  Fields description = description_of(options, p, data, digest);
  std::string key = key_of(description);
  return {std::move(options), std::move(p), std::move(description), std::move(key)};
}

std::string key_of(const Fields& description) {
  std::string text = fmt::format("arithmetic {}\n", arithmetic_version);
  if (nn::product_library() != "Anneal") text += "products=" + nn::product_library() + "\n";
  for (const auto& [name, value] : description) text += name + "=" + text_of(value) + "\n";
  return hash_of(text);
}

TrialStore::TrialStore(fs::path folder) : folder_(std::move(folder)) {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (error) fail(Fault::world, folder_.string() + ": cannot be made: " + error.message());
}

bool TrialStore::has(const std::string& key) const {
  return fs::exists(folder_ / key / "run.jsonl");
}

RunLog TrialStore::read(const std::string& key) const {
  RunLog log = read_run(folder_ / key);
  if (!log.result)
    fail(Fault::world, (folder_ / key / "run.jsonl").string() + ": has no result; take it away");
  return log;
}

std::int64_t TrialStore::merge(const fs::path& other) const {
  std::error_code error;
  std::vector<fs::path> trials;
  for (const auto& entry : fs::directory_iterator(other, error))
    if (entry.path().extension() != ".unfinished") trials.push_back(entry.path());
  if (error) fail(Fault::world, other.string() + ": cannot be read: " + error.message());
  std::ranges::sort(trials);

  const TrialStore from(other);
  std::int64_t taken = 0;
  for (const fs::path& trial : trials) {
    const std::string key = trial.filename();
    const RunLog log = from.read(key);
    if (key_of(log.config.options) != key)
      fail(Fault::world,
           (trial / "run.jsonl").string() + ": is not the trial that its folder is named after");
    if (has(key)) {
      const RunLog here = read(key);
      if (here.evaluations != log.evaluations ||
          here.result->test_accuracy != log.result->test_accuracy)
        fail(Fault::world, (trial / "run.jsonl").string() + ": has other results than " +
                               (folder_ / key / "run.jsonl").string());
      continue;
    }
    const TemporaryFolder copy(folder_ / fmt::format("{}.{}.merged.unfinished", key, getpid()));
    fs::copy(trial, copy.path());
    fs::rename(copy.path(), folder_ / key);
    ++taken;
  }
  return taken;
}

bool TrialStore::run(const Trial& trial, const datasets::TrainAndTest& data,
                     const std::function<bool()>& stop) const {
  const auto& [options, p, description, key] = trial;

  static std::atomic<int> begun = 0;  // tells the threads of a process apart
  const TemporaryFolder folder(
      folder_ / fmt::format("{}.{}.{}.unfinished", key, getpid(), begun.fetch_add(1)));
  RunLogWriter log(folder.path());
  log.write({.options = description,
             .dataset = {{"name", data.train.name}, {"origin", data.train.origin}},
             .model = p.model,
             .parameters = p.parameters,
             .schedule = p.schedule.text(),
             .steps_per_epoch = p.steps_per_epoch,
             .total_steps = p.total_steps});
  const RunResult result = train(options, p, data,
                                 {.step =
                                      [&](const StepRecord& s, std::int64_t) {
                                        if (s.step == 0) log.write(s);
                                      },
                                  .evaluation = [&](const EvaluationRecord& e) { log.write(e); },
                                  .stop = stop});
  if (result.stopped == Stopped::interrupted) return false;
  log.write(result);
  std::error_code error;
  fs::rename(folder.path(), folder_ / key, error);
  if (error && !has(key))  // unless another process was faster, with the same bits
    fail(Fault::world, (folder_ / key).string() + ": cannot be made: " + error.message());
  return true;
}

void on_workers(int workers, const std::function<void(int)>& work) {
  std::exception_ptr thrown;
  std::mutex guard;
  {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(workers));
    for (int worker = 0; worker < workers; ++worker)
      threads.emplace_back([&, worker] {
        omp_set_num_threads(1);
        try {
          work(worker);
        } catch (...) {
          const std::lock_guard lock(guard);
          if (!thrown) thrown = std::current_exception();
        }
      });
  }
  if (thrown) std::rethrow_exception(thrown);
}

void in_parallel(std::size_t count, int workers, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  on_workers(workers, [&](int /*worker*/) {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      throw;
    }
  });
}

}  // namespace anneal::apps
