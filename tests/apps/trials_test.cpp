#include "apps/compare/trials.h"

#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <set>

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
      logs[static_cast<std::size_t>(workers - 1)].push_back(store.read(key_for(t)));
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
  CHECK_FALSE(store.has(key_for(quick())));

  CHECK(store.run(ready(quick()), data()));
  CHECK(store.run(ready(quick()), data()));  // as another process might, at the same time
  CHECK(names_in(folder.path) == std::set<std::string>{key_for(quick())});
}

TEST_CASE("stores are merged, and what does not fit is named") {
  const Folder folder;
  const TrialStore a(folder.path / "a");
  const TrialStore b(folder.path / "b");
  a.run(ready(quick()), data());
  b.run(ready(quick()), data());
  b.run(ready(quick("cosine")), data());
  CHECK(a.merge(folder.path / "b") == 1);
  CHECK(a.merge(folder.path / "b") == 0);
  CHECK(names_in(folder.path / "a") ==
        std::set<std::string>{key_for(quick()), key_for(quick("cosine"))});
  CHECK(a.read(key_for(quick("cosine"))).evaluations ==
        b.read(key_for(quick("cosine"))).evaluations);

  const auto error_of = [&] {
    try {
      a.merge(folder.path / "b");
    } catch (const std::runtime_error& e) {
      return std::string(e.what());
    }
    return std::string("none");
  };
  const fs::path there = folder.path / "b" / key_for(quick());
  const fs::path here = folder.path / "a" / key_for(quick());
  fs::remove_all(here);
  fs::rename(folder.path / "a" / key_for(quick("cosine")), here);
  CHECK(error_of() == (there / "run.jsonl").string() + ": has other results than " +
                          (here / "run.jsonl").string());
  fs::remove_all(there);
  fs::rename(folder.path / "b" / key_for(quick("cosine")), there);
  CHECK(error_of() ==
        (there / "run.jsonl").string() + ": is not the trial that its folder is named after");
  const std::string missing =
      (folder.path / "c").string() + ": cannot be read: No such file or directory";
  CHECK_THROWS_WITH(a.merge(folder.path / "c"), missing.c_str());
}

TEST_CASE("a damaged record is named") {
  const Folder folder;
  const TrialStore store(folder.path);
  store.run(ready(quick()), data());
  const fs::path file = folder.path / key_for(quick()) / "run.jsonl";
  fs::resize_file(file, fs::file_size(file) - 30);
  std::string error;
  try {
    store.read(key_for(quick()));
  } catch (const std::exception& e) {
    error = e.what();
  }
  CHECK(error == file.string() + ": has no result; take it away");
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
