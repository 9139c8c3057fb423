#include "store/packed_versions.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/internal/packed_key.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/packed_builder.h"
#include "store/packed_editor.h"
#include "store/packed_tree.h"

namespace passpersist::internal {
namespace {

using Version = PackedVersions::Version;

// The one writer of a tree, as a store is.
//
// Used by one thread at a time.
class Writer {
 public:
  Writer() : newest_(versions_->Add(0, PackedTree())) {}
  ~Writer() { versions_->Close(std::move(newest_)); }

  void Replace(uint32_t rows, uint32_t value) {
    PackedBuilder builder(number_ + 1);
    for (uint32_t i = 0; i < rows; ++i)
      builder.Add({i}, Value(Gauge32{value}), "");
    PackedVersions::Retired retired;
    retired.tree = newest_->tree().root;
    retired.memory = newest_->tree().memory;
    Publish(builder.Finish(), std::move(retired));
  }

  void Put(uint32_t row, uint32_t value) {
    const PackedKey key({row});
    const Slot slot = Value(Gauge32{value});
    const PackedEdit edit = {key.bytes(), &slot, "", true};
    PackedEditor editor(newest_->tree(), number_ + 1);
    const PackedTree tree = editor.Apply({&edit, 1});
    PackedVersions::Retired retired;
    retired.pages = editor.retired();
    for (const PackedPage* const page : retired.pages) {
      retired.memory += page->memory();
    }
    Publish(tree, std::move(retired));
  }

  std::shared_ptr<const Version> newest() const { return newest_; }
  size_t memory() const { return newest_->tree().memory; }
  size_t garbage() const { return versions_->garbage(); }
  std::shared_ptr<const PackedVersions> versions() const { return versions_; }

 private:
  void Publish(const PackedTree& tree, PackedVersions::Retired retired) {
    std::shared_ptr<const Version> version = versions_->Add(++number_, tree);
    newest_.swap(version);
    versions_->Retire(std::move(version), std::move(retired));
  }

  const std::shared_ptr<PackedVersions> versions_ =
      std::make_shared<PackedVersions>();
  std::shared_ptr<const Version> newest_;
  uint64_t number_ = 0;
};

// The value of every row, which has to be the same.
uint32_t ValueOf(const Snapshot& snapshot) {
  const std::unique_ptr<Iterator> iterator = snapshot.NewIterator();
  iterator->SeekToFirst();
  const Slot first = iterator->slot();
  for (; iterator->Valid(); iterator->Next()) {
    EXPECT_EQ(std::get<Value>(iterator->slot()), std::get<Value>(first));
  }
  return std::get<Gauge32>(std::get<Value>(first)).value;
}

TEST(PackedVersionsTest, FreesAtOnceWhatNobodyReads) {
  Writer writer;
  for (uint32_t i = 0; i < 100; ++i) {
    writer.Replace(1000, i);
    EXPECT_EQ(writer.garbage(), 0);
    writer.Put(i, i);
    EXPECT_EQ(writer.garbage(), 0);
  }
}

TEST(PackedVersionsTest, KeepsWhatAReaderHoldsUntilTheNextWrite) {
  Writer writer;
  writer.Replace(1000, 1);
  std::shared_ptr<const Snapshot> held = writer.newest();
  const size_t memory = writer.memory();
  writer.Replace(1000, 2);
  EXPECT_EQ(writer.garbage(), memory);
  EXPECT_EQ(ValueOf(*held), 1);
  held.reset();
  EXPECT_EQ(writer.garbage(), memory);  // not by the reader
  writer.Put(1, 2);
  EXPECT_EQ(writer.garbage(), 0);
}

TEST(PackedVersionsTest, AnOldSnapshotKeepsItsOwnPagesAndNothingElse) {
  Writer writer;
  writer.Replace(10000, 1);
  const std::shared_ptr<const Snapshot> held = writer.newest();
  const size_t memory = writer.memory();
  for (uint32_t i = 0; i < 5000; ++i) {
    writer.Put(i * 7 % 10000, 2);
    ASSERT_LE(writer.garbage(), memory);
    if (i % 1000 == 0) {
      writer.Replace(10000, 2);
      ASSERT_EQ(writer.garbage(), memory);
    }
  }
  EXPECT_EQ(ValueOf(*held), 1);
}

TEST(PackedVersionsTest, SnapshotsMayGoInAnyOrder) {
  for (const bool oldest_first : {true, false}) {
    Writer writer;
    writer.Replace(1000, 0);
    std::vector<std::shared_ptr<const Snapshot>> held;
    for (uint32_t i = 1; i <= 50; ++i) {
      held.push_back(writer.newest());
      for (uint32_t row = 0; row < 1000; row += 200) writer.Put(row, i);
      if (i % 10 == 0) writer.Replace(1000, i);
    }
    while (held.size() > 1) {
      held.erase(oldest_first ? held.begin() : held.end() - 1);
      writer.Put(0, 0);
      for (const auto& snapshot : {held.front(), held.back()}) {
        const auto iterator = snapshot->NewIterator();
        iterator->SeekToFirst();
        size_t rows = 0;
        for (; iterator->Valid(); iterator->Next()) ++rows;
        ASSERT_EQ(rows, 1000);
      }
    }
    held.clear();
    writer.Put(0, 0);
    EXPECT_EQ(writer.garbage(), 0);
  }
}

TEST(PackedVersionsTest, SnapshotsOutliveTheWriter) {
  std::vector<std::shared_ptr<const Snapshot>> held;
  std::shared_ptr<const PackedVersions> versions;
  {
    Writer writer;
    versions = writer.versions();
    for (uint32_t i = 0; i < 5; ++i) {
      writer.Replace(1000, i);
      held.push_back(writer.newest());
    }
  }
  for (uint32_t i = 0; i < 5; ++i) {
    EXPECT_EQ(ValueOf(*held[i]), i);
    held[i].reset();
  }
  EXPECT_EQ(versions->garbage(), 0);
}

TEST(PackedVersionsTest, TheReaperFreesMuchGarbageWithoutAWriter) {
  Writer writer;
  writer.Replace(100000, 1);
  ASSERT_GT(writer.memory(), PackedVersions::kMuch);
  std::shared_ptr<const Snapshot> held = writer.newest();
  writer.Replace(10, 2);
  EXPECT_GT(writer.garbage(), PackedVersions::kMuch);
  held.reset();
  while (writer.garbage() > 0) std::this_thread::yield();
}

TEST(PackedVersionsTest, ReadersComeAndGoWhileOthersWrite) {
  Writer writer;
  writer.Replace(1000, 0);
  std::mutex mutex;  // what a store has for its newest version
  std::shared_ptr<const Snapshot> newest = writer.newest();
  std::atomic<bool> done = false;
  const auto read = [&] {
    std::vector<std::shared_ptr<const Snapshot>> held;
    while (!done) {
      {
        const std::lock_guard<std::mutex> lock(mutex);
        held.push_back(newest);
      }
      ValueOf(*held.front());
      if (held.size() > 3) held.erase(held.begin());
    }
  };
  std::thread first(read);
  std::thread second(read);
  for (uint32_t i = 1; i <= 60; ++i) {
    writer.Replace(i % 10 == 0 ? 50000 : 1000, i);
    std::shared_ptr<const Snapshot> next = writer.newest();
    const std::lock_guard<std::mutex> lock(mutex);
    newest.swap(next);
  }
  done = true;
  first.join();
  second.join();
  newest.reset();
  writer.Replace(1, 0);
  while (writer.garbage() > 0) std::this_thread::yield();
}

}  // namespace
}  // namespace passpersist::internal
