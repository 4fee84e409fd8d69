#include "apps/compare/store.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <fstream>
#include <limits>
#include <set>

#include "apps/compare/check_trial.h"
#include "apps/compare/workers.h"
#include "apps/view/read_file.h"
#include "apps/view/write_file.h"
#include "datasets/digits.h"

using namespace anneal;
using namespace anneal::apps;

namespace {

namespace fs = std::filesystem;

const datasets::TrainAndTest& data() {
  static const datasets::TrainAndTest both{datasets::digits(1, 1200, 0),
                                           datasets::digits(1, 300, 1)};
  return both;
}

TrainingOptions quick(const std::string& schedule = "linear", std::uint64_t seed = 1) {
  TrainingOptions options;
  options.network.hidden = {32};
  options.optimizer.name = "sgd";
  options.schedule = schedule;
  options.epochs = 2;
  options.batch_size = 50;
  options.validation = 200;
  options.seed = seed;
  return options;
}

/// A folder that is empty, and gone afterwards.
struct Folder {
  fs::path path = fs::temp_directory_path() / ("anneal-trials-" + std::to_string(getpid()));
  Folder() { fs::remove_all(path); }
  ~Folder() { fs::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

Trial ready(const TrainingOptions& options) {
  return make_trial(options, data(), digest_of(data()));
}
std::string key_for(const TrainingOptions& options) {
  return ready(options).key;
}

std::set<std::string> names_in(const fs::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder))
    names.insert(entry.path().filename().string());
  return names;
}

}  // namespace

TEST_CASE("a trial's key is what decides its bits, and nothing else") {
  CHECK(key_for(quick()).size() == 64);
  CHECK(key_for(quick("warmup@5%|cosine")) == key_for(quick(" warmup @ 5% | cosine ")));
  CHECK(key_for(quick("torch.StepLR(step_size=30)")) == key_for(quick("torch.StepLR(30)")));
  TrainingOptions threads = quick();
  threads.threads = 7;
  CHECK(key_for(threads) == key_for(quick()));

  std::vector<TrainingOptions> others(16, quick());
  others[0].schedule = "cosine";
  others[1].seed = 2;
  others[2].epochs = 3;
  others[3].batch_size = 51;
  others[4].validation = 201;
  others[5].network.hidden = {33};
  others[6].network.activation = "tanh";
  others[7].network.norm = "batch";
  others[8].network.dropout = 0.1;
  others[9].optimizer.lr = 0.05;
  others[10].optimizer.momentum = 0.8;
  others[11].optimizer.weight_decay = 1e-3;
  others[12].label_smoothing = 0.1;
  others[13].lr_groups = {"bias: constant"};
  others[14].evaluations = 3;
  others[15].examples = 700;
  std::set<std::string> keys{key_for(quick())};
  for (const TrainingOptions& o : others) keys.insert(key_for(o));
  CHECK(keys.size() == others.size() + 1);
}

TEST_CASE("a trial's key says what the data are, not where they were found") {
  datasets::TrainAndTest moved = data();
  moved.train.origin = "found in another folder";
  CHECK(digest_of(moved) == digest_of(data()));
  datasets::TrainAndTest other = data();
  other.test.labels[7] ^= 1;
  CHECK(digest_of(other) != digest_of(data()));
  CHECK(make_trial(quick(), other, digest_of(other)).key != key_for(quick()));
  other = data();
  other.train.bytes.back() ^= 1;
  CHECK(digest_of(other) != digest_of(data()));
}

TEST_CASE("trials are the same to the bit with any number of workers, and as by themselves") {
  const std::vector<TrainingOptions> trials{quick("linear"), quick("cosine"), quick("constant"),
                                            quick("linear", 2)};
  std::array<std::vector<RunLog>, 2> logs;
  for (const int workers : {1, 2}) {
    const Folder folder;
    const TrialStore store(folder.path);
    in_parallel(trials.size(), workers,
                [&](std::size_t i) { store.run(ready(trials[i]), data()); });
    CHECK(names_in(folder.path).size() == trials.size());
    for (const TrainingOptions& t : trials)
      logs[static_cast<std::size_t>(workers - 1)].push_back(store.read(ready(t)));
  }
  for (std::size_t i = 0; i < trials.size(); ++i) {
    CHECK(logs[0][i].steps == logs[1][i].steps);
    CHECK(logs[0][i].evaluations == logs[1][i].evaluations);
    CHECK(logs[0][i].result->test_loss == logs[1][i].result->test_loss);
  }
  SUBCASE("paired: one seed, one start") {
    CHECK(logs[0][0].steps[0].loss == logs[0][1].steps[0].loss);
    CHECK(logs[0][0].steps[0].loss == logs[0][2].steps[0].loss);
    CHECK(logs[0][0].steps[0].loss != logs[0][3].steps[0].loss);
  }
  SUBCASE("as anneal train computes it") {
    const RunResult alone = train(trials[0], plan(trials[0], data()), data(), {});
    CHECK(alone.test_loss == logs[0][0].result->test_loss);
  }
}

TEST_CASE("what is interrupted or fails leaves nothing behind") {
  const Folder folder;
  const TrialStore store(folder.path);
  CHECK_FALSE(store.run(ready(quick()), data(), [] { return true; }));
  CHECK(names_in(folder.path).empty());
  CHECK_FALSE(store.find(key_for(quick())).log);

  CHECK(store.run(ready(quick()), data()));
  CHECK(store.run(ready(quick()), data()));  // as another process might, at the same time
  CHECK(names_in(folder.path) == std::set<std::string>{key_for(quick())});
}

TEST_CASE("stores are merged, again and again, and with parts that overlap") {
  const Folder folder;
  const TrialStore a(folder.path / "a");
  const TrialStore b(folder.path / "b");
  const TrialStore all(folder.path / "all");
  // Tuning has no test set: the test accuracy is NaN.
  datasets::TrainAndTest tuning = data();
  tuning.test = {};
  const std::string digest = digest_of(tuning);
  const Trial shared = make_trial(quick(), tuning, digest);
  const Trial only_b = make_trial(quick("cosine"), tuning, digest);
  a.run(shared, tuning);
  b.run(shared, tuning);
  b.run(only_b, tuning);
  REQUIRE(std::isnan(a.read(shared).result->test_accuracy));

  CHECK(all.merge(folder.path / "a").taken == 1);
  CHECK(all.merge(folder.path / "a").taken == 0);
  CHECK(all.merge(folder.path / "b").taken == 1);
  CHECK(all.merge(folder.path / "b").taken == 0);
  CHECK(all.merge(folder.path / "all").taken == 0);
  CHECK(names_in(folder.path / "all") == std::set<std::string>{shared.key, only_b.key});
  CHECK(all.read(only_b).evaluations == b.read(only_b).evaluations);
  CHECK(a.merge(folder.path / "all").taken == 1);
  const std::string missing =
      (folder.path / "c").string() + ": cannot be read: No such file or directory";
  CHECK_THROWS_WITH(a.merge(folder.path / "c"), missing.c_str());
}

namespace {

/// The log of a trial in a store, of which a field can be given another value, with a new seal.
class Forgery {
 public:
  Forgery(const fs::path& folder, const Trial& trial)
      : file_(folder / trial.key / "run.jsonl"), log(read_run(file_)) {}
  void write() const { write_file(file_, sealed(to_text(log))); }
  std::string file() const { return file_.string(); }

 private:
  fs::path file_;

 public:
  RunLog log;
};

std::string error_of_merge(const TrialStore& into, const fs::path& from) {
  try {
    into.merge(from);
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("a trial whose content does not fit its key is no trial, and merge names it") {
  const Folder folder;
  const fs::path from = folder.path / "from";
  const TrialStore store(from);
  const TrialStore empty(folder.path / "empty");
  const Trial trial = ready(quick());
  store.run(trial, data());
  REQUIRE(store.find(trial).log);
  CHECK(store.find(trial).fault.empty());
  const double nan = std::numeric_limits<double>::quiet_NaN();

  using Change = void (*)(RunLog&);
  const std::vector<std::pair<Change, std::string>> changes{
      {[](RunLog& l) { l.result->test_accuracy = 7.0; }, "has a test accuracy of 7"},
      {[](RunLog& l) { l.result->test_accuracy = -0.1; }, "has a test accuracy of -0.1"},
      {[](RunLog& l) { l.evaluations[1].validation_accuracy = 1.5; },
       "has a validation accuracy of 1.5 after 40 updates"},
      {[](RunLog& l) { l.evaluations[0].validation_loss = -1.0; },
       "has a loss below 0 after 20 updates"},
      {[](RunLog& l) { l.result->test_loss = -1.0; }, "has a loss below 0"},
      {[](RunLog& l) { l.evaluations.pop_back(); }, "has 1 evaluations where 2 were planned"},
      {[](RunLog& l) { l.steps.clear(); }, "has other updates than the first alone"},
      {[](RunLog& l) { l.result->steps = 39; }, "has a result after 39 updates of 40"},
      {[](RunLog& l) { l.result->seed = 2; }, "has the result of another trial"},
      {[](RunLog& l) { l.result->schedule = "cosine"; }, "has the result of another trial"},
      {[](RunLog& l) { l.result->diverged = true; }, "has diverged and has not"},
      {[](RunLog& l) { l.result->stopped = Stopped::interrupted; }, "was interrupted"},
      {[](RunLog& l) { l.config.options[0].second = std::string("moons"); },
       "is not the trial that its folder is named after"},
  };
  for (const auto& [change, objection] : changes) {
    CAPTURE(objection);
    Forgery forgery(from, trial);
    const RunLog before = forgery.log;
    change(forgery.log);
    forgery.write();
    CHECK_FALSE(store.find(trial).log);
    CHECK(store.find(trial).fault == forgery.file() + ": " + objection);
    CHECK(error_of_merge(empty, from) == forgery.file() + ": " + objection);
    forgery.log = before;
    forgery.write();
    REQUIRE(store.find(trial).log);
  }
  SUBCASE("a test accuracy that is NaN although there was a test set") {
    Forgery forgery(from, trial);
    forgery.log.result->test_accuracy = nan;
    forgery.write();
    CHECK(store.find(trial).fault == forgery.file() + ": has a test accuracy of nan");
  }
  SUBCASE("evaluated after other updates than planned, as many") {
    Forgery forgery(from, trial);
    forgery.log.evaluations[0].step = 13;
    forgery.write();
    CHECK(store.find(trial).fault == forgery.file() + ": was evaluated after other updates");
  }
  SUBCASE("another value that would be possible") {
    const fs::path file = from / trial.key / "run.jsonl";
    const std::string text = read_file(file, 1 << 20);
    const std::size_t digit = text.find("\"validation_loss\":") + 20;
    for (const char other : {'1', '2'}) {
      std::string changed = text;
      changed[digit] = changed[digit] == other ? '3' : other;
      write_file(file, changed);
      CHECK(store.find(trial).fault == file.string() + ": was changed after it was written");
    }
    // A log of a version that had no seal.
    write_file(file, to_text(parse_run(text, file)));
    CHECK(store.find(trial).log);
  }
  SUBCASE("two that were swapped") {
    const Trial other = ready(quick("cosine"));
    store.run(other, data());
    fs::rename(from / trial.key, from / "aside");
    fs::rename(from / other.key, from / trial.key);
    fs::rename(from / "aside", from / other.key);
    for (const Trial* t : {&trial, &other})
      CHECK(store.find(*t).fault == (from / t->key / "run.jsonl").string() +
                                        ": is not the trial that its folder is named after");
    CHECK(error_of_merge(empty, from).ends_with("is not the trial that its folder is named after"));
  }
  SUBCASE("one with other results") {
    empty.merge(from);
    Forgery forgery(from, trial);
    forgery.log.evaluations[0].validation_loss *= 2;
    forgery.write();
    CHECK(error_of_merge(empty, from) ==
          forgery.file() + ": has other results than " +
              (folder.path / "empty" / trial.key / "run.jsonl").string());
  }
}

TEST_CASE("a trial that cannot be used is computed anew, and replaced by a merge") {
  const Folder folder;
  const TrialStore store(folder.path / "store");
  const TrialStore other(folder.path / "other");
  const Trial trial = ready(quick());
  other.run(trial, data());
  const fs::path file = folder.path / "store" / trial.key / "run.jsonl";
  const std::string whole = read_file(folder.path / "other" / trial.key / "run.jsonl", 1 << 20);

  const auto cut = [&](std::size_t bytes) { write_file(file, whole.substr(0, bytes)); };
  const std::vector<std::pair<std::function<void()>, std::string>> damages{
      {[&] { cut(whole.size() - 30); }, ": has no result"},
      {[&] { cut(20); }, ": no whole line; a log begins with its configuration"},
      {[&] { cut(0); }, ": no whole line; a log begins with its configuration"},
      {[&] { write_file(file, "x\n" + whole); }, ":1: not JSON, at byte 1 of the line"},
      {[&] { fs::create_symlink("/dev/zero", file); }, ": cannot be read: not a regular file"},
      {[&] { fs::create_symlink("nowhere", file); }, ": cannot be read: No such file or directory"},
      {[&] { REQUIRE(::mkfifo(file.c_str(), 0600) == 0); }, ": cannot be read: not a regular file"},
      {[&] {
         cut(0);
         fs::resize_file(file, std::uint64_t{5} << 30U);
       },
       ": cannot be read: 5368709120 bytes, where at most 67108864 are wanted"},
  };
  for (const bool by_merging : {false, true})
    for (const auto& [damage, fault] : damages) {
      CAPTURE(fault);
      fs::remove_all(file.parent_path());
      fs::create_directories(file.parent_path());
      damage();
      const TrialStore::Kept kept = store.find(trial);
      CHECK_FALSE(kept.log);
      CHECK(kept.fault == file.string() + fault);
      if (by_merging)
        CHECK(store.merge(folder.path / "other").taken == 1);
      else
        store.run(trial, data());
      CHECK(store.find(trial).log);
      CHECK(names_in(file.parent_path()) == std::set<std::string>{"run.jsonl"});
    }

  cut(whole.size() - 30);
  const TrialStore third(folder.path / "third");
  const TrialStore::Merged merged = third.merge(folder.path / "store");
  CHECK(merged.taken == 0);
  CHECK(merged.unfinished == std::vector<std::string>{file.string() + ": has no result"});
  // What processes of other versions and file systems leave beside trials.
  fs::create_directories(folder.path / "store" / (trial.key + ".17.0.unfinished"));
  fs::create_directories(folder.path / "store" / "lost+found");
  std::ofstream(folder.path / "store" / ".nfs0001") << "x";
  fs::create_directories(folder.path / "store" / std::string(64, 'a'));
  CHECK(third.merge(folder.path / "store").taken == 0);
  CHECK(names_in(folder.path / "third").empty());
}

TEST_CASE("in_parallel: each index once; the first exception ends it") {
  std::vector<std::atomic<int>> called(100);
  in_parallel(100, 3, [&](std::size_t i) { ++called[i]; });
  for (const auto& times : called) CHECK(times == 1);

  std::atomic<int> begun = 0;
  CHECK_THROWS_WITH(in_parallel(1000, 1,
                                [&](std::size_t i) {
                                  ++begun;
                                  if (i == 5) throw std::runtime_error("the sixth");
                                }),
                    "the sixth");
  CHECK(begun == 6);
  in_parallel(0, 2, [](std::size_t) { FAIL("there is nothing to do"); });
}
