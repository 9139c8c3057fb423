// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_ALLOCATION_COUNT_H_
#define PASSPERSIST_TESTING_ALLOCATION_COUNT_H_

#include <cstddef>

namespace passpersist_testing {

// Returns how often the calling thread has called operator new. A program that
// links this library replaces operator new.
size_t AllocationCount();

// Returns how often the calling thread has freed memory by operator delete,
// also memory that another thread allocated.
size_t DeallocationCount();

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_ALLOCATION_COUNT_H_
