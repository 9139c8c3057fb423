// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/mib_reader.h"

#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/base/attributes.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/base/request_guard.h"
#include "passpersist/stored_value.h"

// Functions that each request passes through once are inline: their calls would
// cost it a tenth of its instructions.

namespace passpersist::internal {
namespace {

// How many calls a request that waits begins at a time.
constexpr size_t kCallsAhead = 64;
// After how many that it passes over it looks for further ones: the calls that
// it has begun are still enough then.
constexpr size_t kLookAgain = kCallsAhead / 2;
// Among how many entries it looks for them.
constexpr size_t kEntriesAhead = 1'000;

// The computed value if its function may block, otherwise null.
const ComputedValue* MayBlock(const StoredValue& stored) {
  const auto* const computed = std::get_if<ComputedValue>(&stored);
  const bool may_block =
      computed != nullptr && computed->cost() == ComputedValue::Cost::kMayBlock;
  return may_block ? computed : nullptr;
}

// Every protocol can carry the other values.
bool VariesInSize(const Value& value) {
  return std::holds_alternative<OctetString>(value) ||
         std::holds_alternative<ObjectIdentifier>(value) ||
         std::holds_alternative<Opaque>(value);
}

// Like *to = from, whose type is mostly that of the last value: the assignment
// of a std::variant costs a call by address.
void AssignValue(const Value& from, ValueOrException* to) {
  Value* const last = std::get_if<Value>(to);
  Value* const value = last != nullptr ? last : &to->emplace<Value>();
  std::visit(
      [value](const auto& v) {
        auto* const same = std::get_if<std::decay_t<decltype(v)>>(value);
        if (same != nullptr) {
          *same = v;
        } else {
          *value = v;
        }
      },
      from);
}

// True if an answer may have the name `suffix`.
bool ComesAfter(const Oid* after, bool inclusive, const Oid& suffix) {
  return after == nullptr || *after < suffix || (inclusive && *after == suffix);
}

// Moves to the first entry of the region.
void SeekToFirst(const MibTree::Region& region, Iterator* iterator) {
  if (region.suffix.empty()) {
    iterator->SeekToFirst();
  } else {
    iterator->Seek(region.suffix);
  }
}

// Moves to the first entry after `suffix`.
void SeekAfter(const Oid& suffix, Iterator* iterator) {
  if (iterator->SeekExactly(suffix)) iterator->Next();
}

}  // namespace

MibReader::MibReader(const MibTree* objects, ErrorReporter* errors,
                     ComputedValueRunner* computed_values, BindingCheck check,
                     const Options& options, AwaitUpdate await_update)
    : objects_(*objects),
      errors_(*errors),
      computed_values_(*computed_values),
      check_(std::move(check)),
      await_update_(std::move(await_update)),
      max_old_snapshot_memory_(options.max_old_snapshot_memory),
      walks_(options.walk_lifetime),
      burst_view_(objects, &pool_) {}

// --- Requests ---

void MibReader::OpenOwnView(Request* request) {
  walks_.RemoveExpired(request->begun);
  if (idle_views_.empty()) {
    request->own_view = std::make_unique<SnapshotView>(&objects_, &pool_);
  } else {
    request->own_view = std::move(idle_views_.back());
    idle_views_.pop_back();
  }
  request->view = request->own_view.get();
  request->view->Renew();
}

void MibReader::RenewBurstView(const Request& request) {
  burst_view_.Renew();
  walks_.RemoveExpired(request.begun);
}

bool MibReader::Repeats(Request* request) {
  if (!request->view->may_show_half_a_set() ||
      request->repetitions >= kMaxRepetitions) {
    return false;
  }
  ++request->repetitions;
  request->waits = false;
  objects_.set_epoch().Await();
  request->view->Renew();
  return true;
}

void MibReader::OnSet(const Oid& oid) {
  burst_.End();
  const Subtree* const subtree = objects_.Find(oid);
  if (subtree == nullptr) return;
  walks_.DropSnapshots([&](const PinnedSnapshot& snapshot) {
    return &snapshot.subtree() == subtree;
  });
}

void MibReader::Forget() {
  const auto all = [](const PinnedSnapshot&) { return true; };
  walks_.DropSnapshots(all);
  burst_view_.Release(all);
  for (const auto& view : idle_views_) view->Release(all);
}

void MibReader::ForgetOld(Nanoseconds now) {
  const auto is_old = [](const PinnedSnapshot& snapshot) {
    return !snapshot.IsNewest();
  };
  walks_.RemoveExpired(now);
  if (burst_.IsOver(now)) burst_view_.Release(is_old);
  for (const auto& view : idle_views_) view->Release(is_old);
}

// --- Reads ---

bool MibReader::MustAwaitUpdate(size_t region, const Request& request) const {
  if (await_update_ == nullptr) return false;
  const size_t subtree = SubtreeNumber(region);
  if (request.view->IsOpen(subtree)) return false;
  // An update is code of the application.
  RequestGuard::ReleaseCurrent();
  return await_update_(subtree, request.begun, request.asker);
}

inline bool MibReader::HasExpired(size_t region, Nanoseconds now) {
  Subtree* const read = objects_.regions()[region].subtree;
  if (!read->HasExpired(now)) return false;
  if (read->ReportsExpiry()) ReportExpiry(*read);
  return true;
}

void MibReader::ReportExpiry(const Subtree& subtree) {
  errors_.Report(absl::DeadlineExceededError(
      absl::StrCat("values of ", subtree.root().ToString(),
                   " left out: no update has succeeded for ",
                   absl::FormatDuration(subtree.max_age()))));
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline MibReader::Cursor MibReader::Open(
    size_t region, Request* request) {
  bool is_new = false;
  SnapshotView::Opened opened =
      request->view->Open(SubtreeNumber(region), &is_new);
  if (is_new) ReleaseAboveLimit(request);
  return {region, opened.snapshot, opened.iterator, /*in_view=*/true};
}

// The view that has just been opened holds no old snapshot of this subtree; of
// another subtree it may, and then keeps it.
void MibReader::ReleaseAboveLimit(Request* request) {
  for (size_t left = pool_.size(); left > 0; --left) {
    const PinnedSnapshot* const oldest =
        pool_.OldestAbove(max_old_snapshot_memory_);
    if (oldest == nullptr) return;
    const auto is_oldest = [&](const PinnedSnapshot& snapshot) {
      return &snapshot == oldest;
    };
    walks_.DropSnapshots(is_oldest);
    for (const auto& view : idle_views_) view->Release(is_oldest);
    if (request->view != &burst_view_) burst_view_.Release(is_oldest);
  }
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline const Iterator* MibReader::Find(
    size_t region, const Oid& oid, Request* request) {
  if (HasExpired(region, request->asker.now)) return nullptr;
  Iterator* const iterator = Open(region, request).iterator;
  suffix_.Assign(oid.ArcsFrom(BaseOf(region).size()));
  return iterator->SeekExactly(suffix_) ? iterator : nullptr;
}

MibReader::Step MibReader::Get(ResponseVarBind* binding, Request* request) {
  size_t region = last_region_;
  if (!objects_.Contains(region, binding->oid)) {
    region = objects_.Locate(binding->oid);
    if (!objects_.Contains(region, binding->oid)) {
      binding->value = Exception::kNoSuchObject;
      return Step::kAbsent;
    }
    last_region_ = region;
  }
  if (MustAwaitUpdate(region, *request)) return Step::kWaiting;
  const Iterator* const entry = Find(region, binding->oid, request);
  const Step step = entry == nullptr ? Step::kAbsent
                                     : Resolve(region, entry->value(), binding,
                                               &request->asker);
  if (step == Step::kAbsent) binding->value = Exception::kNoSuchInstance;
  return step;
}

void MibReader::BeginGet(const Oid& oid, Request* request) {
  const size_t region = objects_.Locate(oid);
  if (!objects_.Contains(region, oid)) return;
  if (MustAwaitUpdate(region, *request)) return;
  const Iterator* const entry = Find(region, oid, request);
  if (entry == nullptr) return;
  if (const ComputedValue* const computed = MayBlock(entry->value())) {
    computed_values_.Begin(SubtreeNumber(region), oid, *computed,
                           request->asker.now);
  }
}

MibReader::Step MibReader::Next(const SearchRange& range,
                                ResponseVarBind* binding, Request* request,
                                InstanceInfo* info) {
  const auto& regions = objects_.regions();
  const Nanoseconds now = request->asker.now;
  // Most requests are for the region of the last one.
  bool within = objects_.Contains(last_region_, range.start);
  size_t first = last_region_;
  if (!within) {
    first = objects_.Locate(range.start);
    if (first == regions.size()) return Step::kAbsent;
    within = objects_.Contains(first, range.start);
    last_region_ = first;
  }
  WalkPositions::Position* walk = nullptr;
  if (within) {
    asked_.Assign(range.start.ArcsFrom(BaseOf(first).size()));
    if (!range.inclusive) walk = walks_.Find(first, asked_, now);
  }
  // A walk that goes on stays in its snapshot, however old.
  if (!request->waits && walk == nullptr && MustAwaitUpdate(first, *request)) {
    return Step::kWaiting;
  }
  Cursor cursor = request->waits    ? ContinueWait(walk, request)
                  : walk != nullptr ? ContinueWalk(walk, request)
                                    : BeginWalk(range, first, within, request);
  request->waits = false;

  // The answer comes after this name, relative to the base of its subtree.
  const Oid* after = within && cursor.region == first ? &asked_ : nullptr;
  bool inclusive = range.inclusive;
  Step step = Step::kAbsent;
  size_t passed_over = 0;  // computed values
  while (true) {
    const MibTree::Region& region = regions[cursor.region];
    const Oid* suffix = nullptr;
    if (!HasExpired(cursor.region, now) && cursor.iterator->Valid()) {
      suffix = &cursor.iterator->suffix();
      if (!region.suffix.empty() && !suffix->StartsWith(region.suffix)) {
        suffix = nullptr;  // an entry of a later region
      } else if (!ComesAfter(after, inclusive, *suffix)) {
        ReportDisorder(cursor, *after);
        suffix = nullptr;
      }
    }
    if (suffix == nullptr) {
      const size_t next = cursor.region + 1;
      if (next == regions.size()) break;
      if (regions[next].subtree == region.subtree) {
        cursor.region = next;  // in the same snapshot
      } else {
        if (MustAwaitUpdate(next, *request)) return Step::kWaiting;
        cursor = Open(next, request);
      }
      SeekToFirst(regions[next], cursor.iterator);
      after = nullptr;
      continue;
    }
    binding->oid = region.subtree->base();
    binding->oid.Append(*suffix);
    if (!range.end.empty() && binding->oid >= range.end) break;
    const StoredValue& stored = cursor.iterator->value();
    step = Resolve(cursor.region, stored, binding, &request->asker);
    if (MayBlock(stored) != nullptr && passed_over++ % kLookAgain == 0) {
      BeginCallsAfter(cursor, request->asker);
    }
    if (step == Step::kWaiting) {
      request->waits = true;
      request->waits_in = cursor.region;
      request->waits_at = *suffix;
      return step;
    }
    if (step == Step::kFound) {
      if (info != nullptr) {
        *info = region.subtree->Describe(*cursor.iterator, now.ToDuration());
      }
      Remember(walk, cursor, *suffix, now);
      return step;
    }
    skipped_ = *suffix;
    after = &skipped_;
    inclusive = false;
    cursor.iterator->Next();
  }
  if (walk != nullptr) walks_.Remove(walk);
  return step;
}

MibReader::Cursor MibReader::BeginWalk(const SearchRange& range, size_t region,
                                       bool within, Request* request) {
  const Cursor cursor = Open(region, request);
  if (!within) {
    SeekToFirst(objects_.regions()[region], cursor.iterator);
  } else if (range.inclusive) {
    cursor.iterator->Seek(asked_);
  } else {
    SeekAfter(asked_, cursor.iterator);
  }
  return cursor;
}

inline MibReader::Cursor MibReader::ContinueWalk(WalkPositions::Position* walk,
                                                 Request* request) {
  if (!walk->snapshot) {
    walk->snapshot =
        PinnedSnapshot::Ref(Open(walk->region(), request).snapshot);
  }
  if (walk->iterator == nullptr)
    walk->iterator = walk->snapshot->TakeIterator();
  if (std::exchange(walk->in_place, false)) {
    walk->iterator->Next();
  } else {
    SeekAfter(asked_, walk->iterator.get());
  }
  return {walk->region(), walk->snapshot.get(), walk->iterator.get(),
          /*in_view=*/false};
}

// Moves to the entry whose value the request waits for.
MibReader::Cursor MibReader::ContinueWait(WalkPositions::Position* walk,
                                          Request* request) {
  const bool in_walk = walk != nullptr && walk->iterator != nullptr &&
                       walk->region() == request->waits_in;
  const Cursor cursor = in_walk
                            ? Cursor{walk->region(), walk->snapshot.get(),
                                     walk->iterator.get(), /*in_view=*/false}
                            : Open(request->waits_in, request);
  cursor.iterator->Seek(request->waits_at);
  return cursor;
}

inline void MibReader::Remember(WalkPositions::Position* walk,
                                const Cursor& cursor, const Oid& answered,
                                Nanoseconds now) {
  if (walk == nullptr) {
    walk = walks_.Add(cursor.region, answered, now);
    walk->snapshot = PinnedSnapshot::Ref(cursor.snapshot);
    return;
  }
  // A retransmission is not a use: a poller that repeats the last request of a
  // walk would get its old snapshot for ever.
  const bool repeated =
      walk->region() == cursor.region && walk->answered() == answered;
  if (!repeated) walks_.Move(walk, cursor.region, answered, now);
  if (cursor.in_view) {
    walk->Drop();
    walk->snapshot = PinnedSnapshot::Ref(cursor.snapshot);
  } else {
    walk->in_place = true;
    burst_.OnWalk();
  }
}

// snmpd accepts any OID as an answer (net-snmp 5.9.3 agent/helpers/old_api.c).
// A store that is out of order must not send a manager in circles.
void MibReader::ReportDisorder(const Cursor& cursor, const Oid& after) {
  const Oid& base = BaseOf(cursor.region);
  errors_.Report(absl::InternalError(absl::StrCat(
      "store of ", objects_.regions()[cursor.region].subtree->root().ToString(),
      " is out of order: ", Concat(base, cursor.iterator->suffix()).ToString(),
      " after ", Concat(base, after).ToString())));
}

void MibReader::ReportComputed(const Oid& oid, const absl::Status& error) {
  errors_.Report(absl::Status(
      error.code(),
      absl::StrCat("value of ", oid.ToString(), ": ", error.message())));
}

// Sets binding->value, if there is a value that can be sent.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline MibReader::Step MibReader::Resolve(
    size_t region, const StoredValue& stored, ResponseVarBind* binding,
    Asker* asker) {
  if (const Value* const value = std::get_if<Value>(&stored)) {
    AssignValue(*value, &binding->value);
  } else {
    const Step step = Compute(SubtreeNumber(region),
                              std::get<ComputedValue>(stored), binding, asker);
    if (step != Step::kFound) return step;
  }
  const Value& value = std::get<Value>(binding->value);
  if (!VariesInSize(value) && binding->oid.size() <= Oid::kMaxArcs) {
    return Step::kFound;
  }
  const absl::Status sendable = Check(*binding);
  errors_.Report(sendable);
  return sendable.ok() ? Step::kFound : Step::kAbsent;
}

MibReader::Step MibReader::Compute(size_t subtree,
                                   const ComputedValue& function,
                                   ResponseVarBind* binding, Asker* asker) {
  RequestGuard::ReleaseCurrent();
  std::optional<ComputedValue::Result> computed =
      function.cost() == ComputedValue::Cost::kCheap
          ? InvokeUserCallback([&] { return function.Call(); })
          : computed_values_.Ask(subtree, binding->oid, function, asker);
  if (!computed) return Step::kWaiting;
  if (!computed->value.ok()) {
    const absl::Status& error = computed->value.status();
    if (!IsNoValueError(error)) ReportComputed(binding->oid, error);
    return Step::kAbsent;
  }
  if (computed_values_.BecomesInexact(binding->oid, !computed->inexact.ok())) {
    ReportComputed(binding->oid, computed->inexact);
  }
  binding->value = *std::move(computed->value);
  return Step::kFound;
}

// Returns OK if the binding can be sent.
absl::Status MibReader::Check(const ResponseVarBind& binding) const {
  if (binding.oid.size() > Oid::kMaxArcs) {
    return absl::OutOfRangeError(
        absl::StrCat(binding.oid.ToString(), " left out: more than 128 arcs"));
  }
  return check_(binding.oid, std::get<Value>(binding.value));
}

// Once the request has waited for a moment, or cannot wait, the values that
// follow must not cost it another wait: their calls begin beside each other.
void MibReader::BeginCallsAfter(const Cursor& cursor, const Asker& asker) {
  const bool has_waited =
      asker.now - asker.wait_begun >= ComputedValueRunner::kMoment;
  if (!has_waited && asker.now < asker.deadline) return;
  std::unique_ptr<Iterator> next = cursor.snapshot->TakeIterator();
  next->Seek(cursor.iterator->suffix());
  Oid oid;
  for (size_t seen = 0, begun = 0; seen < kEntriesAhead && begun < kCallsAhead;
       ++seen) {
    next->Next();
    if (!next->Valid()) break;
    const ComputedValue* const computed = MayBlock(next->value());
    if (computed == nullptr) continue;
    oid = BaseOf(cursor.region);
    oid.Append(next->suffix());
    begun += computed_values_.Begin(SubtreeNumber(cursor.region), oid,
                                    *computed, asker.now);
  }
  cursor.snapshot->ReturnIterator(std::move(next));
}

}  // namespace passpersist::internal
