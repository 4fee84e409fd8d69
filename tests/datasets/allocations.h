#pragma once
#include <atomic>
#include <cstddef>

/// What the test program has taken from operator new, which is where vectors and tensors get their
/// memory.
namespace allocations {

inline std::atomic<long> count{0};
inline std::atomic<std::size_t> largest{0};  ///< bytes, since it was last set to 0

}  // namespace allocations
