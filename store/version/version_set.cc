// SPDX-License-Identifier: Apache-2.0

#include "store/version/version_set.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "passpersist/base/mutex_lock.h"

namespace passpersist::store_internal {

VersionSet::Garbage::Garbage(std::vector<const Block*> all)
    : parts(std::move(all)) {
  for (const Block* const part : parts) memory += part->memory();
}

VersionSet::~VersionSet() {
  if (reaper_.joinable()) reaper_.join();
}

VersionSet::VersionHandle VersionSet::NewTicket(uint64_t number) {
  internal::MutexLock lock(mutex_);
  const auto entry =
      entries_.insert(entries_.end(), Entry{number, Garbage({}, 0), false});
  return VersionHandle(shared_from_this(), entry);
}

void VersionSet::Retire(std::shared_ptr<const Version> version,
                        Garbage retired) {
  PutIntoBag(version->ticket_.entry_, std::move(retired));
  version.reset();
  // What is left, readers hold.
  if (Collect() >= kReclaimThreshold && !reaper_.joinable()) {
    reaper_ = std::thread([this] { Reap(); });
  }
}

void VersionSet::Close(std::shared_ptr<const Version> version, Garbage all) {
  {
    internal::MutexLock lock(mutex_);
    stopping_ = true;
    reaper_has_work_.Signal();
  }
  if (reaper_.joinable()) reaper_.join();
  PutIntoBag(version->ticket_.entry_, std::move(all));
  version.reset();
  {
    internal::MutexLock lock(mutex_);
    closed_ = true;
  }
  Collect();
}

size_t VersionSet::garbage() const {
  internal::MutexLock lock(mutex_);
  return garbage_;
}

void VersionSet::PutIntoBag(Entries::iterator entry, Garbage retired) {
  internal::MutexLock lock(mutex_);
  garbage_ += retired.memory;
  AddTo(&entry->bag, std::move(retired));
}

void VersionSet::AddTo(Garbage* bag, Garbage retired) {
  bag->memory += retired.memory;
  if (bag->parts.size() < retired.parts.size()) bag->parts.swap(retired.parts);
  bag->parts.insert(bag->parts.end(), retired.parts.begin(),
                    retired.parts.end());
}

size_t VersionSet::Free(uint64_t number, Garbage* retired) {
  const size_t before = retired->memory;
  auto kept = retired->parts.begin();
  for (const Block* const part : retired->parts) {
    if (part->birth() <= number) {
      *kept++ = part;
    } else {
      retired->memory -= part->memory();
      part->Free();
    }
  }
  retired->parts.erase(kept, retired->parts.end());
  return before - retired->memory;
}

void VersionSet::Drop(Entries::iterator entry) {
  bool closed;
  {
    internal::MutexLock lock(mutex_);
    entry->dropped = true;
    ++dropped_;
    dropped_memory_ += entry->bag.memory;
    closed = closed_;
    if (ReaperHasWork()) reaper_has_work_.Signal();
  }
  if (closed) Collect();
}

size_t VersionSet::Collect() {
  internal::Lock(mutex_);
  if (collecting_) {
    const size_t left = garbage_;
    internal::Unlock(mutex_);
    return left;
  }
  collecting_ = true;
  while (dropped_ > 0) {
    const auto entry = std::prev(
        std::find_if(entries_.rbegin(), entries_.rend(), [](const Entry& e) {
          return e.dropped;
        }).base());
    const bool is_oldest = entry == entries_.begin();
    const uint64_t previous = is_oldest ? 0 : std::prev(entry)->number;
    Garbage bag = std::move(entry->bag);
    dropped_memory_ -= bag.memory;
    internal::Unlock(mutex_);

    const size_t freed = Free(previous, &bag);

    internal::Lock(mutex_);
    garbage_ -= freed;
    if (!is_oldest) {
      Entry& older = *std::prev(entry);
      if (older.dropped) dropped_memory_ += bag.memory;
      AddTo(&older.bag, std::move(bag));
    }
    entries_.erase(entry);
    --dropped_;
  }
  collecting_ = false;
  const size_t left = garbage_;
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
