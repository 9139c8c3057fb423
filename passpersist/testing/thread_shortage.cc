// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/thread_shortage.h"

#include <cstddef>
#include <limits>

#include "gtest/gtest.h"

namespace passpersist_testing {
namespace {

// Most of the address space, of 32 bits or 64.
constexpr size_t kTooMuch = std::numeric_limits<size_t>::max() / 16 * 15;

}  // namespace

ThreadShortage::ThreadShortage() {
  EXPECT_EQ(pthread_getattr_default_np(&before_), 0);
  pthread_attr_t attributes;
  EXPECT_EQ(pthread_getattr_default_np(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, kTooMuch), 0);
  EXPECT_EQ(pthread_setattr_default_np(&attributes), 0);
  pthread_attr_destroy(&attributes);
}

ThreadShortage::~ThreadShortage() {
  EXPECT_EQ(pthread_setattr_default_np(&before_), 0);
  pthread_attr_destroy(&before_);
}

}  // namespace passpersist_testing
