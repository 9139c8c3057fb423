// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/mib_reader.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/stored_value.h"

namespace passpersist::internal {
namespace {

// A GETBULK over a table walks all its columns side by side: a walk for each.
constexpr size_t kMaxWalks = 32;

// How many calls a request that waits begins at a time.
constexpr size_t kCallsAhead = 64;
// Among how many entries it looks for them.
constexpr size_t kEntriesAhead = 1'000;

// The computed value if its function may block, otherwise null.
const ComputedValue* MayBlock(const StoredValue& stored) {
  const auto* const computed = std::get_if<ComputedValue>(&stored);
  const bool may_block =
      computed != nullptr && computed->cost() == ComputedValue::Cost::kMayBlock;
  return may_block ? computed : nullptr;
}

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

const Iterator* MibReader::Find(size_t position, const Oid& oid) {
  const Subtree& subtree = *objects_.subtrees()[position];
  View& view = views_[position];
  view.Open(subtree);
  suffix_.Assign(oid.ArcsFrom(subtree.root().size()));
  view.iterator->Seek(suffix_);
  const bool found =
      view.iterator->Valid() && view.iterator->suffix() == suffix_;
  return found ? view.iterator.get() : nullptr;
}

MibReader::Step MibReader::Get(ResponseVarBind* binding, Asker* asker) {
  const size_t position = objects_.Locate(binding->oid);
  if (position == views_.size() ||
      !binding->oid.StartsWith(objects_.subtrees()[position]->root())) {
    binding->value = Exception::kNoSuchObject;
    return Step::kAbsent;
  }
  const Iterator* const entry = Find(position, binding->oid);
  const Step step = entry == nullptr
                        ? Step::kAbsent
                        : Resolve(position, entry->value(), binding, asker);
  if (step == Step::kAbsent) binding->value = Exception::kNoSuchInstance;
  return step;
}

void MibReader::BeginGet(const Oid& oid, const Asker& asker) {
  const size_t position = objects_.Locate(oid);
  if (position == views_.size() ||
      !oid.StartsWith(objects_.subtrees()[position]->root())) {
    return;
  }
  const Iterator* const entry = Find(position, oid);
  if (entry == nullptr) return;
  if (const ComputedValue* const computed = MayBlock(entry->value())) {
    computed_values_.Begin(position, oid, *computed, asker.now);
  }
}

MibReader::Step MibReader::Next(const SearchRange& range,
                                ResponseVarBind* binding, Asker* asker,
                                InstanceInfo* info) {
  Walk* walk = range.inclusive ? nullptr : FindWalk(range.start, asker->now);
  if (walk == nullptr) {
    walk = &BeginWalk(range, asker->now);
  } else if (!walk->waiting) {
    walk->view.iterator->Next();
  }
  walk->used = ++uses_;
  const Step step = Advance(walk, range, binding, asker);
  walk->waiting = step == Step::kWaiting;
  if (step == Step::kAbsent) EndWalk(walk);
  if (step == Step::kFound && info != nullptr) {
    const View& view = walk->view;
    *info = view.subtree->Describe(*view.iterator, asker->now);
  }
  return step;
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
MibReader::Step MibReader::Advance(Walk* walk, const SearchRange& range,
                                   ResponseVarBind* binding, Asker* asker) {
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
    if (!range.end.empty() && binding->oid >= range.end) return Step::kAbsent;
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
    const Step step = Resolve(walk->position, iterator.value(), binding, asker);
    if (MayBlock(iterator.value()) != nullptr) {
      BeginCallsAfter(*walk, *asker);
    }
    // The walk stays at `last`: the repeated request finds it there.
    if (step == Step::kWaiting) return step;
    walk->last = binding->oid;
    may_be_start = false;
    if (step == Step::kFound) return step;
    iterator.Next();
  }
  return Step::kAbsent;
}

// Sets binding->value, if there is a value that can be sent.
MibReader::Step MibReader::Resolve(size_t subtree, const StoredValue& stored,
                                   ResponseVarBind* binding, Asker* asker) {
  if (const Value* const value = std::get_if<Value>(&stored)) {
    binding->value = *value;
  } else {
    const auto& function = std::get<ComputedValue>(stored);
    std::optional<absl::StatusOr<Value>> computed =
        function.cost() == ComputedValue::Cost::kCheap
            ? InvokeUserCallback(function)
            : computed_values_.Ask(subtree, binding->oid, function, asker);
    if (!computed) return Step::kWaiting;
    if (!computed->ok()) {
      errors_.Report(
          absl::Status(computed->status().code(),
                       absl::StrCat("value of ", binding->oid.ToString(), ": ",
                                    computed->status().message())));
      return Step::kAbsent;
    }
    binding->value = **std::move(computed);
  }
  if (binding->oid.size() > Oid::kMaxArcs) {
    errors_.Report(absl::OutOfRangeError(absl::StrCat(
        binding->oid.ToString(), " left out: more than 128 arcs")));
    return Step::kAbsent;
  }
  const absl::Status sendable =
      check_(binding->oid, std::get<Value>(binding->value));
  errors_.Report(sendable);
  return sendable.ok() ? Step::kFound : Step::kAbsent;
}

// Once the request has waited for a moment, or cannot wait, the values that
// follow must not cost it another wait: their calls begin beside each other.
void MibReader::BeginCallsAfter(const Walk& walk, const Asker& asker) {
  const bool has_waited =
      asker.now - asker.wait_begun >= ComputedValueRunner::kMoment;
  if (!has_waited && asker.now < asker.deadline) return;
  const Subtree& subtree = *walk.view.subtree;
  const std::unique_ptr<Iterator> next = walk.view.snapshot->NewIterator();
  next->Seek(walk.view.iterator->suffix());
  Oid oid;
  for (size_t seen = 0, begun = 0; seen < kEntriesAhead && begun < kCallsAhead;
       ++seen) {
    next->Next();
    if (!next->Valid()) return;
    const ComputedValue* const computed = MayBlock(next->value());
    if (computed == nullptr) continue;
    oid = subtree.root();
    oid.Append(next->suffix());
    begun += computed_values_.Begin(walk.position, oid, *computed, asker.now);
  }
}

void MibReader::EndWalk(Walk* walk) {
  std::swap(*walk, walks_.back());
  walks_.pop_back();
}

}  // namespace passpersist::internal
