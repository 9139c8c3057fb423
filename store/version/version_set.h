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

// The versions of a store that a reader may hold, and the garbage: the blocks
// that only older versions use.
//
// A block belongs to the versions from its birth until the first version that
// does not use it, and to no others. It can be freed when no living version is
// between the two. Blocks therefore need no reference count, which a copy of an
// inner page would have to update in each of its children.
//
//   version        1      2      3      4        4 is the newest version; a
//   lives         yes     no    yes    yes       reader holds 1, another one 3
//   block a        [-----------------------      born 1, still in use
//   block b        [-------------)               born 1, garbage since 3
//   block c               [-------------)        born 2, garbage since 4
//
// A garbage block is in the garbage list of the last living version that uses
// it: b in the list of 1, c in that of 3. When a version dies, the blocks of
// its list that the previous living version uses too, which their birth tells,
// move to the list of that version; the others are freed. An old snapshot that
// a reader holds for days therefore keeps its own blocks, and none of the
// blocks that were made and replaced after it.
//
// A reader that drops a version only marks it as released. Blocks are freed by
// - the next writer;
// - the reaper, a thread that waits until readers release kReclaimThreshold
//   bytes of garbage or more, so that such an amount never waits for a writer.
//   The first writer that leaves this much garbage to readers starts it;
// - a reader, after Close().
//
// Safe for concurrent use.
class VersionSet : public std::enable_shared_from_this<VersionSet> {
 public:
  // Bytes. Less garbage than this may wait for the next writer, even if there
  // never is one.
  static constexpr size_t kReclaimThreshold = 256 << 10;

  // Blocks that a version is the last one to use.
  //
  // A value type that borrows the blocks.
  struct Garbage {
    // Reads each block to sum up its memory. The constructor below does not.
    explicit Garbage(std::vector<const Block*> all);
    Garbage(std::vector<const Block*> all, size_t bytes)
        : blocks(std::move(all)), memory(bytes) {}

    std::vector<const Block*> blocks;
    size_t memory = 0;  // bytes of all blocks
  };

 private:
  struct Entry {
    uint64_t number;
    Garbage garbage;
    bool released = false;
  };
  using Entries = std::list<Entry>;

 public:
  // Refers to the entry of a version. Only Add() makes one.
  class VersionHandle {
   private:
    friend class VersionSet;
    VersionHandle(std::shared_ptr<VersionSet> versions, Entries::iterator entry)
        : versions_(std::move(versions)), entry_(entry) {}

    std::shared_ptr<VersionSet> versions_;
    Entries::iterator entry_;
  };

  // A living version. The store's own type derives from it and adds the data.
  //
  // Safe for concurrent use: all but one atomic flag is immutable.
  class Version : public Snapshot,
                  public std::enable_shared_from_this<Version> {
   public:
    Version(const Version&) = delete;
    Version& operator=(const Version&) = delete;
    ~Version() override { handle_.versions_->MarkReleased(handle_.entry_); }

    // Relaxed, since the flag publishes no data: it only tells a reader to
    // fetch the pointer that the store publishes.
    bool IsNewest() const final {
      return is_newest_.load(std::memory_order_relaxed);
    }
    // The store calls this as soon as it has published a newer version.
    void SetOutdated() const {
      is_newest_.store(false, std::memory_order_relaxed);
    }

   protected:
    explicit Version(VersionHandle handle) : handle_(std::move(handle)) {}

   private:
    friend class VersionSet;

    const VersionHandle handle_;
    mutable std::atomic<bool> is_newest_{true};
  };

  VersionSet() = default;
  VersionSet(const VersionSet&) = delete;
  VersionSet& operator=(const VersionSet&) = delete;
  ~VersionSet();

  // Begins a version: a T constructed from a handle and `args`. Requires a
  // greater number than the last call. Called by one thread at a time, like
  // Release() and Close().
  template <typename T, typename... Args>
  std::shared_ptr<const T> Add(uint64_t number, Args&&... args) {
    return std::make_shared<const T>(NewHandle(number),
                                     std::forward<Args>(args)...);
  }

  // Drops the writer's reference to a version, the newest but one, and takes
  // over `garbage`, the blocks that this version was the last to use. Frees the
  // garbage that no reader can reach.
  void Release(std::shared_ptr<const Version> version, Garbage garbage);

  // The same for the newest version and all its blocks. After this call, a
  // reader that drops a version frees its blocks.
  void Close(std::shared_ptr<const Version> version, Garbage all);

  // The bytes of garbage that has not been freed.
  size_t garbage_bytes() const;

 private:
  VersionHandle NewHandle(uint64_t number);
  void MarkReleased(Entries::iterator entry);
  void AddGarbage(Entries::iterator entry, Garbage garbage);
  static void Append(Garbage more, Garbage* to);
  // Frees the blocks of `garbage` that version `number` does not use, and
  // leaves the others there. Returns the bytes that were freed.
  static size_t FreeUnused(uint64_t number, Garbage* garbage);
  // Frees the garbage of released versions. If another thread is inside
  // Collect(), that thread frees it. Returns the bytes of garbage that is left.
  size_t Collect();
  void Reap();
  bool ReaperHasWork() const ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopping_ || released_bytes_ >= kReclaimThreshold;
  }

  mutable absl::Mutex mutex_;  // never held while blocks are freed
  // Signalled when the reaper has work. (Mutex::Await() would make each thread
  // that unlocks the mutex evaluate the condition.)
  absl::CondVar reaper_has_work_;
  Entries entries_ ABSL_GUARDED_BY(mutex_);            // by number
  size_t released_ ABSL_GUARDED_BY(mutex_) = 0;        // entries
  size_t released_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // of their garbage
  size_t garbage_bytes_ ABSL_GUARDED_BY(mutex_) = 0;   // of all entries
  bool collecting_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread reaper_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_VERSION_SET_H_
