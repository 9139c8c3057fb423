// SPDX-License-Identifier: Apache-2.0

#include "store/version/version_set.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/oid_store.h"
#include "store/version/block.h"
#include "store/version/snapshot_publisher.h"

namespace passpersist::store_internal {
namespace {

// One row of the store that the tests make: as simple as parts can be.
class Row : public Block {
 public:
  static const Row* Make(uint64_t birth, uint32_t value) {
    return new (sizeof(Row)) Row(birth, value);
  }

  size_t memory() const override { return sizeof *this; }
  uint32_t value() const { return value_; }

  static std::atomic<int> alive;

 private:
  Row(uint64_t birth, uint32_t value) : Block(birth), value_(value) { ++alive; }
  ~Row() override { --alive; }

  const uint32_t value_;
};
std::atomic<int> Row::alive{0};

using Rows = std::vector<const Row*>;

class RowsVersion : public VersionSet::Version {
 public:
  explicit RowsVersion(VersionSet::VersionHandle ticket, Rows rows = {})
      : Version(std::move(ticket)), rows_(std::move(rows)) {}

  std::unique_ptr<Iterator> NewIterator() const override { return nullptr; }
  size_t size() const override { return rows_.size(); }
  VersionSet::Garbage All() const {
    return {{rows_.begin(), rows_.end()}, rows_.size() * sizeof(Row)};
  }
  const Rows& rows() const { return rows_; }

 private:
  const Rows rows_;
};

using Held = std::shared_ptr<const RowsVersion>;

// The one writer of a store.
//
// Used by one thread at a time, but for newest().
class Writer {
 public:
  void Replace(uint32_t count, uint32_t value) {
    internal::MutexLock lock(publisher_.writer());
    Rows rows;
    for (uint32_t i = 0; i < count; ++i) {
      rows.push_back(Row::Make(publisher_.next_number(), value));
    }
    publisher_.PublishAnew(std::move(rows));
  }

  void Put(size_t row, uint32_t value) {
    internal::MutexLock lock(publisher_.writer());
    Rows rows = publisher_.newest()->rows();
    VersionSet::Garbage retired({rows[row]});
    rows[row] = Row::Make(publisher_.next_number(), value);
    publisher_.Publish(std::move(retired), std::move(rows));
  }

  Held newest() const { return publisher_.newest(); }
  size_t memory() const { return newest()->All().memory; }
  size_t garbage() const { return publisher_.versions()->garbage(); }
  std::shared_ptr<const VersionSet> versions() const {
    return publisher_.versions();
  }

 private:
  Publisher<RowsVersion> publisher_;
};

// The value of every row, which has to be the same.
uint32_t ValueOf(const Held& version) {
  const Rows& rows = version->rows();
  for (const Row* const row : rows) {
    EXPECT_EQ(row->value(), rows.front()->value());
  }
  return rows.front()->value();
}

TEST(VersionSetTest, TheFirstOneIsEmpty) {
  const Writer writer;
  ASSERT_NE(writer.newest(), nullptr);
  EXPECT_EQ(writer.newest()->size(), 0);
}

TEST(VersionSetTest, TheNewestOneKnowsThatItIs) {
  Writer writer;
  const Held first = writer.newest();
  EXPECT_TRUE(first->IsNewest());
  writer.Replace(1, 1);
  EXPECT_FALSE(first->IsNewest());
  EXPECT_TRUE(writer.newest()->IsNewest());
}

TEST(VersionSetTest, AReaderThatLooksAtItsOwnVersionOnlySeesTheLastOne) {
  constexpr uint32_t kLast = 2000;
  Writer writer;
  writer.Replace(1, 0);
  std::thread reader([&writer] {
    Held held = writer.newest();
    while (ValueOf(held) < kLast) {
      if (!held->IsNewest()) held = writer.newest();
    }
  });
  for (uint32_t i = 1; i <= kLast; ++i) writer.Replace(1, i);
  reader.join();
}

TEST(VersionSetTest, FreesAtOnceWhatNobodyReads) {
  Writer writer;
  for (uint32_t i = 0; i < 100; ++i) {
    writer.Replace(1000, i);
    EXPECT_EQ(writer.garbage(), 0);
    writer.Put(i, i);
    EXPECT_EQ(writer.garbage(), 0);
    EXPECT_EQ(Row::alive, 1000);
  }
}

TEST(VersionSetTest, KeepsWhatAReaderHoldsUntilTheNextWrite) {
  Writer writer;
  writer.Replace(1000, 1);
  Held held = writer.newest();
  const size_t memory = writer.memory();
  writer.Replace(1000, 2);
  EXPECT_EQ(writer.garbage(), memory);
  EXPECT_EQ(ValueOf(held), 1);
  held.reset();
  EXPECT_EQ(writer.garbage(), memory);  // not by the reader
  writer.Put(1, 2);
  EXPECT_EQ(writer.garbage(), 0);
}

TEST(VersionSetTest, AnOldSnapshotKeepsItsOwnPartsAndNothingElse) {
  Writer writer;
  writer.Replace(1000, 1);
  const Held held = writer.newest();
  const size_t memory = writer.memory();
  for (uint32_t i = 0; i < 5000; ++i) {
    writer.Put(i * 7 % 1000, 2);
    ASSERT_LE(writer.garbage(), memory);
    ASSERT_LE(Row::alive, 2000);
    if (i % 1000 == 0) {
      writer.Replace(1000, 2);
      ASSERT_EQ(writer.garbage(), memory);
    }
  }
  EXPECT_EQ(ValueOf(held), 1);
}

TEST(VersionSetTest, SnapshotsMayGoInAnyOrder) {
  for (const bool oldest_first : {true, false}) {
    Writer writer;
    writer.Replace(1000, 0);
    std::vector<Held> held;
    for (uint32_t i = 1; i <= 50; ++i) {
      held.push_back(writer.newest());
      for (uint32_t row = 0; row < 1000; row += 200) writer.Put(row, i);
      if (i % 10 == 0) writer.Replace(1000, i);
    }
    while (held.size() > 1) {
      held.erase(oldest_first ? held.begin() : held.end() - 1);
      writer.Put(0, 0);
      for (const Held& version : {held.front(), held.back()}) {
        uint64_t sum = 0;
        for (const Row* const row : version->rows()) sum += row->value();
        ASSERT_LE(sum, 50 * 1000);
      }
    }
    held.clear();
    writer.Put(0, 0);
    EXPECT_EQ(writer.garbage(), 0);
    EXPECT_EQ(Row::alive, 1000);
  }
}

TEST(VersionSetTest, SnapshotsOutliveTheWriter) {
  std::vector<Held> held;
  std::shared_ptr<const VersionSet> versions;
  {
    Writer writer;
    versions = writer.versions();
    for (uint32_t i = 0; i < 5; ++i) {
      writer.Replace(1000, i);
      held.push_back(writer.newest());
    }
  }
  for (uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(ValueOf(held[i]), i);
    held[i].reset();
    EXPECT_EQ(Row::alive, (4 - i) * 1000);
  }
  EXPECT_EQ(versions->garbage(), 0);
}

TEST(VersionSetTest, TheReaperFreesMuchGarbageWithoutAWriter) {
  Writer writer;
  writer.Replace(100000, 1);
  ASSERT_GT(writer.memory(), VersionSet::kReclaimThreshold);
  Held held = writer.newest();
  writer.Replace(10, 2);
  EXPECT_GT(writer.garbage(), VersionSet::kReclaimThreshold);
  held.reset();
  while (writer.garbage() > 0) std::this_thread::yield();
}

// What goes from a dropped version to an older one that is dropped too is
// counted there: else the reaper would sleep while there is much to free.
TEST(VersionSetTest, TheReaperIsWokenAfterNeighboursWentTogether) {
  constexpr uint32_t kMuchRows =
      VersionSet::kReclaimThreshold / sizeof(Row) + 1;
  constexpr uint32_t kFewRows = kMuchRows / 10;
  Writer writer;
  // Starts the reaper.
  writer.Replace(kMuchRows, 1);
  Held much = writer.newest();
  writer.Replace(kFewRows, 2);
  much.reset();
  while (writer.garbage() > 0) std::this_thread::yield();

  // The rows of the later one are nearly all those of the earlier one. Too few
  // for the reaper, so that the writer goes through both bags.
  Held earlier = writer.newest();
  writer.Put(0, 3);
  Held later = writer.newest();
  writer.Replace(1, 4);
  earlier.reset();
  later.reset();
  EXPECT_GT(writer.garbage(), 0);
  writer.Replace(kMuchRows, 5);
  EXPECT_EQ(writer.garbage(), 0);

  much = writer.newest();
  writer.Replace(1, 6);
  much.reset();
  while (writer.garbage() > 0) std::this_thread::yield();
}

TEST(VersionSetTest, ReadersComeAndGoWhileOthersWrite) {
  Writer writer;
  writer.Replace(1000, 0);
  std::atomic<bool> done = false;
  const auto read = [&] {
    std::vector<Held> held;
    while (!done) {
      held.push_back(writer.newest());
      ValueOf(held.front());
      if (held.size() > 3) held.erase(held.begin());
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (uint32_t i = 1; i <= 60; ++i) {
    writer.Replace(i % 10 == 0 ? 50000 : 1000, i);
  }
  done = true;
  first.join();
  second.join();
  writer.Replace(1, 0);
  while (writer.garbage() > 0) std::this_thread::yield();
  EXPECT_EQ(Row::alive, 1);
}

}  // namespace
}  // namespace passpersist::store_internal
