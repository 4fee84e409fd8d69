#pragma once
#include <atomic>
#include <cstddef>

/// What the test program has taken from the system, whoever asked: operator new, Eigen and the C
/// library all end in malloc or one of its siblings. For tests that are linked with
/// allocations.cpp.
namespace allocations {

inline std::atomic<long> count{0};
inline std::atomic<std::size_t> largest{0};  ///< bytes, since it was last set to 0

}  // namespace allocations
