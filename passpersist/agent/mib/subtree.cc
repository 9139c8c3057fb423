// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/mib/subtree.h"

#include <typeinfo>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/base/type_name.h"

namespace passpersist::internal {

Subtree::Subtree(Oid root, std::shared_ptr<OidStore> store, bool is_updated,
                 absl::Duration max_age)
    : Subtree(root, root, {root}, std::move(store), is_updated, max_age) {}

Subtree::Subtree(Oid root, Oid base, std::vector<Oid> regions,
                 std::shared_ptr<OidStore> store, bool is_updated,
                 absl::Duration max_age, bool is_live_table)
    : root_(std::move(root)),
      base_(std::move(base)),
      regions_(std::move(regions)),
      store_(std::move(store)),
      is_updated_(is_updated),
      is_live_table_(is_live_table),
      max_age_(max_age) {}

std::string Subtree::store_name() const {
  const OidStore& store = *store_;
  return TypeName(typeid(store));
}

absl::Status Subtree::Update(UpdateFn& update, Contents contents) {
  {
    MutexLock lock(mutex_);
    updating_ = true;
  }
  absl::Status status = InvokeUserCallback([&] { return update(contents); });

  // An Apply() until here is in written_; a later one waits for the lock, until
  // these contents are published.
  MutexLock lock(mutex_);
  updating_ = false;
  contents.Override(std::exchange(written_, Changes()));
  // What was set meanwhile is in the present contents.
  if (status.ok() && !contents.is_unchanged()) {
    status = store_->Replace(std::move(contents));
  }
  if (status.ok()) return status;
  return absl::Status(
      status.code(),
      absl::StrCat("update of ", root_.ToString(), ": ", status.message()));
}

std::optional<absl::Duration> Subtree::last_update() const {
  MutexLock lock(last_update_mutex_);
  return last_update_;
}

void Subtree::set_last_update(absl::Duration time) {
  MutexLock lock(last_update_mutex_);
  last_update_ = time;
  expires_ = Nanoseconds(time + max_age_).count();
  expiry_reported_ = false;
}

InstanceInfo Subtree::Describe(const Iterator& iterator,
                               absl::Duration now) const {
  InstanceInfo info;
  info.label = std::string(iterator.label());
  info.root = root_;
  info.computed = std::holds_alternative<ComputedValue>(iterator.value());
  if (const auto last = last_update()) info.age = now - *last;
  return info;
}

InstanceInfo Subtree::Describe(const Oid& oid, absl::Duration now) const {
  const std::unique_ptr<Iterator> iterator = FindEntry(oid);
  if (iterator != nullptr) return Describe(*iterator, now);
  InstanceInfo info;
  info.root = root_;
  if (const auto last = last_update()) info.age = now - *last;
  return info;
}

std::optional<StoredValue> Subtree::Find(const Oid& oid) const {
  const std::unique_ptr<Iterator> iterator = FindEntry(oid);
  if (iterator == nullptr) return std::nullopt;
  return iterator->value();
}

std::unique_ptr<Iterator> Subtree::FindEntry(const Oid& oid) const {
  const Oid suffix(oid.ArcsFrom(base_.size()));
  std::unique_ptr<Iterator> iterator = snapshot()->NewIterator();
  iterator->Seek(suffix);
  if (!iterator->Valid() || iterator->suffix() != suffix) return nullptr;
  return iterator;
}

absl::Status Subtree::Apply(const Changes& changes) {
  const absl::Status status = store_->Apply(changes);
  if (status.ok() && updating_) written_.Append(changes);
  writes_.fetch_add(1, std::memory_order_release);
  return status;
}

}  // namespace passpersist::internal
