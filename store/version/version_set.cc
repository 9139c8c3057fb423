// SPDX-License-Identifier: Apache-2.0

#include "store/version/version_set.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/status/statusor.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/base/start_thread.h"

namespace passpersist::store_internal {

VersionSet::Garbage::Garbage(std::vector<const Block*> all)
    : blocks(std::move(all)) {
  for (const Block* const block : blocks) memory += block->memory();
}

VersionSet::~VersionSet() {
  if (reaper_.joinable()) reaper_.join();
}

VersionSet::VersionHandle VersionSet::NewHandle(uint64_t number) {
  internal::MutexLock lock(mutex_);
  const auto entry =
      entries_.insert(entries_.end(), Entry{number, Garbage({}, 0), false});
  return VersionHandle(shared_from_this(), entry);
}

void VersionSet::Release(std::shared_ptr<const Version> version,
                         Garbage garbage) {
  AddGarbage(version->handle_.entry_, std::move(garbage));
  version.reset();
  // Readers hold the garbage that is left.
  if (Collect() >= kReclaimThreshold && !reaper_.joinable()) {
    absl::StatusOr<std::thread> reaper =
        internal::StartThread([this] { Reap(); });
    // If the system has no thread left, the next write tries again; until then
    // the garbage waits for writers.
    if (reaper.ok()) reaper_ = *std::move(reaper);
  }
}

void VersionSet::Close(std::shared_ptr<const Version> version, Garbage all) {
  {
    internal::MutexLock lock(mutex_);
    stopping_ = true;
    reaper_has_work_.Signal();
  }
  if (reaper_.joinable()) reaper_.join();
  AddGarbage(version->handle_.entry_, std::move(all));
  version.reset();
  {
    internal::MutexLock lock(mutex_);
    closed_ = true;
  }
  // For the versions that readers released before `closed_` was set.
  Collect();
}

size_t VersionSet::garbage_bytes() const {
  internal::MutexLock lock(mutex_);
  return garbage_bytes_;
}

void VersionSet::AddGarbage(Entries::iterator entry, Garbage garbage) {
  internal::MutexLock lock(mutex_);
  garbage_bytes_ += garbage.memory;
  Append(std::move(garbage), &entry->garbage);
}

void VersionSet::Append(Garbage more, Garbage* to) {
  to->memory += more.memory;
  // The order does not matter, so the shorter list is copied.
  if (to->blocks.size() < more.blocks.size()) to->blocks.swap(more.blocks);
  to->blocks.insert(to->blocks.end(), more.blocks.begin(), more.blocks.end());
}

size_t VersionSet::FreeUnused(uint64_t number, Garbage* garbage) {
  const size_t before = garbage->memory;
  auto kept = garbage->blocks.begin();
  for (const Block* const block : garbage->blocks) {
    if (block->birth() <= number) {
      *kept++ = block;
    } else {
      garbage->memory -= block->memory();
      block->Free();
    }
  }
  garbage->blocks.erase(kept, garbage->blocks.end());
  return before - garbage->memory;
}

void VersionSet::MarkReleased(Entries::iterator entry) {
  bool closed;
  {
    internal::MutexLock lock(mutex_);
    entry->released = true;
    ++released_;
    released_bytes_ += entry->garbage.memory;
    closed = closed_;
    if (ReaperHasWork()) reaper_has_work_.Signal();
  }
  // Without a writer and a reaper, the reader is the only thread left.
  if (closed) Collect();
}

size_t VersionSet::Collect() {
  internal::Lock(mutex_);
  if (collecting_) {
    const size_t left = garbage_bytes_;
    internal::Unlock(mutex_);
    return left;
  }
  collecting_ = true;
  while (released_ > 0) {
    // The newest first: blocks that it hands to an older released version are
    // then part of the list that is processed next.
    const auto entry = std::prev(
        std::find_if(entries_.rbegin(), entries_.rend(), [](const Entry& e) {
          return e.released;
        }).base());
    const bool is_oldest = entry == entries_.begin();
    const uint64_t previous = is_oldest ? 0 : std::prev(entry)->number;
    Garbage garbage = std::move(entry->garbage);
    released_bytes_ -= garbage.memory;
    // Nothing removes `entry` or the previous entry meanwhile: only Collect()
    // does, and `collecting_` keeps other threads out.
    internal::Unlock(mutex_);

    const size_t freed = FreeUnused(previous, &garbage);

    internal::Lock(mutex_);
    garbage_bytes_ -= freed;
    if (!is_oldest) {
      Entry& older = *std::prev(entry);
      // It may have been released while the mutex was unlocked.
      if (older.released) released_bytes_ += garbage.memory;
      Append(std::move(garbage), &older.garbage);
    }
    entries_.erase(entry);
    --released_;
  }
  collecting_ = false;
  const size_t left = garbage_bytes_;
  internal::Unlock(mutex_);
  return left;
}

void VersionSet::Reap() {
  while (true) {
    {
      internal::MutexLock lock(mutex_);
      while (!ReaperHasWork()) reaper_has_work_.Wait(&mutex_);
      if (stopping_) return;
    }
    Collect();
  }
}

}  // namespace passpersist::store_internal
