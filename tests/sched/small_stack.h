#pragma once
#include <pthread.h>

#include <functional>
#include <string>

/// What a function returns in a thread with a stack of 1 MB, the least that systems give one.
inline std::string on_small_stack(const std::function<std::string()>& function) {
  struct Call {
    const std::function<std::string()>& function;
    std::string result;
  } call{function, {}};
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, std::size_t{1} << 20);
  pthread_t thread{};
  const auto run = [](void* given) -> void* {
    auto* to = static_cast<Call*>(given);
    to->result = to->function();
    return nullptr;
  };
  const int failed = pthread_create(&thread, &attributes, run, &call);
  pthread_attr_destroy(&attributes);
  if (failed != 0) return "no thread";
  pthread_join(thread, nullptr);
  return call.result;
}
