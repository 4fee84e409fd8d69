#include "apps/stages.h"

#include <fmt/format.h>

namespace anneal::apps {

std::string note_on(std::span<const sched::Stage> stages) {
  for (const sched::Stage& stage : stages)
    if (stage.used < 0.5)
      return fmt::format(
          "only {:.2g} % of the curve of '{}' is reached: it was planned for a longer run",
          100.0 * stage.used, stage.text);
  const sched::Stage& last = stages.back();
  if (last.text.ends_with("hold") && last.end - last.begin > last.begin)
    return fmt::format("the schedule is over after {} of {} updates, and holds its last value",
                       last.begin, last.end);
  return {};
}

}  // namespace anneal::apps
