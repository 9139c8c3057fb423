#include "passpersist/testing/allocation_count.h"

#include <cstdlib>
#include <new>

namespace {

thread_local size_t allocation_count = 0;

void* Allocate(size_t size) {
  ++allocation_count;
  void* const memory = std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) std::abort();
  return memory;
}

}  // namespace

// The forms for arrays and the sized ones call these. Memory that is aligned
// more strictly stays the library's, uncounted.
void* operator new(size_t size) { return Allocate(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return Allocate(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, size_t) noexcept { std::free(memory); }

namespace passpersist_testing {

size_t AllocationCount() { return allocation_count; }

}  // namespace passpersist_testing
