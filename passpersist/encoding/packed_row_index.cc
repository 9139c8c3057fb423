// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/packed_row_index.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"

namespace passpersist::internal {
namespace {

std::string RowText(absl::string_view index) {
  return absl::StrCat("row ", UnpackKey(index).ToString());
}

}  // namespace

PackedRowIndex PackedRowIndex::UpTo(uint32_t last) {
  PackedRowIndex rows;
  rows.first_ = 1;
  rows.size_ = last;
  return rows;
}

absl::Status PackedRowIndex::Add(absl::string_view index) {
  if (size_ > 0) {
    char scratch[kMaxPackedArcSize];
    const int order = index.compare(Get(size_ - 1, scratch));
    if (order == 0) {
      return absl::AlreadyExistsError(
          absl::StrCat(RowText(index), " occurs twice"));
    }
    if (order < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat(RowText(index), " is not in order"));
    }
  }
  if (IsNext(index)) {
    if (size_ == 0) UnpackArc(index.data(), &first_);
  } else {
    if (is_consecutive()) ListIndexes();
    if (index.size() > std::numeric_limits<uint32_t>::max() - bytes_.size()) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the indexes before ", RowText(index), " take 4 GiB"));
    }
    bytes_.append(index.data(), index.size());
    ends_.push_back(static_cast<uint32_t>(bytes_.size()));
  }
  ++size_;
  return absl::OkStatus();
}

bool PackedRowIndex::IsNext(absl::string_view index) const {
  if (!is_consecutive() || !IsOneArc(index)) return false;
  // Get(size_) does not wrap here: if the last index is the greatest arc, no
  // single arc is greater, and Add() has rejected `index`.
  char scratch[kMaxPackedArcSize];
  return size_ == 0 || index == Get(size_, scratch);
}

void PackedRowIndex::ListIndexes() {
  std::vector<uint32_t> ends;
  for (size_t row = 0; row < size_; ++row) {
    char scratch[kMaxPackedArcSize];
    const absl::string_view index = Get(row, scratch);
    bytes_.append(index.data(), index.size());
    ends.push_back(static_cast<uint32_t>(bytes_.size()));
  }
  ends_ = std::move(ends);
  first_ = 0;
}

void PackedRowIndex::ShrinkToFit() {
  bytes_.shrink_to_fit();
  ends_.shrink_to_fit();
}

size_t PackedRowIndex::MemoryUsage() const {
  return sizeof *this + bytes_.capacity() + ends_.capacity() * sizeof(uint32_t);
}

bool operator==(const PackedRowIndex& a, const PackedRowIndex& b) {
  return a.size_ == b.size_ && (a.first_ == b.first_ || a.size_ == 0) &&
         a.ends_ == b.ends_ && a.bytes_ == b.bytes_;
}

}  // namespace passpersist::internal
