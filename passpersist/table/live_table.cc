// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/live_table.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "passpersist/base/invoke_user_callback.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/operations.h"
#include "passpersist/table/textual_convention.h"
#include "passpersist/value.h"

namespace passpersist::table_internal {
namespace {

using internal::MutexLock;

// Of the errors of a change, the first ones are reported.
constexpr size_t kMaxErrors = 16;

// The arcs of a name before the index: the table, the entry and the column.
size_t ArcsBefore(const Oid& root) { return root.size() + 2; }

std::string KeyOf(const Oid& index) {
  return std::string(internal::EncodedOid(index).bytes());
}

absl::Time& TimeOf(const Column& column, const void* row) {
  // The rows of a table are made as objects that are not const.
  return MemberReader<absl::Time>::Write(column.source, const_cast<void*>(row));
}

// True if a running total of the row `after` is below that of `before`.
bool Falls(const std::vector<const Column*>& counters, const void* before,
           const void* after) {
  return std::any_of(
      counters.begin(), counters.end(), [&](const Column* counter) {
        const auto total = counter->ops->total(counter->source, after);
        return total.has_value() &&
               total < counter->ops->total(counter->source, before);
      });
}

// Returns the value of a cell, or std::nullopt and the reason if there is one.
// `row` may be null: then there is no cell.
std::optional<Value> Get(const Column& column, absl::Time sys_up_time_zero,
                         const void* row, absl::Status* error) {
  if (row == nullptr) return std::nullopt;
  absl::StatusOr<std::optional<Value>> value =
      column.ops->get(column.source, sys_up_time_zero, row);
  if (value.ok()) return *std::move(value);
  *error = value.status();
  return std::nullopt;
}

void AddCellError(const Oid& base, const Oid& suffix, const absl::Status& error,
                  std::vector<absl::Status>* errors) {
  if (errors->size() == kMaxErrors) return;
  errors->emplace_back(
      error.code(),
      absl::StrCat(Concat(base, suffix).ToString(), ": ", error.message()));
}

}  // namespace

// A change of one row.
struct LiveTableCore::Edit {
  Oid index;
  std::string key;
  RowPointer row;      // null: the row is erased
  RowPointer old_row;  // what the table has had during Prepare()
  // What the batch has for this row before `row`, in order: kept only if the
  // table has a column of discontinuities.
  std::vector<RowPointer> earlier_rows;
};

// What one call of a method changes.
struct LiveTableCore::Batch {
  bool replaces = false;
  bool writes_all = false;  // all cells, instead of those that differ
  absl::InlinedVector<Edit, 1> edits;    // of different rows
  std::shared_ptr<const Target> target;  // of `changes`
  absl::Time sys_up_time_zero;           // of the target, if it is needed
  Changes changes;                       // none without a target
  std::vector<absl::Status> errors;

  // Set by the writer.
  bool is_done = false;   // `is_stale` and `status` are valid
  bool is_stale = false;  // nothing was written: there is another target, or a
                          // row is not `old_row`
  absl::Status status = absl::OkStatus();
};

LiveTableCore::LiveTableCore(const Declaration* declaration)
    : declaration_(declaration),
      layout_(declaration->MakeLayout()),
      discontinuity_(declaration->discontinuity == 0
                         ? nullptr
                         : declaration->Find(declaration->discontinuity)),
      needs_sys_up_time_(layout_.last_change.has_value()) {
  for (const Column& column : declaration->columns) {
    if (!column.is_accessible) continue;
    columns_.push_back(&column);
    if (column.ops->needs_context) needs_sys_up_time_ = true;
    if (discontinuity_ != nullptr && column.ops->total != nullptr) {
      counters_.push_back(&column);
    }
  }
}

LiveTableCore::~LiveTableCore() = default;

LiveTableCore::RowPointer LiveTableCore::FindRow(const Oid& index) const {
  const std::string key = KeyOf(index);
  MutexLock lock(mutex_);
  const auto found = rows_.find(key);
  return found == rows_.end() ? nullptr : found->second;
}

std::vector<LiveTableCore::RowPointer> LiveTableCore::rows() const {
  std::vector<RowPointer> rows;
  MutexLock lock(mutex_);
  rows.reserve(rows_.size());
  for (const auto& [key, row] : rows_) rows.push_back(row);
  return rows;
}

size_t LiveTableCore::row_count() const {
  MutexLock lock(mutex_);
  return rows_.size();
}

absl::Status LiveTableCore::Write(bool replaces, absl::Span<Oid> erases,
                                  absl::Span<RowPointer> rows) {
  Batch batch;
  batch.replaces = replaces;
  absl::Status status = AddEdits(erases, rows, &batch);
  if (!status.ok()) return status;
  do {
    status = Prepare(&batch);
    if (!status.ok()) return status;
    WriteInTurn(&batch);
    // All cells do not depend on the rows that others write, so that the second
    // attempt is the last one. A discontinuity depends on the row before.
    batch.writes_all = discontinuity_ == nullptr;
  } while (batch.is_stale);
  if (!batch.status.ok()) return batch.status;
  for (const absl::Status& error : batch.errors) {
    batch.target->report_error(error);
  }
  return absl::OkStatus();
}

// Returns when `own` was applied: by this thread, together with what other
// threads wait for, or by one of those.
void LiveTableCore::WriteInTurn(Batch* own) {
  own->is_done = false;
  {
    MutexLock lock(mutex_);
    queue_.push_back(own);
  }
  MutexLock turn(turn_);
  while (!own->is_done) WriteGroup();
}

void LiveTableCore::WriteGroup() {
  size_t row_count = 0;
  {
    MutexLock lock(mutex_);
    TakeGroup();
    FindStaleBatches();
    if (layout_.row_count || layout_.last_change) row_count = RowsAfterGroup();
  }
  Batch* first = nullptr;  // takes the changes of the others
  for (Batch* const batch : group_) {
    if (batch->is_stale) continue;
    if (first == nullptr) {
      first = batch;
    } else {
      first->changes.Append(std::move(batch->changes));
    }
  }
  absl::Status status;
  if (first != nullptr) {
    AddScalars(row_count, first);
    if (deferred_.has_value()) {
      deferred_->Append(std::move(first->changes));
    } else if (!first->changes.empty()) {
      status = first->target->store->Apply(first->changes);
    }
    if (status.ok()) served_row_count_ = row_count;
  }
  MutexLock lock(mutex_);
  for (Batch* const batch : group_) {
    if (status.ok() && !batch->is_stale) Publish(batch);
    batch->status = status;
    batch->is_done = true;
  }
}

absl::Status LiveTableCore::Attach(Target target) {
  const auto shared = std::make_shared<const Target>(std::move(target));
  std::vector<std::pair<Oid, RowPointer>> indexed_rows;
  absl::Time last_change;
  {
    MutexLock turn(turn_);
    MutexLock lock(mutex_);
    if (target_ != nullptr) {
      return absl::FailedPreconditionError("a live table is served already");
    }
    indexed_rows.reserve(rows_.size());
    for (const auto& [key, row] : rows_) {
      indexed_rows.emplace_back(internal::UnpackKey(key), row);
    }
    last_change = last_change_;
    // From here on changes are made for the target, and deferred.
    target_ = shared;
    deferred_.emplace();
    served_row_count_ = rows_.size();
  }
  Contents contents;
  std::vector<absl::Status> errors;
  // An exception must not leave the table half attached.
  absl::Status status = internal::InvokeUserCallback([&] {
    return AddContents(*shared, indexed_rows, last_change, &contents, &errors);
  });
  {
    MutexLock turn(turn_);
    if (status.ok()) status = shared->store->Replace(std::move(contents));
    if (status.ok() && !deferred_->empty()) {
      status = shared->store->Apply(*deferred_);
    }
    deferred_.reset();
    if (!status.ok()) {
      MutexLock lock(mutex_);
      target_ = nullptr;
    }
  }
  if (!status.ok()) return status;
  for (const absl::Status& error : errors) shared->report_error(error);
  return absl::OkStatus();
}

// Makes an edit of each row; the functions of the index are called here. Of
// several edits of one row the last one counts.
absl::Status LiveTableCore::AddEdits(absl::Span<Oid> erases,
                                     absl::Span<RowPointer> rows,
                                     Batch* batch) const {
  const size_t size = erases.size() + rows.size();
  absl::flat_hash_map<absl::string_view, size_t> edits;
  batch->edits.reserve(size);
  const auto add_edit = [&](Oid index, RowPointer row) {
    std::string key = KeyOf(index);
    if (size > 1) {
      const auto found = edits.find(key);
      if (found != edits.end()) {
        Edit& edit = batch->edits[found->second];
        edit.row.swap(row);
        if (discontinuity_ != nullptr) {
          edit.earlier_rows.push_back(std::move(row));
        }
        return;
      }
    }
    batch->edits.push_back(
        {std::move(index), std::move(key), std::move(row), nullptr, {}});
    if (size > 1) {
      edits.emplace(batch->edits.back().key, batch->edits.size() - 1);
    }
  };
  for (Oid& index : erases) add_edit(std::move(index), nullptr);
  for (size_t i = 0; i < rows.size(); ++i) {
    Oid index;
    const absl::Status status =
        declaration_->EncodeIndex(rows[i].get(), /*arcs_before=*/0, &index);
    if (!status.ok()) {
      return absl::InvalidArgumentError(absl::StrCat(
          rows.size() == 1 ? "the row" : absl::StrCat("row ", i + 1),
          " has no index: ", status.message()));
    }
    add_edit(std::move(index), std::move(rows[i]));
  }
  return absl::OkStatus();
}

// Compares the rows with those that the table has now. They may be others when
// the turn has come: see FindStaleBatches().
absl::Status LiveTableCore::Prepare(Batch* batch) const {
  batch->changes.clear();
  batch->errors.clear();
  // Here, as rows are not destroyed under the lock.
  for (Edit& edit : batch->edits) edit.old_row = nullptr;
  {
    MutexLock lock(mutex_);
    batch->target = target_;
    if (target_ == nullptr) return absl::OkStatus();
    for (Edit& edit : batch->edits) {
      const auto found = rows_.find(edit.key);
      if (found != rows_.end()) edit.old_row = found->second;
    }
  }
  batch->sys_up_time_zero = ZeroOf(*batch->target);
  for (Edit& edit : batch->edits) {
    if (discontinuity_ != nullptr) SetDiscontinuities(&edit);
    if (edit.row != nullptr) {
      const absl::Status status = index_internal::CheckArcs(
          edit.index, ArcsBefore(batch->target->root));
      if (!status.ok()) return absl::InvalidArgumentError(status.message());
    }
    AddChanges(edit, batch);
  }
  return absl::OkStatus();
}

// Carries the time of the last discontinuity from the present row to the new
// one, unless the application has set a later one.
void LiveTableCore::SetDiscontinuities(Edit* edit) const {
  const absl::Time now = absl::Now();
  const void* before = edit->old_row.get();
  const auto follow = [&](const RowPointer& row) {
    if (row != nullptr && before != nullptr) {
      absl::Time& time = TimeOf(*discontinuity_, row.get());
      time = std::max(time, TimeOf(*discontinuity_, before));
      if (Falls(counters_, before, row.get())) time = std::max(time, now);
    }
    before = row.get();
  };
  for (const RowPointer& row : edit->earlier_rows) follow(row);
  follow(edit->row);
}

// Adds the cells that differ from those of the old row, or all cells: an erase
// of a cell that is not there does nothing.
void LiveTableCore::AddChanges(const Edit& edit, Batch* batch) const {
  const absl::Time zero = batch->sys_up_time_zero;
  const void* const row = edit.row.get();
  const void* const old_row = edit.old_row.get();
  const bool compares =
      row != nullptr && old_row != nullptr && !batch->writes_all;
  for (const Column* const column : columns_) {
    if (compares && column->ops->is_same(column->source, zero, old_row, row)) {
      continue;
    }
    Oid suffix = SuffixOf(*column, edit.index);
    absl::Status error;
    std::optional<Value> value = Get(*column, zero, row, &error);
    if (value.has_value()) {
      batch->changes.Put(std::move(suffix), *std::move(value));
      continue;
    }
    absl::Status old_error;
    const bool had_value = Get(*column, zero, old_row, &old_error).has_value();
    // An error that a cell keeps was reported when the cell got it.
    if (error != old_error && !error.ok()) {
      AddCellError(BaseOf(*batch->target), suffix, error, &batch->errors);
    }
    if (had_value || batch->writes_all) batch->changes.Erase(std::move(suffix));
  }
}

Oid LiveTableCore::SuffixOf(const Column& column, const Oid& index) const {
  Oid suffix = layout_.entry;
  suffix.Append(column.id);
  suffix.Append(index);
  return suffix;
}

Oid LiveTableCore::BaseOf(const Target& target) const {
  Oid base = target.root;
  base.Truncate(base.size() - (declaration_->oid.size() - layout_.base_arcs));
  return base;
}

absl::Time LiveTableCore::ZeroOf(const Target& target) const {
  return needs_sys_up_time_ ? target.sys_up_time_zero() : absl::Time();
}

// Adds all cells of rows, and the scalars about them.
absl::Status LiveTableCore::AddContents(
    const Target& target,
    const std::vector<std::pair<Oid, RowPointer>>& indexed_rows,
    absl::Time last_change, Contents* contents,
    std::vector<absl::Status>* errors) const {
  const Oid base = BaseOf(target);
  const absl::Time zero = ZeroOf(target);
  for (const auto& [index, row] : indexed_rows) {
    absl::Status status =
        index_internal::CheckArcs(index, ArcsBefore(target.root));
    if (!status.ok()) return absl::InvalidArgumentError(status.message());
    for (const Column* const column : columns_) {
      const Oid suffix = SuffixOf(*column, index);
      std::optional<Value> value = Get(*column, zero, row.get(), &status);
      if (value.has_value()) {
        contents->Put(suffix, *std::move(value));
      } else if (!status.ok()) {
        AddCellError(base, suffix, status, errors);
        status = absl::OkStatus();
      }
    }
  }
  if (layout_.row_count) {
    contents->Put(*layout_.row_count,
                  Gauge32::FromNumberSaturated(indexed_rows.size()));
  }
  if (layout_.last_change) {
    contents->Put(*layout_.last_change,
                  EncodeValue<TimeStamp>(last_change, {zero}));
  }
  return absl::OkStatus();
}

// Takes from the queue what is applied together. A replacement erases the rows
// that the table has, so it is a group of its own.
void LiveTableCore::TakeGroup() {
  size_t size = 0;
  if (queue_.front()->replaces) {
    size = 1;
  } else {
    while (size < queue_.size() && !queue_[size]->replaces) ++size;
  }
  const auto end = queue_.begin() + static_cast<ptrdiff_t>(size);
  group_.assign(queue_.begin(), end);
  queue_.erase(queue_.begin(), end);
}

// Finds the batches that were compared with other rows than those that they
// replace: another thread was faster, or the group has an edit of the same row
// before.
void LiveTableCore::FindStaleBatches() {
  absl::flat_hash_set<absl::string_view> edited;  // unused in a group of one
  for (Batch* const batch : group_) {
    batch->is_stale = IsStale(*batch, edited);
    if (batch->is_stale) continue;
    if (batch->replaces) AddErasesOfOthers(batch);
    if (group_.size() == 1) return;
    for (const Edit& edit : batch->edits) edited.insert(edit.key);
  }
}

bool LiveTableCore::IsStale(
    const Batch& batch,
    const absl::flat_hash_set<absl::string_view>& edited) const {
  if (batch.target != target_) return true;
  // Without a target there are no cells, and thus nothing was compared.
  if (batch.writes_all || target_ == nullptr) return false;
  for (const Edit& edit : batch.edits) {
    const auto found = rows_.find(edit.key);
    const void* const row =
        found == rows_.end() ? nullptr : found->second.get();
    if (row != edit.old_row.get() || edited.contains(edit.key)) return true;
  }
  return false;
}

// Adds erases of the rows that a replacement does not have.
void LiveTableCore::AddErasesOfOthers(Batch* batch) {
  absl::flat_hash_set<absl::string_view> kept;
  for (const Edit& edit : batch->edits) kept.insert(edit.key);
  std::vector<Edit> erases;
  for (const auto& [key, row] : rows_) {
    if (kept.contains(key)) continue;
    erases.push_back({internal::UnpackKey(key), key, nullptr, nullptr, {}});
    if (target_ == nullptr) continue;
    for (const Column* const column : columns_) {
      batch->changes.Erase(SuffixOf(*column, erases.back().index));
    }
  }
  batch->edits.insert(batch->edits.end(),
                      std::make_move_iterator(erases.begin()),
                      std::make_move_iterator(erases.end()));
}

// Returns the number of rows that the table will have. Several batches that
// write all cells may change one row.
size_t LiveTableCore::RowsAfterGroup() const {
  size_t count = rows_.size();
  absl::flat_hash_map<absl::string_view, bool> present;
  for (const Batch* const batch : group_) {
    if (batch->is_stale) continue;
    for (const Edit& edit : batch->edits) {
      bool& is_present =
          present.try_emplace(edit.key, rows_.contains(edit.key)).first->second;
      count -= is_present ? 1 : 0;
      is_present = edit.row != nullptr;
      count += is_present ? 1 : 0;
    }
  }
  return count;
}

// Adds the scalars that change with the rows. Without a target notes the time
// for Attach().
void LiveTableCore::AddScalars(size_t row_count, Batch* batch) {
  if (batch->target == nullptr) {
    last_change_ = absl::Now();
    return;
  }
  const bool count_changes = row_count != served_row_count_;
  if (layout_.last_change && (count_changes || !batch->changes.empty())) {
    last_change_ = absl::Now();
    batch->changes.Put(
        *layout_.last_change,
        *EncodeValue<TimeStamp>(last_change_, {batch->sys_up_time_zero}));
  }
  if (layout_.row_count && count_changes) {
    batch->changes.Put(*layout_.row_count,
                       *Gauge32::FromNumberSaturated(row_count));
  }
}

// Puts the rows into the table. The rows that they replace go into the batch,
// whose thread destroys them without the lock.
void LiveTableCore::Publish(Batch* batch) {
  for (Edit& edit : batch->edits) {
    if (edit.row != nullptr) {
      rows_[std::move(edit.key)].swap(edit.row);
      continue;
    }
    const auto found = rows_.find(edit.key);
    if (found == rows_.end()) continue;
    found->second.swap(edit.row);
    rows_.erase(found);
  }
}

}  // namespace passpersist::table_internal
