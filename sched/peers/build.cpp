#include "sched/peers/build.h"

namespace anneal::sched::peers {

Schedule joined(const std::vector<Schedule>& stages, const std::vector<double>& boundaries) {
  std::vector<Part> parts;
  double begin = 0.0;
  for (std::size_t i = 0; i + 1 < stages.size(); ++i) {
    if (boundaries[i] > begin) parts.push_back(first(updates(boundaries[i] - begin), stages[i]));
    begin = std::max(begin, boundaries[i]);
  }
  parts.push_back({stages.back()});
  return parts.size() == 1 ? stages.back() : endless(chain(std::move(parts)));
}

}  // namespace anneal::sched::peers
