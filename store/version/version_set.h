// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VERSION_VERSION_SET_H_
#define STORE_VERSION_VERSION_SET_H_

#include <atomic>
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
#include "store/version/block.h"

namespace passpersist::store_internal {

// The versions of a store that somebody may be reading, and the parts that go
// when they do.
//
// A part belongs to the versions from its birth until it is retired, and to no
// others. So it can go when no version that lives lies between the two; no part
// needs a reference count, which would have to be touched in all children of an
// inner page for each copy of it.
//
//   version        1      2      3      4        4 is the newest one; a reader
//   lives         yes     no    yes    yes       holds 1, another one 3
//   part a         [-----------------------      born 1, still in use
//   part b         [-------------)               born 1, retired by 3
//   part c                [-------------)        born 2, retired by 4
//
// A retired part lies in the bag of the last version that it belongs to and
// that lives: b in the bag of 1, c in that of 3. When a version dies, its bag
// is gone through: parts that were born early enough to belong to the version
// that lived before it go into the bag of that one, the others are freed. So an
// old snapshot that is held for days keeps its own parts, and nothing of what
// came and went after it.
//
// A reader only ever marks a version as dropped. Parts are freed by
// - the next writer;
// - the reaper, a thread that the first writer starts who leaves much garbage
//   to readers, and that sleeps until they drop it: more than kReclaimThreshold
//   bytes never wait for a writer to come;
// - a reader, when the store has gone.
//
// Safe for concurrent use.
class VersionSet : public std::enable_shared_from_this<VersionSet> {
 public:
  // What may wait for the next writer, if there ever is one.
  static constexpr size_t kReclaimThreshold = 256 << 10;

  // Parts that a version was the last one to use.
  //
  // A value type that borrows the parts.
  struct Garbage {
    // Looks at each part, which the other one does not.
    explicit Garbage(std::vector<const Block*> all);
    Garbage(std::vector<const Block*> all, size_t bytes)
        : parts(std::move(all)), memory(bytes) {}

    std::vector<const Block*> parts;
    size_t memory = 0;  // of them all
  };

 private:
  struct Entry {
    uint64_t number;
    Garbage bag;
    bool dropped = false;
  };
  using Entries = std::list<Entry>;

 public:
  // The place of a version among the others. Only Add() makes one.
  class VersionHandle {
   private:
    friend class VersionSet;
    VersionHandle(std::shared_ptr<VersionSet> versions, Entries::iterator entry)
        : versions_(std::move(versions)), entry_(entry) {}

    std::shared_ptr<VersionSet> versions_;
    Entries::iterator entry_;
  };

  // A version that lives. What it consists of, the store's own type adds.
  //
  // Safe for concurrent use: all but one flag is immutable.
  class Version : public Snapshot,
                  public std::enable_shared_from_this<Version> {
   public:
    Version(const Version&) = delete;
    Version& operator=(const Version&) = delete;
    ~Version() override { ticket_.versions_->Drop(ticket_.entry_); }

    // What a reader sees is a matter of the pointer that the store publishes;
    // the flag only says that it is time to look there.
    bool IsNewest() const final {
      return is_newest_.load(std::memory_order_relaxed);
    }
    // To be called as soon as a newer one is published.
    void SetOutdated() const {
      is_newest_.store(false, std::memory_order_relaxed);
    }

   protected:
    explicit Version(VersionHandle ticket) : ticket_(std::move(ticket)) {}

   private:
    friend class VersionSet;

    const VersionHandle ticket_;
    mutable std::atomic<bool> is_newest_{true};
  };

  VersionSet() = default;
  VersionSet(const VersionSet&) = delete;
  VersionSet& operator=(const VersionSet&) = delete;
  ~VersionSet();

  // Begins a version: a T of a ticket and `args`. Requires a greater number
  // than before. Called by one thread at a time, as the two below.
  template <typename T, typename... Args>
  std::shared_ptr<const T> Add(uint64_t number, Args&&... args) {
    return std::make_shared<const T>(NewTicket(number),
                                     std::forward<Args>(args)...);
  }

  // Gives up the writer's share in a version, the newest but one, and the parts
  // that it was the last to use. Frees what is not in use.
  void Retire(std::shared_ptr<const Version> version, Garbage retired);

  // The same for the newest version and all its parts. From then on whoever
  // drops a version frees its parts.
  void Close(std::shared_ptr<const Version> version, Garbage all);

  // The bytes of retired parts that are still there.
  size_t garbage() const;

 private:
  VersionHandle NewTicket(uint64_t number);
  void Drop(Entries::iterator entry);
  void PutIntoBag(Entries::iterator entry, Garbage retired);
  static void AddTo(Garbage* bag, Garbage retired);
  // Frees the parts that are not part of version `number`, and leaves the
  // others in `retired`. Returns the bytes that were freed.
  static size_t Free(uint64_t number, Garbage* retired);
  // Frees the garbage of dropped versions, unless another thread is at it,
  // which then does. Returns the bytes of what is left.
  size_t Collect();
  void Reap();
  bool ReaperHasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || dropped_memory_ >= kReclaimThreshold;
  }

  mutable absl::Mutex mutex_;  // never held while parts are freed
  // Signalled when the reaper has work. (A condition that is waited for would
  // be evaluated by everyone who unlocks the mutex.)
  absl::CondVar reaper_has_work_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);            // by number
  size_t dropped_ ABSL_GUARDED_BY(mutex_) = 0;         // entries
  size_t dropped_memory_ ABSL_GUARDED_BY(mutex_) = 0;  // of their bags
  size_t garbage_ ABSL_GUARDED_BY(mutex_) = 0;         // of all bags
  bool collecting_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread reaper_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_VERSION_SET_H_
