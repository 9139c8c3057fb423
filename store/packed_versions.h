#ifndef STORE_PACKED_VERSIONS_H_
#define STORE_PACKED_VERSIONS_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/oid_store.h"
#include "store/packed_page.h"
#include "store/packed_tree.h"

namespace passpersist::internal {

// The versions of a tree that somebody may be reading, and the pages that go
// when they do.
//
// A page is part of the versions from its birth until it is retired, and of no
// others. So it can go when no version that lives lies between the two; no page
// needs a reference count, which would have to be touched in all 128 children
// of an inner page for each copy of it.
//
//   version        1      2      3      4        4 is the newest one; a reader
//   lives         yes     no    yes    yes       holds 1, another one 3
//   page a         [-----------------------      born 1, still in use
//   page b         [-------------)               born 1, retired by 3
//   page c                [-------------)        born 2, retired by 4
//
// A retired page lies in the bag of the last version that it is part of and
// that lives: b in the bag of 1, c in that of 3. When a version dies, its bag
// is gone through: pages that were born early enough to be part of the version
// that lived before it go into the bag of that one, the others are freed. So an
// old snapshot that is held for days keeps its own pages, and nothing of what
// came and went after it.
//
// A reader only ever marks a version as dropped. Pages are freed by
// - the next writer;
// - the reaper, a thread that the first writer starts who leaves much garbage
//   to readers, and that sleeps until they drop it: more than kMuch bytes never
//   wait for a writer to come;
// - a reader, when the store has gone.
//
// Safe for concurrent use.
class PackedVersions : public std::enable_shared_from_this<PackedVersions> {
 private:
  struct Bag {
    std::vector<const PackedPage*> pages;  // without those below them
    std::vector<const PackedPage*> trees;  // pages and all below them
    size_t memory = 0;                     // of what is in the bag
  };
  struct Entry {
    uint64_t number;
    Bag bag;
    bool dropped = false;
  };
  using Entries = std::list<Entry>;

 public:
  // What may wait for the next writer, if there ever is one.
  static constexpr size_t kMuch = 256 << 10;

  // A version that lives.
  //
  // Immutable, so safe for concurrent use.
  class Version : public Snapshot,
                  public std::enable_shared_from_this<Version> {
   public:
    Version(std::shared_ptr<PackedVersions> versions, Entries::iterator entry,
            const PackedTree& tree)
        : versions_(std::move(versions)), entry_(entry), tree_(tree) {}
    ~Version() override { versions_->Drop(entry_); }

    std::unique_ptr<Iterator> NewIterator() const override;
    size_t size() const override { return tree_.size; }
    const PackedTree& tree() const { return tree_; }

   private:
    friend class PackedVersions;

    const std::shared_ptr<PackedVersions> versions_;
    const Entries::iterator entry_;
    const PackedTree tree_;
  };

  // The pages that a version was the last one to use.
  struct Retired {
    std::vector<const PackedPage*> pages;  // without those below them
    const PackedPage* tree = nullptr;      // if not null, with all below it
    size_t memory = 0;                     // of them all
  };

  PackedVersions() = default;
  PackedVersions(const PackedVersions&) = delete;
  PackedVersions& operator=(const PackedVersions&) = delete;
  ~PackedVersions();

  // Begins a version. Requires a greater number than before. Called by one
  // thread at a time, as the two below.
  std::shared_ptr<const Version> Add(uint64_t number, const PackedTree& tree);

  // Gives up the writer's share in a version, the newest but one, and the pages
  // that it was the last to use. Frees what is not in use.
  void Retire(std::shared_ptr<const Version> version, Retired retired);

  // The same for the newest version and all its pages. From then on whoever
  // drops a version frees its pages.
  void Close(std::shared_ptr<const Version> version);

  // The bytes of retired pages that are still there.
  size_t garbage() const;

 private:
  void Drop(Entries::iterator entry);
  void PutIntoBag(Entries::iterator entry, Retired retired);
  // Frees the garbage of dropped versions, unless another thread is at it,
  // which then does.
  void Collect();
  void Reap();
  bool ReaperHasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || dropped_memory_ >= kMuch;
  }

  mutable absl::Mutex mutex_;                // never held while pages are freed
  Entries entries_ ABSL_GUARDED_BY(mutex_);  // by number
  size_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;         // entries
  size_t dropped_memory_ ABSL_GUARDED_BY(mutex_) = 0;  // of their bags
  size_t garbage_ ABSL_GUARDED_BY(mutex_) = 0;         // of all bags
  bool collecting_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread reaper_;
};

}  // namespace passpersist::internal

#endif  // STORE_PACKED_VERSIONS_H_
