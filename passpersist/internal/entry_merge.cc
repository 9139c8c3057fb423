#include "passpersist/internal/entry_merge.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "passpersist/internal/packed_key.h"

namespace passpersist::internal {
namespace {

constexpr size_t kNothingSince = std::numeric_limits<size_t>::max();

std::string NameOf(const PackedColumn& column, size_t row) {
  char scratch[kMaxPackedArcSize];
  return absl::StrCat(column.prefix, column.rows->PackedIndex(row, scratch));
}

}  // namespace

EntryMerge::EntryMerge(const Overrides* overrides, ContentsSink* sink)
    : overrides_(*overrides),
      override_(overrides->map().begin()),
      sink_(*sink) {}

void EntryMerge::AddRun(std::unique_ptr<EntryRun> run) {
  if (!run->Next()) return;
  runs_.push_back(std::move(run));
  Settle();
}

void EntryMerge::AddColumn(const PackedColumn& column) {
  if (column.cells.empty()) return;
  columns_.emplace_back(new Waiting{column, NameOf(column, 0),
                                    NameOf(column, column.rows->size() - 1)});
}

absl::Status EntryMerge::Run() {
  std::sort(columns_.begin(), columns_.end(),
            [](const auto& a, const auto& b) { return a->first < b->first; });
  while (true) {
    if (next_column_ < columns_.size() &&
        (runs_.empty() ||
         columns_[next_column_]->first <= runs_.back()->entry().key)) {
      BeginColumn(*columns_[next_column_++]);
    } else if (!runs_.empty()) {
      if (absl::Status status = Deliver(); !status.ok()) return status;
    } else {
      break;
    }
  }
  while (override_ != overrides_.map().end()) DeliverOverride();
  return absl::OkStatus();
}

void EntryMerge::Settle() {
  for (size_t i = runs_.size() - 1; i > 0; --i) {
    if (runs_[i]->entry().key <= runs_[i - 1]->entry().key) return;
    std::swap(runs_[i], runs_[i - 1]);
  }
}

void EntryMerge::BeginColumn(const Waiting& waiting) {
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

bool EntryMerge::IsAlone(const Waiting& waiting) const {
  if (!runs_.empty() && runs_.back()->entry().key <= waiting.last) return false;
  if (next_column_ < columns_.size() &&
      columns_[next_column_]->first <= waiting.last) {
    return false;
  }
  const auto change = overrides_.map().lower_bound(waiting.first);
  return change == overrides_.map().end() || change->first > waiting.last;
}

absl::Status EntryMerge::Deliver() {
  EntryRun& run = *runs_.back();
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
  last_run_ = run.Next() ? &run : nullptr;
  if (last_run_ == nullptr) {
    runs_.pop_back();
  } else {
    Settle();
  }
  return absl::OkStatus();
}

void EntryMerge::DeliverOverridesBefore(absl::string_view key) {
  while (override_ != overrides_.map().end() && override_->first < key) {
    DeliverOverride();
  }
}

void EntryMerge::DeliverOverride() {
  const auto& [key, change] = *override_++;
  if (change.is_erase) return;
  Pass(key, SharedArcsSize(last_, key));
  last_run_ = nullptr;
  Send({key, 0, overrides_.ValueOf(change), change.label});
}

void EntryMerge::Send(PackedEntry entry) {
  entry.shared = shared_;
  shared_ = kNothingSince;
  sink_.OnEntry(entry);
}

// Of names in order, the first and the last share what all neighbours share.
void EntryMerge::Pass(absl::string_view key, size_t shared) {
  shared_ = std::min(shared_, shared);
  last_.resize(shared);
  last_.append(key.data() + shared, key.size() - shared);
  has_last_ = true;
}

}  // namespace passpersist::internal
