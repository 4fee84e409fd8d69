#pragma once

#include <span>
#include <string>

#include "apps/run_log.h"

namespace anneal::apps {

struct NamedRun {
  std::string name;
  RunLog log;
};

/// Several runs on one page: what came of each, which of their options differ, and their learning
/// rates, losses and accuracies over the updates. One HTML file that needs no other and no network.
std::string runs_page(std::span<const NamedRun> runs);

}  // namespace anneal::apps
