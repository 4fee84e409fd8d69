#pragma once
#include <Eigen/Core>  // first: it declares posix_memalign in a way of its own
#include <atomic>
#include <cstddef>

/// Counts every allocation of the program: operator new's, Eigen's and anyone's, for all of them
/// end in malloc or one of its siblings. To be included in one source file of a test program.
namespace allocations {
inline std::atomic<long> count{0};
}  // namespace allocations

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
// The sanitizer has its own malloc and tells of each call.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*,
                                                                  std::size_t),
                                                         void (*)(const volatile void*));
namespace allocations {
inline const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++count; }, [](const volatile void*) {});
}  // namespace allocations
#else
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming): the C library's names.
// A definition in the program takes the place of the C library's.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t n, std::size_t size);
void* __libc_realloc(void* p, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  ++allocations::count;
  return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) noexcept {
  ++allocations::count;
  return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t size) noexcept {
  ++allocations::count;
  return __libc_realloc(p, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++allocations::count;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t size) noexcept {
  ++allocations::count;
  *p = __libc_memalign(alignment, size);
  return *p == nullptr ? 12 : 0;  // ENOMEM
}
}
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)
#endif
