#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "apps/bench/workloads.h"

namespace anneal::apps {

/// What is run at once: so many processes of so many threads each.
struct Arrangement {
  const Workload* workload;
  int threads = 1;
  int processes = 1;
};

/// "W1, 2 threads" or "W1, 2 processes"
std::string text_of(const Arrangement& arrangement);

/// The data as plain bytes in a folder of its own, for a program that knows no IDX; removed at the
/// end.
class BytesOnDisk {
 public:
  explicit BytesOnDisk(const datasets::TrainAndTest& data);
  ~BytesOnDisk();
  BytesOnDisk(const BytesOnDisk&) = delete;
  BytesOnDisk& operator=(const BytesOnDisk&) = delete;
  const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

/// Each in processes of its own, so that the peak of the memory is theirs alone. Samples per second
/// are summed over them, the others are the first one's. Throws std::runtime_error with what the
/// program printed if it fails.
Speed run_anneal(const Arrangement& arrangement, int epochs, const std::string& data_directory);
Speed run_torch(const Arrangement& arrangement, int epochs, const std::string& python,
                const std::filesystem::path& bytes);

/// A Python that has torch.
struct Torch {
  std::string python;
  std::string version;
};
/// The one given, or else the first of python3 and /usr/bin/python3 that has it. Throws
/// std::runtime_error with what each of them answered.
Torch find_torch(const std::string& python);

}  // namespace anneal::apps
