// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/merging_reader.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/base/optimization.h"
#include "absl/strings/str_cat.h"
#include "passpersist/encoding/key_prefix.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {
namespace {

// The ranks of runs begin here. Those of columns are less.
constexpr size_t kFirstRunRank = std::numeric_limits<size_t>::max() / 2;

// shared_ just after an entry was sent: no key has followed yet.
constexpr size_t kNoKeySince = std::numeric_limits<size_t>::max();

std::string KeyOf(const PackedColumn& column, size_t row) {
  char scratch[kMaxPackedArcSize];
  return absl::StrCat(column.prefix, column.indexes.Get(row, scratch));
}

}  // namespace

MergingReader::MergingReader(const Overlay* overlay, ContentsSink* sink)
    : overlay_(*overlay),
      next_change_(overlay->changes().begin()),
      end_of_changes_(overlay->changes().end()),
      sink_(*sink) {}

void MergingReader::AddRun(std::unique_ptr<SortedRun> run) {
  AddRanked(kFirstRunRank + runs_.size(), std::move(run));
}

void MergingReader::AddRanked(size_t rank, std::unique_ptr<SortedRun> run) {
  if (!run->Next()) return;
  run->set_rank(rank);
  const ActiveRun active = {KeyPrefix(run->entry().key), run.get()};
  runs_.push_back(std::move(run));
  active_runs_.push_back(active);
  size_t place = active_runs_.size() - 1;
  while (place > 0 && IsBefore(active, active_runs_[(place - 1) / 2])) {
    active_runs_[place] = active_runs_[(place - 1) / 2];
    place = (place - 1) / 2;
  }
  active_runs_[place] = active;
}

void MergingReader::AddColumn(const PackedColumn& column) {
  if (column.cells.empty()) return;
  columns_.emplace_back(new PendingColumn{
      column, KeyOf(column, 0), KeyOf(column, column.indexes.size() - 1),
      columns_.size()});
}

absl::Status MergingReader::Run(OnRepeatedKey on_repeated_key) {
  std::sort(columns_.begin(), columns_.end(),
            [](const auto& a, const auto& b) { return a->first < b->first; });
  // A column goes before a run at the same key: IsAlone() then finds that the
  // column overlaps with the run.
  while (true) {
    if (next_column_ < columns_.size() &&
        (active_runs_.empty() ||
         columns_[next_column_]->first <= active_runs_[0].run->entry().key)) {
      BeginColumn(*columns_[next_column_++]);
    } else if (!active_runs_.empty()) {
      absl::Status status = SendLeast(on_repeated_key);
      if (!status.ok()) return status;
    } else {
      break;
    }
  }
  while (next_change_ != end_of_changes_) SendNextChange();
  return absl::OkStatus();
}

bool MergingReader::IsBefore(const ActiveRun& a, const ActiveRun& b) {
  if (ABSL_PREDICT_TRUE(a.key_prefix != b.key_prefix)) {
    return a.key_prefix < b.key_prefix;
  }
  const int order = a.run->entry().key.compare(b.run->entry().key);
  return order == 0 ? a.run->rank() > b.run->rank() : order < 0;
}

// Which child is less cannot be predicted, so the choice is not a branch.
void MergingReader::SiftDown() {
  const ActiveRun active = active_runs_[0];
  const size_t size = active_runs_.size();
  size_t place = 0;
  for (size_t child = 1; child < size; child = 2 * place + 1) {
    if (child + 1 < size) {
      child += static_cast<size_t>(
          IsBefore(active_runs_[child + 1], active_runs_[child]));
    }
    if (!IsBefore(active_runs_[child], active)) break;
    active_runs_[place] = active_runs_[child];
    place = child;
  }
  active_runs_[place] = active;
}

void MergingReader::BeginColumn(const PendingColumn& pending) {
  if (!IsAlone(pending)) {
    AddRanked(pending.rank, std::make_unique<ColumnRun>(pending.column));
    return;
  }
  SendOverlayBefore(pending.first);
  last_run_ = nullptr;
  // The 0 makes PackedEntry::shared 0 for the first entry after the column.
  if (sink_.OnColumn(pending.column)) {
    SetLast(pending.last, 0);
    return;
  }
  // Nothing interleaves with the cells, so they bypass the heap.
  ColumnRun run(pending.column);
  run.Next();
  SetLast(run.entry().key, SharedArcsSize(last_, run.entry().key));
  Send(run.entry());
  while (run.Next()) sink_.OnEntry(run.entry());
  last_ = std::string(run.entry().key);
}

bool MergingReader::IsAlone(const PendingColumn& pending) const {
  if (!active_runs_.empty() &&
      active_runs_[0].run->entry().key <= pending.last) {
    return false;
  }
  if (next_column_ < columns_.size() &&
      columns_[next_column_]->first <= pending.last) {
    return false;
  }
  const auto change =
      std::lower_bound(next_change_, end_of_changes_, pending.first,
                       [](const Overlay::Change& next, const std::string& key) {
                         return next.key < key;
                       });
  return change == end_of_changes_ || change->key > pending.last;
}

absl::Status MergingReader::SendLeast(OnRepeatedKey on_repeated_key) {
  SortedRun& run = *active_runs_[0].run;
  const PackedEntry& entry = run.entry();
  SendOverlayBefore(entry.key);
  // entry.shared counts from the previous entry of the run. It is valid only if
  // that entry is also the last one of all.
  const size_t shared =
      &run == last_run_ ? entry.shared : SharedArcsSize(last_, entry.key);
  if (ABSL_PREDICT_FALSE(has_last_ && shared == entry.key.size() &&
                         shared == last_.size())) {
    // The entry that counts came first, so this one is skipped.
    if (absl::Status status = on_repeated_key(entry.key); !status.ok()) {
      return status;
    }
  } else {
    SetLast(entry.key, shared);
    SendChanged(entry);
  }
  if (run.Next()) {
    last_run_ = &run;
    active_runs_[0].key_prefix = KeyPrefix(entry.key);
  } else {
    last_run_ = nullptr;
    active_runs_[0] = active_runs_.back();
    active_runs_.pop_back();
    if (active_runs_.empty()) return absl::OkStatus();
  }
  SiftDown();
  return absl::OkStatus();
}

void MergingReader::SendChanged(const PackedEntry& entry) {
  if (next_change_ == end_of_changes_ || next_change_->key != entry.key) {
    Send(entry);
  } else if (const Overlay::Change& change = *next_change_++;
             !change.is_erase) {
    PackedEntry changed = entry;
    changed.value = overlay_.ValueOf(change);
    changed.label = change.label.value_or(entry.label);
    Send(changed);
  }
}

void MergingReader::SendOverlayBefore(absl::string_view key) {
  while (next_change_ != end_of_changes_ && next_change_->key < key) {
    SendNextChange();
  }
}

void MergingReader::SendNextChange() {
  const Overlay::Change& change = *next_change_++;
  if (change.is_erase) return;
  SetLast(change.key, SharedArcsSize(last_, change.key));
  last_run_ = nullptr;
  Send({change.key, 0, overlay_.ValueOf(change), change.label.value_or("")});
}

void MergingReader::Send(PackedEntry entry) {
  entry.shared = shared_;
  shared_ = kNoKeySince;
  sink_.OnEntry(entry);
}

// In ascending order, the first and the last key have in common what all
// neighbours between them have in common: hence the minimum.
void MergingReader::SetLast(absl::string_view key, size_t shared) {
  shared_ = std::min(shared_, shared);
  last_.replace(shared, last_.size() - shared, key.data() + shared,
                key.size() - shared);
  has_last_ = true;
}

}  // namespace passpersist::internal
