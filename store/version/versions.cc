#include "store/version/versions.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

Versions::Retired::Retired(std::vector<const Part*> all)
    : parts(std::move(all)) {
  for (const Part* const part : parts) memory += part->memory();
}

Versions::~Versions() {
  if (reaper_.joinable()) reaper_.join();
}

Versions::Ticket Versions::NewTicket(uint64_t number) {
  MutexLock lock(mutex_);
  const auto entry =
      entries_.insert(entries_.end(), Entry{number, Retired({}, 0), false});
  return Ticket(shared_from_this(), entry);
}

void Versions::Retire(std::shared_ptr<const Version> version, Retired retired) {
  PutIntoBag(version->ticket_.entry_, std::move(retired));
  version.reset();
  // What is left, readers hold.
  if (Collect() >= kMuch && !reaper_.joinable()) {
    reaper_ = std::thread([this] { Reap(); });
  }
}

void Versions::Close(std::shared_ptr<const Version> version, Retired all) {
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    reaper_has_work_.Signal();
  }
  if (reaper_.joinable()) reaper_.join();
  PutIntoBag(version->ticket_.entry_, std::move(all));
  version.reset();
  {
    MutexLock lock(mutex_);
    closed_ = true;
  }
  Collect();
}

size_t Versions::garbage() const {
  MutexLock lock(mutex_);
  return garbage_;
}

void Versions::PutIntoBag(Entries::iterator entry, Retired retired) {
  MutexLock lock(mutex_);
  garbage_ += retired.memory;
  AddTo(&entry->bag, std::move(retired));
}

void Versions::AddTo(Retired* bag, Retired retired) {
  bag->memory += retired.memory;
  if (bag->parts.size() < retired.parts.size()) bag->parts.swap(retired.parts);
  bag->parts.insert(bag->parts.end(), retired.parts.begin(),
                    retired.parts.end());
}

size_t Versions::Free(uint64_t number, Retired* retired) {
  const size_t before = retired->memory;
  auto kept = retired->parts.begin();
  for (const Part* const part : retired->parts) {
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

void Versions::Drop(Entries::iterator entry) {
  bool closed;
  {
    MutexLock lock(mutex_);
    entry->dropped = true;
    ++dropped_;
    dropped_memory_ += entry->bag.memory;
    closed = closed_;
    if (ReaperHasWork()) reaper_has_work_.Signal();
  }
  if (closed) Collect();
}

size_t Versions::Collect() {
  Lock(mutex_);
  if (collecting_) {
    const size_t left = garbage_;
    Unlock(mutex_);
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
    Retired bag = std::move(entry->bag);
    dropped_memory_ -= bag.memory;
    Unlock(mutex_);

    const size_t freed = Free(previous, &bag);

    Lock(mutex_);
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
  Unlock(mutex_);
  return left;
}

void Versions::Reap() {
  while (true) {
    {
      MutexLock lock(mutex_);
      while (!ReaperHasWork()) reaper_has_work_.Wait(&mutex_);
      if (stopping_) return;
    }
    Collect();
  }
}

}  // namespace passpersist::internal
