// SPDX-License-Identifier: Apache-2.0

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {

using passpersist::Changes;
using passpersist::Contents;
using passpersist::Integer32;
using passpersist::Snapshot;
using passpersist::Value;
using testing::SizeIs;

namespace {

constexpr int kReaders = 3;
constexpr int kRounds = 100;
constexpr int kRows = 40;

// Calls `read` repeatedly in several threads while `write` runs once in this
// thread. Each reader reads at least once after the writer has ended.
void ReadWhileWriting(const std::function<void()>& read,
                      const std::function<void()>& write) {
  std::atomic<bool> done = false;
  std::atomic<int> reading = 0;
  std::vector<std::thread> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      bool last = false;
      while (!last) {
        last = done;
        read();
        ++reading;
      }
    });
  }
  while (reading < kReaders) std::this_thread::yield();
  write();
  done = true;
  for (std::thread& reader : readers) reader.join();
}

int32_t Number(const Value& value) { return std::get<Integer32>(value).value; }

// Rows whose values and number depend on `round`.
Contents RowsOfRound(int round) {
  Contents contents;
  const auto count = static_cast<uint32_t>(kRows + round % kRows);
  for (uint32_t i = 0; i < count; ++i) {
    contents.Put({1, i}, Integer32{round}, std::to_string(round));
  }
  return contents;
}

// The round that made `snapshot`. A test failure if it contains rows of several
// rounds.
int RoundOf(const Snapshot& snapshot) {
  const std::vector<StoreRow> rows = ReadRows(snapshot);
  if (rows.empty()) {
    ADD_FAILURE() << "no entries";
    return 0;
  }
  const int round = Number(rows[0].value);
  EXPECT_THAT(rows, SizeIs(kRows + round % kRows));
  for (const StoreRow& row : rows) {
    EXPECT_EQ(Number(row.value), round);
    EXPECT_EQ(row.label, std::to_string(round));
  }
  return round;
}

}  // namespace

TEST_P(StoreConformanceTest, ReadersNeverSeeHalfAReplace) {
  ASSERT_TRUE(store_->Replace(RowsOfRound(0)).ok());
  ReadWhileWriting([&] { RoundOf(*store_->snapshot()); },
                   [&] {
                     for (int round = 1; round <= kRounds; ++round) {
                       EXPECT_TRUE(store_->Replace(RowsOfRound(round)).ok());
                     }
                   });
}

TEST_P(StoreConformanceTest, ReadersNeverSeeAnOlderStateThanBefore) {
  ASSERT_TRUE(store_->Replace(RowsOfRound(0)).ok());
  ReadWhileWriting(
      [&] {
        const int first = RoundOf(*store_->snapshot());
        const int second = RoundOf(*store_->snapshot());
        EXPECT_LE(first, second);
      },
      [&] {
        for (int round = 1; round <= kRounds; ++round) {
          EXPECT_TRUE(store_->Replace(RowsOfRound(round)).ok());
        }
      });
}

// Each change moves an amount between two entries, so half a change would alter
// the sum.
TEST_P(StoreConformanceTest, ReadersNeverSeeHalfAnApply) {
  constexpr uint32_t kAccounts = 10;
  constexpr int kEach = 100;
  Contents contents;
  for (uint32_t i = 0; i < kAccounts; ++i) {
    contents.Put({i}, Integer32{kEach});
  }
  ASSERT_TRUE(store_->Replace(std::move(contents)).ok());
  ReadWhileWriting(
      [&] {
        int sum = 0;
        for (const StoreRow& row : ReadRows(*store_->snapshot())) {
          sum += Number(row.value);
        }
        EXPECT_EQ(sum, kEach * static_cast<int>(kAccounts));
      },
      [&] {
        std::vector<int32_t> accounts(kAccounts, kEach);
        for (uint32_t round = 0; round < kRounds; ++round) {
          const uint32_t from = round % kAccounts;
          const uint32_t to = (from + 3) % kAccounts;
          const int32_t half = accounts[from] / 2;
          Changes changes;
          changes.Put({from}, Integer32{accounts[from] -= half});
          changes.Put({to}, Integer32{accounts[to] += half});
          EXPECT_TRUE(store_->Apply(changes).ok());
        }
      });
}

TEST_P(StoreConformanceTest, ASnapshotStaysAsItIsWhileOthersWrite) {
  ASSERT_TRUE(store_->Replace(RowsOfRound(0)).ok());
  const std::shared_ptr<const Snapshot> old = store_->snapshot();
  ReadWhileWriting([&] { EXPECT_EQ(RoundOf(*old), 0); },
                   [&] {
                     for (int round = 1; round <= kRounds; ++round) {
                       EXPECT_TRUE(store_->Replace(RowsOfRound(round)).ok());
                       Changes changes;
                       changes.Erase({1, 0});
                       EXPECT_TRUE(store_->Apply(changes).ok());
                     }
                   });
}

TEST_P(StoreConformanceTest, NoChangeOfSeveralWritersIsLost) {
  constexpr int kWriters = 4;
  constexpr int kPuts = 100;
  std::vector<std::thread> writers;
  for (uint32_t writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([this, writer] {
      for (uint32_t i = 0; i < kPuts; ++i) {
        Changes changes;
        changes.Put({writer, i}, Integer32{1});
        // Erases the entry before, except every tenth.
        if (i > 0 && (i - 1) % 10 != 0) changes.Erase({writer, i - 1});
        EXPECT_TRUE(store_->Apply(changes).ok());
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_THAT(Rows(), SizeIs(kWriters * (kPuts / 10 + 1)));
}

}  // namespace passpersist_testing
