#include "store/packed_versions.h"

#include <algorithm>
#include <iterator>

#include "store/packed_iterator.h"

namespace passpersist::internal {
namespace {

// Frees `page` and the pages below it, but for those that are part of version
// `number`, which are added to `kept` as whole trees: what is below a page is
// as old as the page or older, so it is part of that version too. Returns the
// bytes that were freed.
size_t FreeTree(const PackedPage* page, uint64_t number,
                std::vector<const PackedPage*>* kept) {
  if (page->birth() <= number) {
    kept->push_back(page);
    return 0;
  }
  size_t freed = page->memory();
  if (!page->is_leaf()) {
    for (const PackedPage* const child : page->children()) {
      freed += FreeTree(child, number, kept);
    }
  }
  PackedPage::Free(page);
  return freed;
}

}  // namespace

std::unique_ptr<Iterator> PackedVersions::Version::NewIterator() const {
  return std::make_unique<PackedIterator>(shared_from_this(), tree_);
}

PackedVersions::~PackedVersions() {
  if (reaper_.joinable()) reaper_.join();
}

std::shared_ptr<const PackedVersions::Version> PackedVersions::Add(
    uint64_t number, const PackedTree& tree) {
  absl::MutexLock lock(&mutex_);
  const auto entry = entries_.insert(entries_.end(), Entry{number, {}, false});
  return std::make_shared<const Version>(shared_from_this(), entry, tree);
}

void PackedVersions::Retire(std::shared_ptr<const Version> version,
                            Retired retired) {
  PutIntoBag(version->entry_, std::move(retired));
  version.reset();
  Collect();
  // What is left, readers hold.
  if (!reaper_.joinable() && garbage() >= kMuch) {
    reaper_ = std::thread([this] { Reap(); });
  }
}

void PackedVersions::Close(std::shared_ptr<const Version> version) {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (reaper_.joinable()) reaper_.join();
  Retired all;
  all.tree = version->tree().root;
  all.memory = version->tree().memory;
  PutIntoBag(version->entry_, std::move(all));
  version.reset();
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  Collect();
}

size_t PackedVersions::garbage() const {
  absl::MutexLock lock(&mutex_);
  return garbage_;
}

void PackedVersions::PutIntoBag(Entries::iterator entry, Retired retired) {
  absl::MutexLock lock(&mutex_);
  Bag& bag = entry->bag;
  if (bag.pages.empty()) {
    bag.pages = std::move(retired.pages);
  } else {
    bag.pages.insert(bag.pages.end(), retired.pages.begin(),
                     retired.pages.end());
  }
  if (retired.tree != nullptr) bag.trees.push_back(retired.tree);
  bag.memory += retired.memory;
  garbage_ += retired.memory;
}

void PackedVersions::Drop(Entries::iterator entry) {
  bool closed;
  {
    absl::MutexLock lock(&mutex_);
    entry->dropped = true;
    ++dropped_;
    dropped_memory_ += entry->bag.memory;
    closed = closed_;
  }
  if (closed) Collect();
}

void PackedVersions::Collect() {
  mutex_.Lock();
  if (collecting_) return mutex_.Unlock();
  collecting_ = true;
  while (dropped_ > 0) {
    const auto entry = std::prev(
        std::find_if(entries_.rbegin(), entries_.rend(), [](const Entry& e) {
          return e.dropped;
        }).base());
    const bool is_oldest = entry == entries_.begin();
    const uint64_t previous = is_oldest ? 0 : std::prev(entry)->number;
    const Bag bag = std::move(entry->bag);
    dropped_memory_ -= bag.memory;
    mutex_.Unlock();

    Bag kept;
    kept.memory = bag.memory;
    for (const PackedPage* const page : bag.pages) {
      if (page->birth() <= previous) {
        kept.pages.push_back(page);
      } else {
        kept.memory -= page->memory();
        PackedPage::Free(page);
      }
    }
    for (const PackedPage* const tree : bag.trees) {
      kept.memory -= FreeTree(tree, previous, &kept.trees);
    }

    mutex_.Lock();
    garbage_ -= bag.memory - kept.memory;
    if (!is_oldest) {
      Entry& older = *std::prev(entry);
      const auto append = [](auto* to, const auto& from) {
        to->insert(to->end(), from.begin(), from.end());
      };
      append(&older.bag.pages, kept.pages);
      append(&older.bag.trees, kept.trees);
      older.bag.memory += kept.memory;
      if (older.dropped) dropped_memory_ += kept.memory;
    }
    entries_.erase(entry);
    --dropped_;
  }
  collecting_ = false;
  mutex_.Unlock();
}

void PackedVersions::Reap() {
  while (true) {
    {
      absl::MutexLock lock(&mutex_);
      mutex_.Await(absl::Condition(this, &PackedVersions::ReaperHasWork));
      if (stopping_) return;
    }
    Collect();
  }
}

}  // namespace passpersist::internal
