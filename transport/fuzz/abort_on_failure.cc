// SPDX-License-Identifier: Apache-2.0
//
// Tells libFuzzer what a failure is: it knows of crashes only. The expectations
// of GoogleTest also work where it runs no tests.

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
