#pragma once
#include <string>

#include "apps/run_log.h"

/// What must hold of the log of a trial, so that a comparison may believe it.
namespace anneal::apps {

/// Why a log is not that of the trial with this key; empty if it may be. Its options must have this
/// key, its result and evaluations must be those of these options, and its numbers must be such as
/// a training gives.
std::string objection_to(const RunLog& log, const std::string& key);

/// The text of a log with its SHA-256 as a last field of its last line.
std::string sealed(const std::string& text);
/// False for a text that is not as it was sealed. Logs of earlier versions have no seal.
bool seal_holds(const std::string& text);

}  // namespace anneal::apps
