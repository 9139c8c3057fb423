// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/entry_sorter.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "passpersist/encoding/key_prefix.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/overlay.h"
#include "passpersist/update/sorted_run.h"

namespace passpersist::internal {
namespace {

// Row by row, a table of c columns has min(c, r) logs in row r, behind which
// are c * (r - 1) entries: for c <= kLeastOpen never more than that, and for
// others never more than a kLeastOpen-th of the entries. So none is merged too
// early.
constexpr size_t kLeastOpen = 8;

// Makes one log of those that are merged.
class LogSink : public ContentsSink {
 public:
  explicit LogSink(EntryBuffer* log) : log_(*log) {}

  void OnEntry(const PackedEntry& entry) override {
    const absl::string_view rest = entry.key.substr(entry.shared);
    log_.AddPacked(
        entry,
        CommonPrefixSize(absl::string_view(last_).substr(entry.shared), rest));
    last_.resize(entry.shared);
    last_.append(rest.data(), rest.size());
  }

 private:
  EntryBuffer& log_;
  std::string last_;
};

// The first number of begin .. end - 1 for which `is_behind` is true, as it is
// for all behind it; else `end`. Each way it goes is a matter of luck, so the
// loop has no branch there.
template <typename Predicate>
size_t FirstWhere(size_t begin, size_t end, Predicate is_behind) {
  size_t left = end - begin;
  while (left > 1) {
    const size_t half = left / 2;
    begin += is_behind(begin + half - 1) ? 0 : half;
    left -= half;
  }
  return begin + (left == 1 && !is_behind(begin) ? 1 : 0);
}

}  // namespace

absl::Status EntrySorter::AddApart(const Oid& suffix, const PackedValue& value,
                                   absl::string_view label) {
  absl::Status status;
  const uint64_t head = KeyPrefix(suffix.arcs());
  // Nobody needs it while that log alone grows.
  if (used_last_ == 0 && !heads_.empty()) heads_[0] = logs_[0].LastHead();
  size_t place = Place(suffix, head);
  if (place == heads_.size()) {
    if (place == MostOpen()) {
      status = Close();
      place = 0;
    }
    heads_.push_back(head);
    if (logs_.size() < heads_.size()) logs_.emplace_back();
  }
  logs_[place].AddBehind(suffix, value, label);
  heads_[place] = head;
  used_last_ = place;
  return status;
}

size_t EntrySorter::MostOpen() const {
  return std::clamp(size_ / kLeastOpen, kLeastOpen, kMostOpen);
}

size_t EntrySorter::Place(const Oid& suffix, uint64_t head) const {
  const auto ends_before = [&](size_t place) {
    return EndsBefore(place, suffix, head);
  };
  // Of logs that were moved away none is left.
  if (used_last_ > 0 && used_last_ < heads_.size()) {
    if (!ends_before(used_last_ - 1)) {
      if (ends_before(used_last_)) return used_last_;
    } else if (used_last_ == 1 || !ends_before(used_last_ - 2)) {
      return used_last_ - 1;
    }
  }
  const size_t begin =
      FirstWhere(0, heads_.size(), [&](size_t i) { return heads_[i] <= head; });
  if (begin == heads_.size() || heads_[begin] != head) return begin;
  const size_t end = FirstWhere(begin, heads_.size(),
                                [&](size_t i) { return heads_[i] < head; });
  return FirstWhere(begin, end,
                    [&](size_t i) { return logs_[i].EndsBefore(suffix); });
}

bool EntrySorter::EndsBefore(size_t place, const Oid& suffix,
                             uint64_t head) const {
  return heads_[place] != head ? heads_[place] < head
                               : logs_[place].EndsBefore(suffix);
}

absl::Status EntrySorter::Close() {
  const Overlay none;
  EntryBuffer log;
  LogSink sink(&log);
  MergingReader merge(&none, &sink);
  for (const EntryBuffer& open : logs_) {
    merge.AddRun(std::make_unique<LogRun>(&open));
  }
  absl::Status status = merge.Run();
  closed_.push_back(std::move(log));
  for (EntryBuffer& open : logs_) open.Clear();
  heads_.clear();
  return status;
}

size_t EntrySorter::MemoryUsage() const {
  size_t memory =
      (logs_.capacity() + closed_.capacity()) * sizeof(EntryBuffer) +
      heads_.capacity() * sizeof(uint64_t);
  for (const EntryBuffer& log : logs_) memory += log.MemoryUsage();
  for (const EntryBuffer& log : closed_) memory += log.MemoryUsage();
  return memory;
}

const EntryBuffer* EntrySorter::OnlyLog() const {
  return heads_.size() == 1 && closed_.empty() ? &logs_[0] : nullptr;
}

void EntrySorter::AddRunsTo(MergingReader* merge) const {
  for (const EntryBuffer& log : logs_) {
    merge->AddRun(std::make_unique<LogRun>(&log));
  }
  for (const EntryBuffer& log : closed_) {
    merge->AddRun(std::make_unique<LogRun>(&log));
  }
}

}  // namespace passpersist::internal
