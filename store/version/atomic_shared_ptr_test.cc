// SPDX-License-Identifier: Apache-2.0

#include "store/version/atomic_shared_ptr.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "gtest/gtest.h"

namespace passpersist::store_internal {
namespace {

using Pointer = AtomicSharedPtr<const int>;

TEST(AtomicSharedPtrTest, ReturnsThePointerThatWasSetLast) {
  Pointer pointer(std::make_shared<const int>(0));
  EXPECT_EQ(*pointer.get(), 0);
  for (int i = 1; i <= 100; ++i) {
    pointer.Set(std::make_shared<const int>(i));
    for (int copies = 0; copies < i % 4; ++copies) {
      EXPECT_EQ(*pointer.get(), i);
    }
  }
  pointer.Set(nullptr);
  EXPECT_EQ(pointer.get(), nullptr);
}

TEST(AtomicSharedPtrTest, SetReleasesTheOldPointer) {
  auto first = std::make_shared<const int>(1);
  Pointer pointer(first);
  const auto copy = pointer.get();
  EXPECT_EQ(first.use_count(), 3);
  pointer.Set(std::make_shared<const int>(2));
  EXPECT_EQ(first.use_count(), 2);
  EXPECT_EQ(*copy, 1);
}

TEST(AtomicSharedPtrTest, TheDestructorReleasesTheLastPointer) {
  const auto last = std::make_shared<const int>(1);
  {
    Pointer pointer(std::make_shared<const int>(0));
    pointer.Set(last);
    EXPECT_EQ(last.use_count(), 2);
  }
  EXPECT_EQ(last.use_count(), 1);
}

TEST(AtomicSharedPtrTest, ReadersNeverSeeAnOlderPointerAfterANewerOne) {
  constexpr int kLast = 20000;
  Pointer pointer(std::make_shared<const int>(0));
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&pointer] {
      int before = 0;
      while (before < kLast) {
        const int now = *pointer.get();
        EXPECT_LE(before, now);
        before = now;
      }
    });
  }
  for (int i = 1; i <= kLast; ++i) {
    pointer.Set(std::make_shared<const int>(i));
  }
  for (std::thread& reader : readers) reader.join();
}

// Counts the instances that are alive.
struct Number {
  explicit Number(std::atomic<int>* alive) : alive(*alive) { ++*alive; }
  ~Number() { --alive; }
  std::atomic<int>& alive;
};

TEST(AtomicSharedPtrTest, KeepsNoPointerThatNobodyHolds) {
  std::atomic<int> alive{0};
  std::atomic<bool> done{false};
  AtomicSharedPtr<Number> pointer(std::make_shared<Number>(&alive));
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!done) EXPECT_GT(pointer.get()->alive.load(), 0);
    });
  }
  for (int i = 0; i < 20000; ++i) pointer.Set(std::make_shared<Number>(&alive));
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(alive, 1);
}

}  // namespace
}  // namespace passpersist::store_internal
