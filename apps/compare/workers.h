#pragma once
#include <cstddef>
#include <functional>

namespace anneal::apps {

/// Calls work(worker) on `workers` threads, 0 ... workers - 1, each with one thread for OpenMP;
/// when all are back, throws the first exception of theirs.
void on_workers(int workers, const std::function<void(int)>& work);

/// Calls work(0) ... work(count - 1), each once, on `workers` threads, which take the next index
/// when they are done with the last. After the first exception no more are begun, and it is thrown.
void in_parallel(std::size_t count, int workers, const std::function<void(std::size_t)>& work);

}  // namespace anneal::apps
