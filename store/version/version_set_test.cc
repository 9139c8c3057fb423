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
#include "passpersist/testing/thread_shortage.h"
#include "store/version/block.h"
#include "store/version/snapshot_publisher.h"

namespace passpersist::store_internal {
namespace {

// The blocks of the store that the tests make.
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
  explicit RowsVersion(VersionSet::VersionHandle handle, Rows rows = {})
      : Version(std::move(handle)), rows_(std::move(rows)) {}

  std::unique_ptr<Iterator> NewIterator() const override { return nullptr; }
  size_t size() const override { return rows_.size(); }
  VersionSet::Garbage AllBlocks() const {
    return {{rows_.begin(), rows_.end()}, rows_.size() * sizeof(Row)};
  }
  const Rows& rows() const { return rows_; }

 private:
  const Rows rows_;
};

using Held = std::shared_ptr<const RowsVersion>;

// The only writer of a store.
//
// Used by one thread at a time, except newest().
class Writer {
 public:
  void Replace(uint32_t count, uint32_t value) {
    internal::MutexLock lock(publisher_.writer());
    Rows rows;
    for (uint32_t i = 0; i < count; ++i) {
      rows.push_back(Row::Make(publisher_.next_number(), value));
    }
    publisher_.PublishReplacement(std::move(rows));
  }

  void Put(size_t row, uint32_t value) {
    internal::MutexLock lock(publisher_.writer());
    Rows rows = publisher_.newest()->rows();
    VersionSet::Garbage garbage({rows[row]});
    rows[row] = Row::Make(publisher_.next_number(), value);
    publisher_.Publish(std::move(garbage), std::move(rows));
  }

  Held newest() const { return publisher_.newest(); }
  size_t memory() const { return newest()->AllBlocks().memory; }
  size_t garbage_bytes() const {
    return publisher_.versions()->garbage_bytes();
  }
  std::shared_ptr<const VersionSet> versions() const {
    return publisher_.versions();
  }

 private:
  Publisher<RowsVersion> publisher_;
};

// The value of the rows, which have to be equal.
uint32_t ValueOf(const Held& version) {
  const Rows& rows = version->rows();
  for (const Row* const row : rows) {
    EXPECT_EQ(row->value(), rows.front()->value());
  }
  return rows.front()->value();
}

TEST(VersionSetTest, TheFirstVersionIsEmpty) {
  const Writer writer;
  ASSERT_NE(writer.newest(), nullptr);
  EXPECT_EQ(writer.newest()->size(), 0);
}

TEST(VersionSetTest, IsNewestUntilANewerVersionIsPublished) {
  Writer writer;
  const Held first = writer.newest();
  EXPECT_TRUE(first->IsNewest());
  writer.Replace(1, 1);
  EXPECT_FALSE(first->IsNewest());
  EXPECT_TRUE(writer.newest()->IsNewest());
}

TEST(VersionSetTest, AReaderThatPollsIsNewestSeesTheLastVersion) {
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

TEST(VersionSetTest, ReadersNeverSeeAnOlderVersionAfterANewerOne) {
  Writer writer;
  writer.Replace(1, 0);
  std::atomic<bool> done = false;
  std::vector<std::thread> readers;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      for (uint32_t last = 0; !done;) {
        const uint32_t value = ValueOf(writer.newest());
        EXPECT_GE(value, last);
        last = value;
      }
    });
  }
  for (uint32_t value = 1; value <= 2'000; ++value) writer.Replace(1, value);
  done = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(ValueOf(writer.newest()), 2'000);
}

TEST(VersionSetTest, FreesUnreadBlocksAtOnce) {
  Writer writer;
  for (uint32_t i = 0; i < 100; ++i) {
    writer.Replace(1000, i);
    EXPECT_EQ(writer.garbage_bytes(), 0);
    writer.Put(i, i);
    EXPECT_EQ(writer.garbage_bytes(), 0);
    EXPECT_EQ(Row::alive, 1000);
  }
}

TEST(VersionSetTest, KeepsTheBlocksOfAReleasedVersionUntilTheNextWrite) {
  Writer writer;
  writer.Replace(1000, 1);
  Held held = writer.newest();
  const size_t memory = writer.memory();
  writer.Replace(1000, 2);
  EXPECT_EQ(writer.garbage_bytes(), memory);
  EXPECT_EQ(ValueOf(held), 1);
  held.reset();
  EXPECT_EQ(writer.garbage_bytes(), memory);  // the reader has freed nothing
  writer.Put(1, 2);
  EXPECT_EQ(writer.garbage_bytes(), 0);
}

TEST(VersionSetTest, AnOldSnapshotKeepsOnlyItsOwnBlocks) {
  Writer writer;
  writer.Replace(1000, 1);
  const Held held = writer.newest();
  const size_t memory = writer.memory();
  for (uint32_t i = 0; i < 5000; ++i) {
    writer.Put(i * 7 % 1000, 2);
    ASSERT_LE(writer.garbage_bytes(), memory);
    ASSERT_LE(Row::alive, 2000);
    if (i % 1000 == 0) {
      writer.Replace(1000, 2);
      ASSERT_EQ(writer.garbage_bytes(), memory);
    }
  }
  EXPECT_EQ(ValueOf(held), 1);
}

TEST(VersionSetTest, SnapshotsMayBeReleasedInAnyOrder) {
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
    EXPECT_EQ(writer.garbage_bytes(), 0);
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
  EXPECT_EQ(versions->garbage_bytes(), 0);
}

TEST(VersionSetTest, TheReaperFreesMuchGarbageWithoutAWriter) {
  Writer writer;
  writer.Replace(100000, 1);
  ASSERT_GT(writer.memory(), VersionSet::kReclaimThreshold);
  Held held = writer.newest();
  writer.Replace(10, 2);
  EXPECT_GT(writer.garbage_bytes(), VersionSet::kReclaimThreshold);
  held.reset();
  while (writer.garbage_bytes() > 0) std::this_thread::yield();
}

// Garbage that moves from a released version to an older released version has
// to be counted there. Otherwise the reaper sleeps although there is much to
// free.
TEST(VersionSetTest, StartsTheReaperLaterIfNoThreadIsLeft) {
  Writer writer;
  writer.Replace(100000, 1);
  Held held = writer.newest();
  {
    const passpersist_testing::ThreadShortage shortage;
    writer.Replace(10, 2);
  }
  writer.Replace(10, 3);
  held.reset();
  while (writer.garbage_bytes() > 0) std::this_thread::yield();
}

TEST(VersionSetTest, TheReaperRunsAfterAdjacentVersionsWereFreedTogether) {
  constexpr uint32_t kManyRows =
      VersionSet::kReclaimThreshold / sizeof(Row) + 1;
  constexpr uint32_t kFewRows = kManyRows / 10;
  Writer writer;
  // Starts the reaper.
  writer.Replace(kManyRows, 1);
  Held many = writer.newest();
  writer.Replace(kFewRows, 2);
  many.reset();
  while (writer.garbage_bytes() > 0) std::this_thread::yield();

  // The later version shares nearly all rows with the earlier one. They are too
  // few for the reaper, so the writer processes the garbage of both.
  Held earlier = writer.newest();
  writer.Put(0, 3);
  Held later = writer.newest();
  writer.Replace(1, 4);
  earlier.reset();
  later.reset();
  EXPECT_GT(writer.garbage_bytes(), 0);
  writer.Replace(kManyRows, 5);
  EXPECT_EQ(writer.garbage_bytes(), 0);

  many = writer.newest();
  writer.Replace(1, 6);
  many.reset();
  while (writer.garbage_bytes() > 0) std::this_thread::yield();
}

TEST(VersionSetTest, ReadersMayHoldVersionsWhileAWriterPublishes) {
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
  while (writer.garbage_bytes() > 0) std::this_thread::yield();
  EXPECT_EQ(Row::alive, 1);
}

}  // namespace
}  // namespace passpersist::store_internal
