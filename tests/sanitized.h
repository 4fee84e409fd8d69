#pragma once

#include <doctest/doctest.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)  // GCC's way to say it
#define ANNEAL_TESTS_SANITIZED
#elif defined(__has_feature)  // Clang's, which Eigen defines for every compiler
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define ANNEAL_TESTS_SANITIZED
#endif
#endif

namespace anneal {

/// Leaves a case that asks for a figure (an accuracy, how often a null is rejected) to the builds
/// without a sanitizer, and says so: a sanitizer takes ten times as long, and learns nothing from
/// the thousandth round.
inline bool figures_are_skipped() {
#ifdef ANNEAL_TESTS_SANITIZED
  MESSAGE("skipped: a sanitizer is not asked for figures");
  return true;
#else
  return false;
#endif
}

}  // namespace anneal
