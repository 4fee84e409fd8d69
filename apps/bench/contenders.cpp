#include "apps/bench/contenders.h"

#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "apps/bench/assets.h"
#include "apps/fail.h"
#include "apps/options.h"
#include "apps/view/write_file.h"

namespace anneal::apps {
namespace {

namespace fs = std::filesystem;

/// Runs them at the same time; what each printed.
std::vector<std::string> run_together(const std::string& command, int processes) {
  std::vector<std::FILE*> pipes;
  for (int i = 0; i < processes; ++i) {
    pipes.push_back(popen((command + " 2>&1").c_str(), "r"));  // NOLINT(cert-env33-c)
    if (pipes.back() == nullptr) fail(Fault::world, "cannot run " + command);
  }
  std::vector<std::string> printed;
  bool fine = true;
  for (std::FILE* pipe : pipes) {
    std::string text;
    std::array<char, 4096> part{};
    while (const std::size_t n = std::fread(part.data(), 1, part.size(), pipe))
      text.append(part.data(), n);
    fine = pclose(pipe) == 0 && fine;
    printed.push_back(std::move(text));
  }
  if (!fine) fail(Fault::world, command + "\nfailed: " + printed.front());
  return printed;
}

Speed speed_of(const std::vector<std::string>& printed) {
  Speed speed;
  for (const std::string& text : printed) {
    const auto json = nlohmann::json::parse(text.substr(text.find('{')));
    speed.samples_per_s += json.at("samples_per_s").get<double>();
    if (&text != &printed.front()) continue;
    speed.workload = json.at("workload");
    speed.threads = json.at("threads");
    speed.seconds_per_epoch = json.at("seconds_per_epoch");
    speed.test_accuracy = json.at("test_acc");
    speed.peak_rss_mb = json.at("peak_rss_mb");
    speed.first_update_s = json.value("first_update_s", 0.0);
  }
  return speed;
}

std::vector<std::uint8_t> bytes_of(const std::vector<std::uint16_t>& labels) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(labels.size());
  for (const std::uint16_t label : labels) bytes.push_back(static_cast<std::uint8_t>(label));
  return bytes;
}

void write(const fs::path& path, const std::vector<std::uint8_t>& bytes) {
  write_file(path, std::string(bytes.begin(), bytes.end()));
}

}  // namespace

BytesOnDisk::BytesOnDisk(const datasets::TrainAndTest& data) {
  if (data.train.bytes.empty() || data.train.classes > 256)
    fail(Fault::argument,
         data.train.name + ": wanted images of bytes, of no more than 256 classes");
  std::string pattern = fs::temp_directory_path() / "anneal-bench-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr)
    fail(Fault::world, pattern + ": cannot make this folder for the data");
  folder_ = pattern;
  write(folder_ / "train-images.u8", data.train.bytes);
  write(folder_ / "train-labels.u8", bytes_of(data.train.labels));
  write(folder_ / "test-images.u8", data.test.bytes);
  write(folder_ / "test-labels.u8", bytes_of(data.test.labels));
  write_file(folder_ / "torch_mlp.py", std::string(bench::torch_mlp_py));
}

BytesOnDisk::~BytesOnDisk() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Speed run_anneal(const Arrangement& arrangement, int epochs, const std::string& data_directory) {
  std::string command = quoted(fs::read_symlink("/proc/self/exe")) + " bench --json --workload " +
                        std::string(arrangement.workload->name) + " --threads " +
                        std::to_string(arrangement.threads) + " --epochs " + std::to_string(epochs);
  if (!data_directory.empty()) command += " --data " + quoted(data_directory);
  return speed_of(run_together(command, arrangement.processes));
}

Speed run_torch(const Arrangement& arrangement, int epochs, const std::string& python,
                const fs::path& bytes) {
  const Workload& w = *arrangement.workload;
  std::string hidden;
  for (const nn::Index width : w.hidden)
    hidden += (hidden.empty() ? "" : ",") + std::to_string(width);
  const std::string command = quoted(python) + " " + quoted(bytes / "torch_mlp.py") + " --data " +
                              quoted(bytes) + " --workload " + std::string(w.name) + " --hidden " +
                              hidden + " --batch " + std::to_string(w.batch_size) +
                              " --optimizer " + std::string(w.optimizer) + " --lr " +
                              std::to_string(w.lr) + " --examples " + std::to_string(w.examples) +
                              " --threads " + std::to_string(arrangement.threads) + " --epochs " +
                              std::to_string(epochs) + (w.evaluates ? " --evaluates" : "");
  return speed_of(run_together(command, arrangement.processes));
}

Torch find_torch(const std::string& given) {
  std::string answers;
  for (const std::string& python : given.empty()
                                       ? std::vector<std::string>{"python3", "/usr/bin/python3"}
                                       : std::vector{given}) {
    const std::string command =
        quoted(python) + " -c 'import numpy, torch; print(torch.__version__)' 2>&1";
    std::FILE* pipe = popen(command.c_str(), "r");  // NOLINT(cert-env33-c)
    if (pipe == nullptr) fail(Fault::world, "cannot run " + command);
    std::string last;
    std::array<char, 4096> line{};
    while (std::fgets(line.data(), line.size(), pipe) != nullptr) last = line.data();
    last.erase(last.find_last_not_of('\n') + 1);
    if (pclose(pipe) == 0) return {python, last};
    answers.append("\n  ").append(python).append(": ").append(last);
  }
  fail(Fault::world,
       "--vs torch: no Python with torch and numpy (Debian: apt install python3-torch "
       "libopenblas0-openmp); --python names another" +
           answers);
}

std::string text_of(const Arrangement& a) {
  const std::string name(a.workload->name);
  const auto counted = [](int n, const std::string& one, const std::string& many) {
    return std::to_string(n) + " " + (n == 1 ? one : many);
  };
  if (a.processes == 1) return name + ", " + counted(a.threads, "thread", "threads");
  const std::string processes = name + ", " + counted(a.processes, "process", "processes");
  return a.threads == 1 ? processes : processes + " x " + counted(a.threads, "thread", "threads");
}

}  // namespace anneal::apps
