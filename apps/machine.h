#pragma once
#include <string>

namespace anneal::apps {

/// "AMD EPYC 7763 64-Core Processor", as the system calls it.
std::string processor_name();

/// On which threads can run at the same time; 1 where nobody knows.
int cores();

}  // namespace anneal::apps
