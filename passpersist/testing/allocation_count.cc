// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/allocation_count.h"

#include <cstdlib>
#include <new>

namespace {

thread_local size_t allocation_count = 0;
thread_local size_t deallocation_count = 0;

void* Allocate(size_t size) {
  ++allocation_count;
  void* const memory = std::malloc(size > 0 ? size : 1);
  if (memory == nullptr) std::abort();
  return memory;
}

void Deallocate(void* memory) {
  if (memory == nullptr) return;
  ++deallocation_count;
  std::free(memory);
}

}  // namespace

// The default array and sized forms call these. The forms for over-aligned
// memory are not replaced and not counted.
void* operator new(size_t size) { return Allocate(size); }
void* operator new(size_t size, const std::nothrow_t&) noexcept {
  return Allocate(size);
}
void operator delete(void* memory) noexcept { Deallocate(memory); }
void operator delete(void* memory, size_t) noexcept { Deallocate(memory); }

namespace passpersist_testing {

size_t AllocationCount() { return allocation_count; }
size_t DeallocationCount() { return deallocation_count; }

}  // namespace passpersist_testing
