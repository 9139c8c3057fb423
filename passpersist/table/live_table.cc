// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/live_table.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
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
std::optional<Value> Get(const Column& column, absl::Time sys_up_time_zero,
                         const void* row, absl::Status* error) {
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
  // A cell of `row`; none of the cells has a value if the row is erased.
  struct Cell {
    std::optional<Value> value;
    bool is_same;  // as in `old_row`
  };

  Oid index;
  std::string key;
  RowPointer row;               // null: the row is erased
  RowPointer old_row;           // what the table has had during Prepare()
  std::vector<Cell> cells;      // of columns_; none without a target
  bool is_conflicting = false;  // `old_row` is not what the edit replaces
};

// What one call of a method changes.
struct LiveTableCore::Batch {
  bool replaces;
  std::vector<Edit> edits;
  std::shared_ptr<const Target> target;  // of the cells
  std::vector<absl::Status> errors;
};

// A thread that waits for its turn, or has it.
struct LiveTableCore::Writer {
  Batch* batch;           // null: not a change
  bool is_ready = false;  // it is the writer now, or another thread has written
  bool is_done = false;   // another thread has written: `status` is valid
  bool is_stale = false;  // nothing was written: Prepare() is out of date
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

absl::Status LiveTableCore::Write(bool replaces, std::vector<Oid> erases,
                                  std::vector<RowPointer> rows) {
  Batch batch{replaces, {}, nullptr, {}};
  absl::Status status = AddEdits(std::move(erases), std::move(rows), &batch);
  if (!status.ok()) return status;
  Writer writer{&batch};
  do {
    status = Prepare(&batch);
    if (!status.ok()) return status;
    writer = Writer{&batch};
    WriteInTurn(&writer);
  } while (writer.is_stale);
  if (!writer.status.ok()) return writer.status;
  for (const absl::Status& error : batch.errors) {
    batch.target->report_error(error);
  }
  return absl::OkStatus();
}

// Returns when the changes of `own` were applied: by this thread, together with
// those of the threads that wait, or by another one.
void LiveTableCore::WriteInTurn(Writer* own) {
  std::vector<Writer*> group;
  std::shared_ptr<const Target> target;
  size_t row_count = 0;
  {
    MutexLock lock(mutex_);
    AwaitTurn(own);
    if (own->is_done) return;
    target = target_;
    group = TakeGroup();
    FindConflicts(group);
    if (layout_.row_count || layout_.last_change) row_count = RowsAfter(group);
  }
  Changes changes;
  for (Writer* const writer : group) {
    if (writer->is_stale) continue;
    for (Edit& edit : writer->batch->edits) AddChanges(&edit, &changes);
  }
  absl::Status status;
  if (target != nullptr) {
    AddScalars(*target, row_count, &changes);
  } else {
    last_change_ = absl::Now();
  }
  // Without a target there are no cells, and thus no changes.
  if (!changes.empty()) status = target->store->Apply(changes);
  if (status.ok()) served_row_count_ = row_count;
  MutexLock lock(mutex_);
  for (Writer* const writer : group) {
    if (status.ok() && !writer->is_stale) Publish(writer->batch);
    writer->status = status;
    writer->is_done = true;
    writer->is_ready = true;
  }
  EndTurn();
}

absl::Status LiveTableCore::Attach(Target target) {
  const auto shared = std::make_shared<const Target>(std::move(target));
  Writer writer{nullptr};
  std::vector<std::pair<Oid, RowPointer>> indexed_rows;
  {
    MutexLock lock(mutex_);
    AwaitTurn(&writer);
    queue_.pop_front();
    if (target_ != nullptr) {
      EndTurn();
      return absl::FailedPreconditionError("a live table is served already");
    }
    indexed_rows.reserve(rows_.size());
    for (const auto& [key, row] : rows_) {
      indexed_rows.emplace_back(internal::UnpackKey(key), row);
    }
  }
  std::vector<absl::Status> errors;
  absl::Status status = WriteAll(*shared, indexed_rows, &errors);
  {
    MutexLock lock(mutex_);
    if (status.ok()) {
      target_ = shared;
      served_row_count_ = indexed_rows.size();
    }
    EndTurn();
  }
  if (!status.ok()) return status;
  for (const absl::Status& error : errors) shared->report_error(error);
  return absl::OkStatus();
}

// Makes an edit of each row; the functions of the index are called here.
absl::Status LiveTableCore::AddEdits(std::vector<Oid> erases,
                                     std::vector<RowPointer> rows,
                                     Batch* batch) const {
  batch->edits.reserve(erases.size() + rows.size());
  const auto add_edit = [&](Oid index, RowPointer row) {
    std::string key = KeyOf(index);
    batch->edits.push_back(
        {std::move(index), std::move(key), std::move(row), nullptr, {}, false});
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
// the turn has come: see FindConflicts().
absl::Status LiveTableCore::Prepare(Batch* batch) const {
  batch->errors.clear();
  {
    MutexLock lock(mutex_);
    batch->target = target_;
    if (target_ == nullptr) return absl::OkStatus();
    for (Edit& edit : batch->edits) {
      const auto found = rows_.find(edit.key);
      edit.old_row = found == rows_.end() ? nullptr : found->second;
    }
  }
  if (discontinuity_ != nullptr) SetDiscontinuities(batch);
  const absl::Time zero = ZeroOf(*batch->target);
  for (Edit& edit : batch->edits) {
    if (edit.row != nullptr) {
      const absl::Status status = index_internal::CheckArcs(
          edit.index, ArcsBefore(batch->target->root));
      if (!status.ok()) return absl::InvalidArgumentError(status.message());
    }
    EncodeCells(zero, &edit, batch);
  }
  return absl::OkStatus();
}

void LiveTableCore::EncodeCells(absl::Time sys_up_time_zero, Edit* edit,
                                Batch* batch) const {
  edit->cells.clear();
  edit->cells.reserve(columns_.size());
  for (const Column* const column : columns_) {
    absl::Status error;
    absl::Status old_error;
    std::optional<Value> value;
    std::optional<Value> old_value;
    if (edit->row != nullptr) {
      value = Get(*column, sys_up_time_zero, edit->row.get(), &error);
    }
    if (edit->old_row != nullptr) {
      old_value =
          Get(*column, sys_up_time_zero, edit->old_row.get(), &old_error);
    }
    // An error that a cell keeps was reported when the cell got it.
    if (error != old_error && !error.ok()) {
      AddCellError(BaseOf(*batch->target), SuffixOf(*column, edit->index),
                   error, &batch->errors);
    }
    const bool is_same = value == old_value;
    edit->cells.push_back({std::move(value), is_same});
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

// Carries the time of the last discontinuity from the present row to the new
// one, unless the application has set a later one. If a row comes twice, the
// second one replaces the first.
void LiveTableCore::SetDiscontinuities(Batch* batch) const {
  absl::flat_hash_map<absl::string_view, const void*> replaced;
  const absl::Time now = absl::Now();
  for (Edit& edit : batch->edits) {
    const void*& before =
        replaced.try_emplace(edit.key, edit.old_row.get()).first->second;
    if (edit.row != nullptr && before != nullptr) {
      absl::Time& time = TimeOf(*discontinuity_, edit.row.get());
      time = std::max(time, TimeOf(*discontinuity_, before));
      if (Falls(counters_, before, edit.row.get())) time = std::max(time, now);
    }
    before = edit.row.get();
  }
}

// Adds the scalars that change with the rows.
void LiveTableCore::AddScalars(const Target& target, size_t row_count,
                               Changes* changes) {
  const bool count_changes = row_count != served_row_count_;
  if (layout_.last_change && (count_changes || !changes->empty())) {
    const absl::Time zero = ZeroOf(target);
    last_change_ = absl::Now();
    changes->Put(*layout_.last_change,
                 *EncodeValue<TimeStamp>(last_change_, {zero}));
  }
  if (layout_.row_count && count_changes) {
    changes->Put(*layout_.row_count, *Gauge32::FromNumberSaturated(row_count));
  }
}

// Adds what differs from the old row. If that row is unknown, adds all cells:
// an erase of a cell that is not there does nothing.
void LiveTableCore::AddChanges(Edit* edit, Changes* changes) const {
  for (size_t i = 0; i < edit->cells.size(); ++i) {
    Edit::Cell& cell = edit->cells[i];
    if (cell.is_same && !edit->is_conflicting) continue;
    Oid suffix = SuffixOf(*columns_[i], edit->index);
    if (cell.value.has_value()) {
      changes->Put(std::move(suffix), *std::move(cell.value));
    } else {
      changes->Erase(std::move(suffix));
    }
  }
}

absl::Status LiveTableCore::WriteAll(
    const Target& target,
    const std::vector<std::pair<Oid, RowPointer>>& indexed_rows,
    std::vector<absl::Status>* errors) const {
  Contents contents;
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
        contents.Put(suffix, *std::move(value));
      } else if (!status.ok()) {
        AddCellError(base, suffix, status, errors);
        status = absl::OkStatus();
      }
    }
  }
  if (layout_.row_count) {
    contents.Put(*layout_.row_count,
                 Gauge32::FromNumberSaturated(indexed_rows.size()));
  }
  if (layout_.last_change) {
    contents.Put(*layout_.last_change,
                 EncodeValue<TimeStamp>(last_change_, {zero}));
  }
  return target.store->Replace(std::move(contents));
}

// Returns when the thread is the writer, or when another writer has written
// for it.
void LiveTableCore::AwaitTurn(Writer* writer) {
  queue_.push_back(writer);
  if (is_writing_) {
    mutex_.Await(absl::Condition(&writer->is_ready));
  } else {
    is_writing_ = true;
  }
}

// Makes the thread that has waited longest the writer. A writer does not
// continue with the changes that came meanwhile, as it might never return.
void LiveTableCore::EndTurn() {
  if (queue_.empty()) {
    is_writing_ = false;
  } else {
    queue_.front()->is_ready = true;
  }
}

// Takes the threads from the queue whose changes are applied together. A
// replacement erases the rows that the table has, so it is a group of its own.
std::vector<LiveTableCore::Writer*> LiveTableCore::TakeGroup() {
  std::vector<Writer*> group;
  while (!queue_.empty()) {
    Writer* const writer = queue_.front();
    if (writer->batch == nullptr) break;
    if (!group.empty() &&
        (writer->batch->replaces || group.front()->batch->replaces)) {
      break;
    }
    writer->is_stale = writer->batch->target != target_;
    group.push_back(writer);
    queue_.pop_front();
  }
  return group;
}

// Finds the edits that were compared with another row than the one that they
// replace: another thread was faster, or the group has an edit of the same row
// before. A row whose totals were compared with those of another row is stale.
void LiveTableCore::FindConflicts(const std::vector<Writer*>& group) {
  const bool is_single =
      group.size() == 1 && group.front()->batch->edits.size() == 1;
  absl::flat_hash_map<absl::string_view, const Writer*> edited;
  for (Writer* const writer : group) {
    if (writer->is_stale) continue;
    for (Edit& edit : writer->batch->edits) {
      const auto found = rows_.find(edit.key);
      const void* const present =
          found == rows_.end() ? nullptr : found->second.get();
      // Each edit is entered, also one that is conflicting already.
      const auto entered = is_single ? std::make_pair(edited.end(), true)
                                     : edited.try_emplace(edit.key, writer);
      const bool is_first = entered.second;
      edit.is_conflicting = present != edit.old_row.get() || !is_first;
      const bool is_of_other = present != edit.old_row.get() ||
                               (!is_first && entered.first->second != writer);
      if (discontinuity_ != nullptr && target_ != nullptr && is_of_other) {
        writer->is_stale = true;
      }
    }
    if (writer->batch->replaces && !writer->is_stale) {
      AddErasesOfOthers(writer->batch);
    }
  }
}

// Returns the number of rows that the table will have.
size_t LiveTableCore::RowsAfter(const std::vector<Writer*>& group) const {
  size_t count = rows_.size();
  absl::flat_hash_map<absl::string_view, bool> present;
  for (const Writer* const writer : group) {
    if (writer->is_stale) continue;
    for (const Edit& edit : writer->batch->edits) {
      bool& is_present =
          present.try_emplace(edit.key, rows_.contains(edit.key)).first->second;
      count -= is_present ? 1 : 0;
      is_present = edit.row != nullptr;
      count += is_present ? 1 : 0;
    }
  }
  return count;
}

// Adds erases of the rows that a replacement does not have.
void LiveTableCore::AddErasesOfOthers(Batch* batch) {
  absl::flat_hash_set<absl::string_view> kept;
  for (const Edit& edit : batch->edits) kept.insert(edit.key);
  std::vector<Edit> erases;
  for (const auto& [key, row] : rows_) {
    if (kept.contains(key)) continue;
    erases.push_back({internal::UnpackKey(key),
                      key,
                      nullptr,
                      nullptr,
                      {},
                      /*is_conflicting=*/true});
    if (target_ != nullptr) erases.back().cells.resize(columns_.size());
  }
  batch->edits.insert(batch->edits.end(),
                      std::make_move_iterator(erases.begin()),
                      std::make_move_iterator(erases.end()));
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
