#include "passpersist/internal/entry_runs.h"

#include <algorithm>

#include "passpersist/internal/packed_key.h"

namespace passpersist::internal {
namespace {

uint64_t HeadOf(absl::string_view key) {
  uint64_t head = 0;
  for (size_t i = 0; i < sizeof head; ++i) {
    head <<= 8;
    if (i < key.size()) head |= static_cast<unsigned char>(key[i]);
  }
  return head;
}

}  // namespace

ApartRun::ApartRun(const EntryLog* log) : reader_(log) {
  places_.reserve(log->size());
  while (reader_.Next()) {
    places_.push_back({HeadOf(reader_.entry().key), reader_.position()});
  }
  std::sort(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
    if (a.head != b.head) return a.head < b.head;
    return EntryLog::KeyAt(a.position) < EntryLog::KeyAt(b.position);
  });
}

bool ApartRun::Next() {
  if (next_ == places_.size()) return false;
  const EntryLog::Position position = places_[next_++].position;
  reader_.Read(position);
  entry_ = reader_.entry();
  const absl::string_view key = EntryLog::KeyAt(position);
  entry_.shared = SharedArcsSize(key_, key);
  key_ = key;
  return true;
}

ColumnRun::ColumnRun(const PackedColumn& column)
    : column_(column), key_(column.prefix) {
  key_.resize(key_.size() + kMaxPackedArcSize);
}

bool ColumnRun::Next() {
  const RowSet& rows = *column_.rows;
  while (row_ < rows.size() && !column_.HasCell(row_)) ++row_;
  if (row_ == rows.size()) return false;
  const size_t prefix = column_.prefix.size();
  if (rows.is_consecutive()) {
    // Two indexes of one arc have nothing in common.
    entry_.shared = prefix;
    entry_.key = {key_.data(),
                  prefix + rows.PackedIndex(row_, &key_[prefix]).size()};
  } else {
    const absl::string_view index = rows.PackedIndex(row_, nullptr);
    entry_.shared = prefix + SharedArcsSize(index_, index);
    index_ = index;
    key_.resize(std::max(key_.size(), prefix + index.size()));
    index.copy(&key_[prefix], index.size());
    entry_.key = {key_.data(), prefix + index.size()};
  }
  ++row_;
  entry_.value = column_.cells.Get(cell_++);
  return true;
}

}  // namespace passpersist::internal
