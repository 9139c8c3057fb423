// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/sets/set_changes.h"

#include <list>
#include <memory>
#include <utility>
#include <variant>

#include "absl/strings/str_cat.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

void Put(Oid suffix, const StoredValue& value, absl::string_view label,
         Changes* changes) {
  if (const Value* const constant = std::get_if<Value>(&value)) {
    changes->Put(std::move(suffix), *constant, label);
  } else {
    changes->PutComputed(std::move(suffix), std::get<ComputedValue>(value),
                         label);
  }
}

}  // namespace

absl::Status SetChanges::Add(size_t assignment, const Oid& root,
                             const Changes& changes) {
  const size_t region = objects_.Locate(root);
  if (!objects_.Contains(region, root)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the setter changes ", root.ToString(), ", which is in no subtree"));
  }
  const size_t position = objects_.regions()[region].number;
  Subtree& subtree = *objects_.subtrees()[position];
  const Oid prefix(root.ArcsFrom(subtree.base().size()));
  Changes below_subtree;
  for (const Changes::Change& change : changes.changes()) {
    Oid suffix = Concat(prefix, change.suffix);
    if (!change.value) {
      below_subtree.Erase(std::move(suffix));
      continue;
    }
    const Value* const constant = std::get_if<Value>(&*change.value);
    if (constant != nullptr && objects_.has_secrets() &&
        objects_.IsSecret(Concat(subtree.base(), suffix))) {
      below_subtree.Put(std::move(suffix), EmptyValueLike(*constant),
                        change.label);
    } else {
      internal::Put(std::move(suffix), *change.value, change.label,
                    &below_subtree);
    }
  }
  Part& part = parts_[position];
  part.subtree = &subtree;
  part.left.push_back({assignment, std::move(below_subtree)});
  return absl::OkStatus();
}

absl::Status SetChanges::Publish(size_t* assignment) {
  // All locks first, in the order of the subtrees: the time during which only
  // some parts are published must not contain a wait for a Replace().
  std::list<MutexLock> locks;
  for (const auto& [position, part] : parts_) {
    locks.emplace_back(part.subtree->mutex());
  }
  std::vector<Changes> changes;
  for (auto& [position, part] : parts_) changes.push_back(Begin(&part));

  const SetEpoch::Publishing publishing(objects_.set_epoch());
  auto next = changes.begin();
  for (auto part = parts_.begin(); part != parts_.end(); ++part, ++next) {
    if (next->empty()) continue;
    absl::Status status = part->second.subtree->Apply(*next);
    if (status.ok()) continue;
    *assignment = part->second.left.front().assignment;
    while (part != parts_.begin()) {
      --part;
      Changes restored;
      for (const Instance& instance : part->second.instances) {
        Restore(instance, &restored);
      }
      // The error that is returned matters more than a second one.
      part->second.subtree->Apply(restored).IgnoreError();
    }
    return status;
  }
  return absl::OkStatus();
}

Changes SetChanges::Begin(Part* part) const {
  Changes changes;
  std::map<Oid, size_t> assignments;
  for (const Left& left : part->left) {
    if (undone_.count(left.assignment) > 0) continue;
    for (const Changes::Change& change : left.changes.changes()) {
      assignments[change.suffix] = left.assignment;
    }
    changes.Append(left.changes);
  }
  part->instances.clear();
  const std::unique_ptr<Iterator> iterator =
      part->subtree->snapshot()->NewIterator();
  for (const Changes::NetChange& net : changes.Normalized()) {
    Instance& instance = part->instances.emplace_back();
    instance.suffix = *net.suffix;
    instance.assignment = assignments[*net.suffix];
    if (net.value != nullptr) instance.left = *net.value;
    if (iterator->SeekExactly(*net.suffix)) {
      instance.before =
          Entry{iterator->value(), std::string(iterator->label())};
    }
  }
  return changes;
}

void SetChanges::Restore(const Instance& instance, Changes* changes) {
  if (instance.before) {
    internal::Put(instance.suffix, instance.before->value,
                  instance.before->label, changes);
  } else {
    changes->Erase(instance.suffix);
  }
}

absl::Status SetChanges::TakeBack(std::set<Oid>* overtaken) {
  std::list<MutexLock> locks;
  for (const auto& [position, part] : parts_) {
    locks.emplace_back(part.subtree->mutex());
  }
  const SetEpoch::Publishing publishing(objects_.set_epoch());
  absl::Status result;
  for (const auto& [position, part] : parts_) {
    if (!part.subtree->is_updated()) continue;
    Changes changes;
    const std::unique_ptr<Iterator> iterator =
        part.subtree->snapshot()->NewIterator();
    for (const Instance& instance : part.instances) {
      if (undone_.count(instance.assignment) == 0) continue;
      const bool is_present = iterator->SeekExactly(instance.suffix);
      const bool is_left = is_present ? instance.left == iterator->value()
                                      : !instance.left.has_value();
      if (is_left) {
        Restore(instance, &changes);
      } else {
        overtaken->insert(part.subtree->root());
      }
    }
    if (!changes.empty()) result.Update(part.subtree->Apply(changes));
  }
  return result;
}

std::vector<Oid> SetChanges::Roots() const {
  std::vector<Oid> roots;
  for (const auto& [position, part] : parts_) {
    roots.push_back(part.subtree->root());
  }
  return roots;
}

std::vector<Oid> SetChanges::Names() const {
  std::vector<Oid> names;
  for (const auto& [position, part] : parts_) {
    for (const Instance& instance : part.instances) {
      names.push_back(Concat(part.subtree->base(), instance.suffix));
    }
  }
  return names;
}

}  // namespace passpersist::internal
