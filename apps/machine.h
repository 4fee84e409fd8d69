#pragma once
#include <string>

namespace anneal::apps {

/// "AMD EPYC 7763 64-Core Processor", as the system calls it.
std::string processor_name();

/// That this process may use: a batch system or taskset may allow it some of them.
int cores();

}  // namespace anneal::apps
