#include "apps/stages.h"

#include <fmt/format.h>

namespace anneal::apps {

std::string note_on(std::span<const sched::Stage> stages) {
  for (const sched::Stage& stage : stages)
    if (stage.used < 0.5)
      return fmt::format(
          "only {:.2g} % of the curve of '{}' is reached: it was planned for a longer run",
          100.0 * stage.used, stage.text);
  return {};
}

}  // namespace anneal::apps
