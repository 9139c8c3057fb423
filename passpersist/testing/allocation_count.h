// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_ALLOCATION_COUNT_H_
#define PASSPERSIST_TESTING_ALLOCATION_COUNT_H_

#include <cstddef>

namespace passpersist_testing {

// How often the calling thread has taken memory by operator new, which a
// program that links this replaces.
size_t AllocationCount();

// The same for memory that it has given back, whoever took it.
size_t DeallocationCount();

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_ALLOCATION_COUNT_H_
