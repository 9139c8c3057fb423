// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BENCHMARK_VERIFY_H_
#define STORE_BENCHMARK_VERIFY_H_

#include "store/benchmark/data_set.h"
#include "store/benchmark/subject.h"

namespace passpersist::benchmark {

// Searches some thousand suffixes of `data` and as many that it does not have.
// Prints the first wrong answer and ends the program.
void Verify(const DataSet& data, const Subject& subject);

}  // namespace passpersist::benchmark

#endif  // STORE_BENCHMARK_VERIFY_H_
