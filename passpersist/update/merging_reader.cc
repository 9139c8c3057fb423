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

constexpr size_t kNothingSince = std::numeric_limits<size_t>::max();

std::string NameOf(const PackedColumn& column, size_t row) {
  char scratch[kMaxPackedArcSize];
  return absl::StrCat(column.prefix, column.rows->PackedIndex(row, scratch));
}

}  // namespace

MergingReader::MergingReader(const Overlay* overrides, ContentsSink* sink)
    : overrides_(*overrides),
      override_(overrides->map().begin()),
      sink_(*sink) {}

void MergingReader::AddRun(std::unique_ptr<SortedRun> run) {
  if (!run->Next()) return;
  const Begun begun = {KeyPrefix(run->entry().key), run.get()};
  runs_.push_back(std::move(run));
  begun_.push_back(begun);
  size_t place = begun_.size() - 1;
  while (place > 0 && IsBefore(begun, begun_[(place - 1) / 2])) {
    begun_[place] = begun_[(place - 1) / 2];
    place = (place - 1) / 2;
  }
  begun_[place] = begun;
}

void MergingReader::AddColumn(const PackedColumn& column) {
  if (column.cells.empty()) return;
  columns_.emplace_back(new Waiting{column, NameOf(column, 0),
                                    NameOf(column, column.rows->size() - 1)});
}

absl::Status MergingReader::Run() {
  std::sort(columns_.begin(), columns_.end(),
            [](const auto& a, const auto& b) { return a->first < b->first; });
  while (true) {
    if (next_column_ < columns_.size() &&
        (begun_.empty() ||
         columns_[next_column_]->first <= begun_[0].run->entry().key)) {
      BeginColumn(*columns_[next_column_++]);
    } else if (!begun_.empty()) {
      if (absl::Status status = Deliver(); !status.ok()) return status;
    } else {
      break;
    }
  }
  while (override_ != overrides_.map().end()) DeliverOverride();
  return absl::OkStatus();
}

bool MergingReader::IsBefore(const Begun& a, const Begun& b) {
  if (ABSL_PREDICT_TRUE(a.head != b.head)) return a.head < b.head;
  return a.run->entry().key < b.run->entry().key;
}

// Which child is less is a matter of luck, so it is no branch.
void MergingReader::Finalize() {
  const Begun begun = begun_[0];
  const size_t size = begun_.size();
  size_t place = 0;
  for (size_t child = 1; child < size; child = 2 * place + 1) {
    if (child + 1 < size) {
      child += static_cast<size_t>(IsBefore(begun_[child + 1], begun_[child]));
    }
    if (!IsBefore(begun_[child], begun)) break;
    begun_[place] = begun_[child];
    place = child;
  }
  begun_[place] = begun;
}

void MergingReader::BeginColumn(const Waiting& waiting) {
  if (!IsAlone(waiting)) {
    AddRun(std::make_unique<ColumnRun>(waiting.column));
    return;
  }
  DeliverOverridesBefore(waiting.first);
  last_run_ = nullptr;
  if (sink_.OnColumn(waiting.column)) {
    Pass(waiting.last, 0);
    return;
  }
  ColumnRun run(waiting.column);
  run.Next();
  Pass(run.entry().key, SharedArcsSize(last_, run.entry().key));
  Send(run.entry());
  while (run.Next()) sink_.OnEntry(run.entry());
  last_ = std::string(run.entry().key);
}

bool MergingReader::IsAlone(const Waiting& waiting) const {
  if (!begun_.empty() && begun_[0].run->entry().key <= waiting.last)
    return false;
  if (next_column_ < columns_.size() &&
      columns_[next_column_]->first <= waiting.last) {
    return false;
  }
  const auto change = overrides_.map().lower_bound(waiting.first);
  return change == overrides_.map().end() || change->first > waiting.last;
}

absl::Status MergingReader::Deliver() {
  SortedRun& run = *begun_[0].run;
  const PackedEntry& entry = run.entry();
  DeliverOverridesBefore(entry.key);
  const size_t shared =
      &run == last_run_ ? entry.shared : SharedArcsSize(last_, entry.key);
  if (has_last_ && shared == entry.key.size() && shared == last_.size()) {
    return absl::AlreadyExistsError(
        absl::StrCat(UnpackKey(last_).ToString(), ": put twice"));
  }
  Pass(entry.key, shared);
  if (override_ == overrides_.map().end() || override_->first != entry.key) {
    Send(entry);
  } else if (const auto& change = (override_++)->second; !change.is_erase) {
    PackedEntry changed = entry;
    changed.value = overrides_.ValueOf(change);
    if (!change.label.empty() || !change.keeps_label) {
      changed.label = change.label;
    }
    Send(changed);
  }
  if (run.Next()) {
    last_run_ = &run;
    begun_[0].head = KeyPrefix(entry.key);
  } else {
    last_run_ = nullptr;
    begun_[0] = begun_.back();
    begun_.pop_back();
    if (begun_.empty()) return absl::OkStatus();
  }
  Finalize();
  return absl::OkStatus();
}

void MergingReader::DeliverOverridesBefore(absl::string_view key) {
  while (override_ != overrides_.map().end() && override_->first < key) {
    DeliverOverride();
  }
}

void MergingReader::DeliverOverride() {
  const auto& [key, change] = *override_++;
  if (change.is_erase) return;
  Pass(key, SharedArcsSize(last_, key));
  last_run_ = nullptr;
  Send({key, 0, overrides_.ValueOf(change), change.label});
}

void MergingReader::Send(PackedEntry entry) {
  entry.shared = shared_;
  shared_ = kNothingSince;
  sink_.OnEntry(entry);
}

// Of names in order, the first and the last share what all neighbours share.
void MergingReader::Pass(absl::string_view key, size_t shared) {
  shared_ = std::min(shared_, shared);
  last_.replace(shared, last_.size() - shared, key.data() + shared,
                key.size() - shared);
  has_last_ = true;
}

}  // namespace passpersist::internal
