// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/thread_shortage.h"

#include <cstddef>
#include <limits>

#include "gtest/gtest.h"

namespace passpersist_testing {
namespace {

// Most of the address space, whether that has 32 bits or 64.
constexpr size_t kStackSize = std::numeric_limits<size_t>::max() / 16 * 15;

}  // namespace

ThreadShortage::ThreadShortage() {
  EXPECT_EQ(pthread_getattr_default_np(&saved_attributes_), 0);
  pthread_attr_t attributes;
  EXPECT_EQ(pthread_getattr_default_np(&attributes), 0);
  EXPECT_EQ(pthread_attr_setstacksize(&attributes, kStackSize), 0);
  EXPECT_EQ(pthread_setattr_default_np(&attributes), 0);
  pthread_attr_destroy(&attributes);
}

ThreadShortage::~ThreadShortage() {
  EXPECT_EQ(pthread_setattr_default_np(&saved_attributes_), 0);
  pthread_attr_destroy(&saved_attributes_);
}

}  // namespace passpersist_testing
