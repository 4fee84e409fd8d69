#include "sched/peers/build.h"

#include "sched/schedules/cyclic.h"

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

Schedule triangles(double low, double high, double up, double down, const std::string& scale) {
  if (scale == "1" && high > 0.0 && low <= 1e6 * high)
    return high * make(Cyclic{.up = updates(up), .down = updates(down), .low = low / high});
  const std::string size = number_text(up + down);
  const std::string at = "step % " + size;
  return formula(number_text(low) + " + " + number_text(high - low) + " * (" + at + " / " +
                 number_text(up) + " if " + at + " <= " + number_text(up) + " else (" + size +
                 " - " + at + ") / " + number_text(down) + ") * (" + scale + ")");
}

}  // namespace anneal::sched::peers
