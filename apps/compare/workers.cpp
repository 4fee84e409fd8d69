#include "apps/compare/workers.h"

#include <omp.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace anneal::apps {

void on_workers(int workers, const std::function<void(int)>& work) {
  std::exception_ptr thrown;
  std::mutex guard;
  {
    std::vector<std::jthread> threads;
    threads.reserve(static_cast<std::size_t>(workers));
    for (int worker = 0; worker < workers; ++worker)
      threads.emplace_back([&, worker] {
        omp_set_num_threads(1);
        try {
          work(worker);
        } catch (...) {
          const std::lock_guard lock(guard);
          if (!thrown) thrown = std::current_exception();
        }
      });
  }
  if (thrown) std::rethrow_exception(thrown);
}

void in_parallel(std::size_t count, int workers, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  on_workers(workers, [&](int /*worker*/) {
    try {
      for (std::size_t i = next++; i < count; i = next++) work(i);
    } catch (...) {
      next = count;
      throw;
    }
  });
}

}  // namespace anneal::apps
