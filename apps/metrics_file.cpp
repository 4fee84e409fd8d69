#include "apps/metrics_file.h"

#include <charconv>
#include <cmath>

#include "apps/fail.h"
#include "apps/view/read_file.h"
#include "sched/fail.h"

namespace anneal::apps {
namespace {

constexpr std::uint64_t largest = std::uint64_t{1} << 28;  // bytes: some 20 million metrics

/// Reads an array without calling itself: an array within it is a mistake, however deep.
class MetricsReader {
 public:
  MetricsReader(const std::string& file, const std::string& text) : file_(file), rest_(text) {}

  std::vector<sched::Observation> all() {
    if (!accept('[')) refuse();
    if (!accept(']')) {
      do take();
      while (accept(','));
      if (!accept(']')) refuse("; after entry " + std::to_string(entry_ - 1) + " comes " + next());
    }
    if (!peek().empty()) refuse("; after the array comes " + next());
    return std::move(log_);
  }

 private:
  void take() {
    const std::string_view text = peek();
    const std::string_view word = text.substr(0, text.find_first_of(",] \t\r\n"));
    const sched::Step step = ++entry_;
    double metric = 0.0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), metric);
    const bool whole = end == word.data() + word.size() && !word.empty();
    if (word == "null") {
      rest_.remove_prefix(word.size());
    } else if (error == std::errc{} && whole && std::isfinite(metric)) {
      rest_.remove_prefix(word.size());
      log_.push_back({step, metric});
    } else {
      const bool unreal = whole || word.ends_with("NaN") || word.ends_with("Infinity");
      refuse("; entry " + std::to_string(step - 1) + " is " + next() +
             (unreal ? ", which is no number; null stands for no evaluation" : ""));
    }
  }

  std::string_view peek() {
    rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    return rest_;
  }
  bool accept(char c) {
    if (!peek().starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// What comes next, as a message shows it.
  std::string next() {
    const std::string_view text = peek();
    if (text.empty()) return "the end of the file";
    return sched::shown(text.substr(0, text.find_first_of(",]\r\n", 1)));
  }
  [[noreturn]] void refuse(const std::string& what = {}) const {
    fail(Fault::world, file_ + ": wanted a JSON array of numbers, such as [0.9, 0.7]" + what);
  }

  const std::string& file_;
  std::string_view rest_;
  sched::Step entry_ = 0;  ///< so many have been read
  std::vector<sched::Observation> log_;
};

}  // namespace

std::vector<sched::Observation> read_metrics(const std::string& file) {
  const std::string text = read_file(file, largest);
  return MetricsReader(file, text).all();
}

}  // namespace anneal::apps
