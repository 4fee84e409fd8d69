#include "allocations.h"

#include "sanitized.h"

namespace {

void note(std::size_t size) {
  ++allocations::count;
  std::size_t largest = allocations::largest;
  while (size > largest && !allocations::largest.compare_exchange_weak(largest, size)) {
  }
}

}  // namespace

#ifdef ANNEAL_TESTS_SANITIZED
// The sanitizer has its own malloc and tells of each call.
extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*,
                                                                  std::size_t),
                                                         void (*)(const volatile void*));
namespace {
const int installed = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t size) { note(size); }, [](const volatile void*) {});
}  // namespace
#else
// NOLINTBEGIN(bugprone-reserved-identifier, readability-identifier-naming): the C library's names.
// A definition in the program takes the place of the C library's.
extern "C" {
void* __libc_malloc(std::size_t size);
void* __libc_calloc(std::size_t n, std::size_t size);
void* __libc_realloc(void* p, std::size_t size);
void* __libc_memalign(std::size_t alignment, std::size_t size);

void* malloc(std::size_t size) noexcept {
  note(size);
  return __libc_malloc(size);
}
void* calloc(std::size_t n, std::size_t size) noexcept {
  note(n * size);
  return __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t size) noexcept {
  note(size);
  return __libc_realloc(p, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  note(size);
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t size) noexcept {
  note(size);
  *p = __libc_memalign(alignment, size);
  return *p == nullptr ? 12 : 0;  // ENOMEM
}
}
// NOLINTEND(bugprone-reserved-identifier, readability-identifier-naming)
#endif
