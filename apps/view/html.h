#pragma once

#include <string>

#include "apps/run_log.h"

namespace anneal::apps {

/// The page of a run: one HTML file that needs no other and no network. It says what came of the
/// run, shows its stages and, over the updates, learning rate, losses and accuracy, lists options
/// and result, and gives the command that runs it again.
std::string run_page(const RunLog& log);

/// A value as pages show it: "yes" and "no" for booleans.
std::string value_text(const Value& value);

}  // namespace anneal::apps
