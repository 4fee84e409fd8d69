#pragma once
#include <string>

namespace anneal::apps {

/// "AMD EPYC 7763 64-Core Processor", as the system calls it.
std::string processor_name();

}  // namespace anneal::apps
