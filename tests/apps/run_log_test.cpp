#include "apps/run_log.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <string_view>

using namespace anneal::apps;
namespace fs = std::filesystem;

namespace {

// A directory of this process, gone with the object.
struct Scratch {
  fs::path path = fs::temp_directory_path() / ("anneal_run_log_test_" + std::to_string(::getpid()));
  Scratch() { fs::create_directories(path); }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  fs::path log() const { return path / "run.jsonl"; }
  void write(std::string_view text) const { std::ofstream(log(), std::ios::binary) << text; }
  std::string text() const {
    std::ifstream file(log(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
};

RunLog example() {
  RunLog log;
  log.config = {.program = "anneal 0.1.0",
                .command = "anneal train --name 'caf\xC3\xA9 \"x\"\\'",
                .started = "2026-11-23T20:00:00Z",
                .options = {{"lr", 1e-3},
                            {"epochs", std::int64_t{5}},
                            {"offset", std::int64_t{-3}},
                            {"big", std::numeric_limits<std::uint64_t>::max()},
                            {"shuffle", true},
                            {"lr-group", std::string("bias: linear")},
                            {"lr-group", std::string("weight: cosine")},
                            {"schedule", std::string("warmup@5% | cosine")}},
                .dataset = {{"name", std::string("mnist")}, {"train", std::int64_t{55000}}},
                .model = "784-128-10",
                .parameters = 101770,
                .schedule = "warmup@5% | cosine",
                .stages = {{"warmup", 0, 1}, {"cosine", 1, 4}},
                .steps_per_epoch = 2,
                .total_steps = 4};
  log.steps = {{0, 1e-5, 2.31}, {1, 1e-3, 0.1}, {2, 5e-4, 1.0 / 3.0}, {3, 0.0, 5e-324}};
  log.evaluations = {{0, 2.3, 2.4, 0.1}, {2, 0.5, 0.75, 0.875}, {4, 0.25, 0.5, 1.0}};
  log.result = RunResult{.dataset = "mnist",
                         .schedule = "warmup@5% | cosine",
                         .optimizer = "adam",
                         .seed = std::numeric_limits<std::uint64_t>::max(),
                         .threads = 2,
                         .steps = 4,
                         .samples_per_s = 312345.6,
                         .train_loss = 0.1,
                         .test_loss = 0.2,
                         .test_accuracy = 0.97,
                         .peak_rss_mb = 200.5,
                         .diverged = false,
                         .stopped = Stopped::interrupted,
                         .seconds = 1.5,
                         .training_seconds = 1.25};
  return log;
}

// Writes the example's records in the order in which they would come about.
void write(RunLogWriter& writer, const RunLog& log) {
  writer.write(log.config);
  auto evaluation = log.evaluations.begin();
  for (const StepRecord& step : log.steps) {
    if (evaluation != log.evaluations.end() && evaluation->step <= step.step) {
      writer.write(*evaluation++);
    }
    writer.write(step);
  }
  while (evaluation != log.evaluations.end()) writer.write(*evaluation++);
  if (log.result) writer.write(*log.result);
}

const std::string config_line =
    R"({"type":"config","version":1,"program":"p","command":"c","started":"s","options":{},)"
    R"("dataset":{},"model":"m","parameters":1,"schedule":"constant","stages":[],)"
    R"("steps_per_epoch":10,"total_steps":10})"
    "\n";
const std::string step_line = R"({"type":"step","step":3,"lr":0.1,"loss":1})"
                              "\n";

// The complaint about a log of this text, without the file's name, which it must begin with.
std::string complaint(const std::string& text) {
  const Scratch scratch;
  scratch.write(text);
  try {
    read_run(scratch.log());
  } catch (const std::runtime_error& error) {
    const std::string message = error.what();
    REQUIRE(message.starts_with(scratch.log().string() + ":"));
    return message.substr(scratch.log().string().size() + 1);
  }
  return "no complaint";
}

std::string message_of(auto action) {
  try {
    action();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

}  // namespace

TEST_CASE("a log reads back as it was written, to the last bit") {
  const Scratch scratch;
  const RunLog log = example();
  {
    RunLogWriter writer(scratch.path / "runs" / "first");
    write(writer, log);
  }
  for (const fs::path& path :
       {scratch.path / "runs" / "first", scratch.path / "runs" / "first" / "run.jsonl"}) {
    const RunLog read = read_run(path);
    CHECK(read.config == log.config);
    CHECK(read.steps == log.steps);
    CHECK(read.evaluations == log.evaluations);
    CHECK(read.result == log.result);
    CHECK_FALSE(read.incomplete_last_line);
  }
}

TEST_CASE("the lines are those that the format promises") {
  const Scratch scratch;
  RunLogWriter writer(scratch.path);
  writer.write(StepRecord{.step = 0, .lr = 1e-5, .loss = 2.31});
  writer.write(EvaluationRecord{430, 0.5, 0.25, 0.875});
  CHECK(scratch.text() ==
        "{\"type\":\"step\",\"step\":0,\"lr\":1e-05,\"loss\":2.31}\n"
        "{\"type\":\"evaluation\",\"step\":430,\"train_loss\":0.5,\"validation_loss\":0.25,"
        "\"validation_accuracy\":0.875}\n");
  CHECK(to_json(*example().result) ==
        R"({"dataset":"mnist","schedule":"warmup@5% | cosine","optimizer":"adam",)"
        R"("seed":18446744073709551615,"threads":2,"steps":4,"samples_per_s":312345.6,)"
        R"("train_loss":0.1,"test_loss":0.2,"test_accuracy":0.97,"peak_rss_mb":200.5,)"
        R"("diverged":false,"stopped":"interrupted","seconds":1.5,"training_seconds":1.25})");
}

TEST_CASE("losses that are not finite survive, as words that JSON can hold") {
  const Scratch scratch;
  RunLog log = example();
  log.steps = {{0, 0.1, NAN}, {1, 0.1, HUGE_VAL}, {2, 0.1, -HUGE_VAL}};
  RunLogWriter writer(scratch.path);
  write(writer, log);
  CHECK(scratch.text().find(R"("loss":"nan")") != std::string::npos);
  const RunLog read = read_run(scratch.path);
  CHECK(std::isnan(read.steps[0].loss));
  CHECK(read.steps[1].loss == HUGE_VAL);
  CHECK(read.steps[2].loss == -HUGE_VAL);
}

TEST_CASE("an argument that is not UTF-8 does not cost the log") {
  const Scratch scratch;
  RunLog log = example();
  log.config.command = "anneal \xFF";
  RunLogWriter writer(scratch.path);
  write(writer, log);
  CHECK(read_run(scratch.path).config.command == "anneal \uFFFD");
}

TEST_CASE("a log cut at any byte reads as its whole lines, and says that it was cut") {
  const Scratch scratch;
  {
    RunLogWriter writer(scratch.path);
    write(writer, example());
  }
  const std::string whole = scratch.text();
  const std::size_t first_line = whole.find('\n') + 1;
  for (std::size_t size = 0; size < whole.size(); ++size) {
    CAPTURE(size);
    scratch.write(whole.substr(0, size));
    if (size < first_line) {
      CHECK_THROWS_WITH(
          read_run(scratch.path),
          (scratch.log().string() + ": no whole line; a log begins with its configuration")
              .c_str());
      continue;
    }
    const RunLog read = read_run(scratch.path);
    const auto lines = std::count(whole.begin(), whole.begin() + static_cast<long>(size), '\n');
    REQUIRE(static_cast<long>(1 + read.steps.size() + read.evaluations.size()) == lines);
    REQUIRE_FALSE(read.result);
    REQUIRE(read.incomplete_last_line == (whole[size - 1] != '\n'));
  }
}

TEST_CASE("a resumed log drops what came after the checkpoint, and goes on from there") {
  const Scratch scratch;
  const RunLog log = example();
  {
    RunLogWriter writer(scratch.path);
    write(writer, log);
  }
  std::ofstream(scratch.log(), std::ios::app) << R"({"type":"st)";
  {
    auto writer = RunLogWriter::resume(scratch.path, 2);
    const RunLog kept = read_run(scratch.path);
    CHECK(kept.steps.size() == 2);        // updates 0 and 1
    CHECK(kept.evaluations.size() == 2);  // after 0 and 2
    CHECK_FALSE(kept.result);
    CHECK_FALSE(kept.incomplete_last_line);
    writer.write(log.steps[2]);
    writer.write(log.steps[3]);
    writer.write(log.evaluations[2]);
    writer.write(*log.result);
  }
  const RunLog read = read_run(scratch.path);
  CHECK(read.steps == log.steps);
  CHECK(read.evaluations == log.evaluations);
  CHECK(read.result == log.result);
}

TEST_CASE("fields that it does not know are passed over") {
  const Scratch scratch;
  scratch.write(config_line +
                R"({"type":"step","step":0,"lr":1,"loss":2,"later":{"a":[1,{"b":null}]}})"
                "\n");
  CHECK(read_run(scratch.path).steps == std::vector<StepRecord>{{0, 1.0, 2.0}});
}

TEST_CASE("a result from before training was timed apart is read") {
  const Scratch scratch;
  RunResult result = *example().result;
  result.training_seconds = 0.0;
  std::string line = to_json(result);
  const std::string field = R"(,"training_seconds":0.0)";
  line.replace(line.find(field), field.size(), "");
  line.replace(0, 1, R"({"type":"result",)");
  scratch.write(config_line + line + "\n");
  CHECK(read_run(scratch.path).result == result);
}

TEST_CASE("a log that breaks the format is refused, with its line and what is wrong") {
  const auto step = [](const std::string& fields) {
    return config_line + R"({"type":"step",)" + fields + "}\n";
  };
  const auto config_with = [](const std::string& from, const std::string& to) {
    std::string text = config_line;
    return text.replace(text.find(from), from.size(), to);
  };
  CHECK(complaint("x\n") == "1: not JSON, at byte 1 of the line");
  CHECK(complaint(config_line + "\n") == "2: not JSON, at byte 1 of the line");
  CHECK(complaint(config_line + "[1]\n") == "2: not a JSON object");
  CHECK(complaint(config_line + "{}\n") == "2: 'type' is missing");
  CHECK(complaint(config_line + "{\"type\":7}\n") == "2: 'type' is 7, where a string is wanted");
  CHECK(complaint(config_line + "{\"type\":\"setp\"}\n") ==
        "2: type 'setp' is not known; the types are config, step, evaluation and result");
  CHECK(complaint(step_line) == "1: a log holds one record of type 'config', on its first line");
  CHECK(complaint(config_line + config_line) ==
        "2: a log holds one record of type 'config', on its first line");
  CHECK(complaint(config_with("\"version\":1", "\"version\":2")) ==
        "1: version 2 of the log; this program reads version 1");
  CHECK(complaint(config_with("\"version\":1,", "")) == "1: 'version' is missing");
  CHECK(complaint(config_with("\"model\":\"m\",", "")) == "1: 'model' is missing");
  CHECK(complaint(config_with("\"options\":{}", R"("options":{"lr":[[1]]})")) ==
        "1: 'options.lr' is [1], where a number, a string, true or false is wanted");
  CHECK(complaint(config_with("\"options\":{}", "\"options\":1")) ==
        "1: 'options' is 1, where an object is wanted");
  CHECK(complaint(config_with("\"stages\":[]", "\"stages\":{}")) ==
        "1: 'stages' is {}, where an array is wanted");
  CHECK(complaint(config_with("\"stages\":[]", "\"stages\":[1]")) ==
        "1: 'stages' is [1], where an array of objects is wanted");
  CHECK(complaint(config_with("\"stages\":[]", R"("stages":[{"text":"a","begin":5,"end":3}])")) ==
        "1: stage 'a' begins at 5 and ends at 3, before it");
  CHECK(complaint(step(R"("step":-1,"lr":1,"loss":1)")) ==
        "2: 'step' is -1, where a whole number from 0 is wanted");
  CHECK(complaint(step(R"("step":1.5,"lr":1,"loss":1)")) ==
        "2: 'step' is 1.5, where a whole number from 0 is wanted");
  CHECK(complaint(step(R"("step":9223372036854775808,"lr":1,"loss":1)")) ==
        "2: 'step' is 9223372036854775808, where a whole number below 2^63 is wanted");
  CHECK(complaint(step(R"("step":1,"lr":1,"loss":"low")")) ==
        R"(2: 'loss' is "low", where a number, "nan", "inf" or "-inf" is wanted)");
  CHECK(complaint(step(R"("step":1,"lr":"nan","loss":1)")) == "2: 'lr' is not finite");
  CHECK(complaint(step(R"("step":1,"lr":1e999,"loss":1)")) ==
        "2: holds a number too large for a double");
  CHECK(complaint(step(R"("step":1,"step":1,"lr":1,"loss":1)")) == "2: 'step' is given twice");
  CHECK(complaint(step(R"("a":{"b":[{"c":1,"c":2}]})")) == "2: 'c' is given twice");
  CHECK(complaint(step("\"a\":" + std::string(100'000, '['))) == "2: nested deeper than 8 levels");
  CHECK(complaint(step(R"("step":10,"lr":1,"loss":1)")) == "2: update 10 of a run of 10 updates");
  CHECK(complaint(config_line + step_line + step_line) == "3: update 3 after 4 updates were done");

  const auto evaluation = [](int done) {
    return R"({"type":"evaluation","step":)" + std::to_string(done) +
           R"(,"train_loss":1,"validation_loss":1,"validation_accuracy":0})"
           "\n";
  };
  CHECK(complaint(config_line + step_line + evaluation(3)) ==
        "3: an evaluation after 3 updates when 4 were done");
  CHECK(complaint(config_line + evaluation(5) + step_line) ==
        "3: update 3 after 5 updates were done");
  CHECK(complaint(config_line + evaluation(5) + evaluation(5)) ==
        "3: an evaluation after 5 updates for the second time");
  CHECK(complaint(config_line + evaluation(11)) ==
        "2: an evaluation after 11 updates of a run of 10");

  std::string result = to_json(*example().result);
  result = R"({"type":"result",)" + result.substr(1) + "\n";
  CHECK(complaint(config_line + result + step_line) == "3: nothing may follow the result");
  CHECK(complaint(config_line + result.replace(result.find("interrupted"), 11, "tired")) ==
        R"(2: 'stopped' is "tired", where one of finished, interrupted, diverged is wanted)");
}

TEST_CASE("a log that is not there, or is there already, is told by name and reason") {
  const Scratch scratch;
  CHECK(message_of([&] { read_run(scratch.path / "none.jsonl"); }) ==
        (scratch.path / "none.jsonl").string() + ": cannot be read: No such file or directory");
  CHECK(message_of([&] { read_run(scratch.path); }) ==
        scratch.log().string() + ": cannot be read: No such file or directory");
  scratch.write(config_line);
  CHECK(message_of([&] { RunLogWriter(scratch.path); }) ==
        scratch.log().string() + " already holds a run; give another directory");
  CHECK(message_of([&] { RunLogWriter(scratch.log()); }) ==
        "cannot make " + scratch.log().string() + ": Not a directory");
  CHECK(scratch.text() == config_line);
}

TEST_CASE("a full disk is reported once, with the file and the reason") {
  const Scratch scratch;
  fs::create_symlink("/dev/full", scratch.log());
  RunLogWriter writer(scratch.path);
  CHECK(message_of([&] { writer.write(StepRecord{}); }) ==
        "cannot write " + scratch.log().string() + ": No space left on device");
  CHECK(message_of([&] { writer.write(StepRecord{}); }) == "no error");
}

TEST_CASE("each record is in the file as soon as it is written") {
  const Scratch scratch;
  RunLogWriter writer(scratch.path);
  writer.write(example().config);
  const std::size_t before = scratch.text().size();
  writer.write(StepRecord{});
  CHECK(scratch.text().size() > before);
  CHECK(scratch.text().back() == '\n');
}
