// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/mib_reader.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace passpersist::internal {
namespace {

// A GETBULK over a table walks all its columns side by side: a walk for each.
constexpr size_t kMaxWalks = 32;

}  // namespace

MibReader::MibReader(const MibTree* objects, const Clock* clock,
                     ErrorReporter* errors,
                     ComputedValueRunner* computed_values, BindingCheck check)
    : objects_(*objects),
      clock_(*clock),
      errors_(*errors),
      computed_values_(*computed_values),
      check_(std::move(check)),
      views_(objects->subtrees().size()) {}

void MibReader::View::Open(const Subtree& wanted) {
  if (subtree == &wanted && snapshot->IsNewest()) return;
  subtree = &wanted;
  std::shared_ptr<const Snapshot> newest = wanted.snapshot();
  if (newest == snapshot) return;
  snapshot = std::move(newest);
  iterator = snapshot->NewIterator();
}

// Neighbours usually differ in their last arc, so the last arcs are compared
// first.
bool MibReader::Walk::IsAt(const Oid& oid) const {
  return last.size() == oid.size() && !oid.empty() &&
         last.back() == oid.back() && last == oid;
}

void MibReader::Walk::EnterNext(const MibTree& objects) {
  if (++position == objects.subtrees().size()) return;
  view.Open(*objects.subtrees()[position]);
  view.iterator->SeekToFirst();
}

void MibReader::Get(ResponseVarBind* binding) {
  const size_t position = objects_.Locate(binding->oid);
  if (position == views_.size() ||
      !binding->oid.StartsWith(objects_.subtrees()[position]->root())) {
    binding->value = Exception::kNoSuchObject;
    return;
  }
  const Subtree& subtree = *objects_.subtrees()[position];
  View& view = views_[position];
  view.Open(subtree);
  suffix_.Assign(binding->oid.ArcsFrom(subtree.root().size()));
  view.iterator->Seek(suffix_);
  if (!view.iterator->Valid() || view.iterator->suffix() != suffix_ ||
      !Resolve(view.iterator->value(), binding)) {
    binding->value = Exception::kNoSuchInstance;
  }
}

bool MibReader::Next(const SearchRange& range, ResponseVarBind* binding,
                     InstanceInfo* info) {
  const absl::Duration now = clock_.Now();
  Walk* walk = range.inclusive ? nullptr : FindWalk(range.start, now);
  if (walk != nullptr) {
    walk->view.iterator->Next();
  } else {
    walk = &BeginWalk(range, now);
  }
  walk->used = ++uses_;
  if (!Advance(walk, range, binding)) {
    EndWalk(walk);
    return false;
  }
  if (info != nullptr) {
    const View& view = walk->view;
    *info = view.subtree->Describe(*view.iterator, now);
  }
  return true;
}

void MibReader::Forget() {
  walks_.clear();
  for (View& view : views_) view = View();
}

void MibReader::ForgetOld() {
  EndOldWalks(clock_.Now());
  for (View& view : views_) {
    if (view.subtree != nullptr && view.subtree->snapshot() != view.snapshot) {
      view = View();
    }
  }
}

void MibReader::EndOldWalks(absl::Duration now) {
  walks_.erase(std::remove_if(walks_.begin(), walks_.end(),
                              [&](const Walk& walk) {
                                return now - walk.begun >= kMaxWalk;
                              }),
               walks_.end());
}

MibReader::Walk* MibReader::FindWalk(const Oid& last, absl::Duration now) {
  Walk* latest = nullptr;
  for (Walk& walk : walks_) {
    if (!walk.IsAt(last) || now - walk.begun >= kMaxWalk) continue;
    // Another walk may have ended at the same OID, in an older snapshot.
    if (latest == nullptr || walk.used > latest->used) latest = &walk;
  }
  return latest;
}

// Returns a walk whose iterator is at the first entry that is not before
// range.start (after range.start, if that is not inclusive), or after the last
// entry of its subtree.
MibReader::Walk& MibReader::BeginWalk(const SearchRange& range,
                                      absl::Duration now) {
  EndOldWalks(now);
  if (walks_.size() < kMaxWalks) walks_.emplace_back();
  // Takes the walk that was not used for longest; a new walk has used == 0.
  Walk& walk = *std::min_element(
      walks_.begin(), walks_.end(),
      [](const Walk& a, const Walk& b) { return a.used < b.used; });
  walk.begun = now;
  walk.position = objects_.Locate(range.start);
  walk.last = range.start;
  if (walk.position == views_.size()) return walk;

  const Subtree& subtree = *objects_.subtrees()[walk.position];
  walk.view.Open(subtree);
  Iterator& iterator = *walk.view.iterator;
  if (!range.start.StartsWith(subtree.root())) {
    iterator.SeekToFirst();
    return walk;
  }
  suffix_.Assign(range.start.ArcsFrom(subtree.root().size()));
  iterator.Seek(suffix_);
  if (!range.inclusive && iterator.Valid() && iterator.suffix() == suffix_) {
    iterator.Next();
  }
  return walk;
}

// Moves to the first entry that can be sent; the current entry is included.
bool MibReader::Advance(Walk* walk, const SearchRange& range,
                        ResponseVarBind* binding) {
  const auto& subtrees = objects_.subtrees();
  bool may_be_start = range.inclusive;
  while (walk->position < subtrees.size()) {
    const Oid& root = subtrees[walk->position]->root();
    Iterator& iterator = *walk->view.iterator;
    if (!iterator.Valid()) {
      walk->EnterNext(objects_);
      continue;
    }
    binding->oid = root;
    binding->oid.Append(iterator.suffix());
    if (!range.end.empty() && binding->oid >= range.end) return false;
    // snmpd accepts any OID as an answer (net-snmp 5.9.3
    // agent/helpers/old_api.c). A store that is out of order must not send a
    // manager in circles.
    if (binding->oid < walk->last ||
        (binding->oid == walk->last && !may_be_start)) {
      errors_.Report(absl::InternalError(absl::StrCat(
          "store of ", root.ToString(), " is out of order: ",
          binding->oid.ToString(), " after ", walk->last.ToString())));
      walk->EnterNext(objects_);
      continue;
    }
    walk->last = binding->oid;
    may_be_start = false;
    if (Resolve(iterator.value(), binding)) return true;
    iterator.Next();
  }
  return false;
}

// Sets binding->value. False if there is no value or it cannot be sent.
bool MibReader::Resolve(const StoredValue& stored, ResponseVarBind* binding) {
  if (const Value* const value = std::get_if<Value>(&stored)) {
    binding->value = *value;
  } else {
    absl::StatusOr<Value> computed =
        computed_values_.Call(binding->oid, std::get<ComputedValue>(stored));
    if (!computed.ok()) {
      errors_.Report(
          absl::Status(computed.status().code(),
                       absl::StrCat("value of ", binding->oid.ToString(), ": ",
                                    computed.status().message())));
      return false;
    }
    binding->value = *std::move(computed);
  }
  if (binding->oid.size() > Oid::kMaxArcs) {
    errors_.Report(absl::OutOfRangeError(absl::StrCat(
        binding->oid.ToString(), " left out: more than 128 arcs")));
    return false;
  }
  const absl::Status sendable =
      check_(binding->oid, std::get<Value>(binding->value));
  errors_.Report(sendable);
  return sendable.ok();
}

void MibReader::EndWalk(Walk* walk) {
  std::swap(*walk, walks_.back());
  walks_.pop_back();
}

}  // namespace passpersist::internal
