// SPDX-License-Identifier: Apache-2.0
//
// Aborts at a failed expectation: libFuzzer detects crashes only. The
// expectations of GoogleTest also work when GoogleTest does not run tests.

#include <cstdlib>

#include "gtest/gtest.h"

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);

namespace {

class AbortOnFailure : public testing::EmptyTestEventListener {
  void OnTestPartResult(const testing::TestPartResult& result) override {
    if (result.failed()) std::abort();
  }
};

}  // namespace

int LLVMFuzzerInitialize(int*, char***) {
  testing::UnitTest::GetInstance()->listeners().Append(new AbortOnFailure);
  return 0;
}
