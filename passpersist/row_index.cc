// SPDX-License-Identifier: Apache-2.0

#include "passpersist/row_index.h"

#include <limits>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace passpersist {

using internal::EncodedOid;
using internal::kMaxPackedArcSize;

namespace {

std::string RowText(absl::string_view packed_index) {
  return absl::StrCat("row ", internal::UnpackKey(packed_index).ToString());
}

}  // namespace

absl::StatusOr<std::shared_ptr<const RowIndex>> RowIndex::Make(
    absl::Span<const Oid> indexes) {
  RowIndexBuilder builder;
  EncodedOid key;
  for (const Oid& index : indexes) {
    key.Assign(index);
    absl::Status status = builder.Add(key.bytes());
    if (!status.ok()) return status;
  }
  return std::move(builder).Finish();
}

absl::StatusOr<std::shared_ptr<const RowIndex>> RowIndex::FromNumbers(
    absl::Span<const uint32_t> indexes) {
  RowIndexBuilder builder;
  for (const uint32_t index : indexes) {
    char key[kMaxPackedArcSize];
    const char* const end = internal::PackArc(index, key);
    absl::Status status = builder.Add({key, static_cast<size_t>(end - key)});
    if (!status.ok()) return status;
  }
  return std::move(builder).Finish();
}

std::shared_ptr<const RowIndex> RowIndex::UpTo(uint32_t last) {
  std::shared_ptr<RowIndex> rows(new RowIndex);
  rows->first_ = 1;
  rows->size_ = last;
  return rows;
}

size_t RowIndex::MemoryUsage() const {
  return sizeof *this + bytes_.capacity() + ends_.capacity() * sizeof(uint32_t);
}

bool operator==(const RowIndex& a, const RowIndex& b) {
  return a.size_ == b.size_ && (a.first_ == b.first_ || a.size_ == 0) &&
         a.ends_ == b.ends_ && a.bytes_ == b.bytes_;
}

absl::Status RowIndexBuilder::Add(absl::string_view packed_index) {
  RowIndex& rows = *rows_;
  if (rows.size_ > 0) {
    char scratch[kMaxPackedArcSize];
    const int order =
        packed_index.compare(rows.PackedIndex(rows.size_ - 1, scratch));
    if (order == 0) {
      return absl::AlreadyExistsError(
          absl::StrCat(RowText(packed_index), " occurs twice"));
    }
    if (order < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat(RowText(packed_index), " is not in order"));
    }
  }
  if (IsNext(packed_index)) {
    if (rows.size_ == 0) {
      size_t used = 0;
      internal::UnpackArcs(packed_index, &rows.first_, &used);
    }
  } else {
    if (rows.is_consecutive()) ListIndexes();
    if (packed_index.size() >
        std::numeric_limits<uint32_t>::max() - rows.bytes_.size()) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "the indexes before ", RowText(packed_index), " take 4 GiB"));
    }
    rows.bytes_.append(packed_index.data(), packed_index.size());
    rows.ends_.push_back(static_cast<uint32_t>(rows.bytes_.size()));
  }
  ++rows.size_;
  return absl::OkStatus();
}

bool RowIndexBuilder::IsNext(absl::string_view packed_index) const {
  const RowIndex& rows = *rows_;
  if (!rows.is_consecutive() || packed_index.empty()) return false;
  const auto lead = static_cast<unsigned char>(packed_index[0]);
  if (internal::PackedArcSize(lead) != packed_index.size()) return false;
  // PackedIndex(size_) does not wrap here: if the last index is the greatest
  // arc, no single arc is greater, and Add() has rejected `packed_index`.
  char scratch[kMaxPackedArcSize];
  return rows.size_ == 0 ||
         packed_index == rows.PackedIndex(rows.size_, scratch);
}

void RowIndexBuilder::ListIndexes() {
  RowIndex& rows = *rows_;
  std::vector<uint32_t> ends;
  for (size_t row = 0; row < rows.size_; ++row) {
    char scratch[kMaxPackedArcSize];
    const absl::string_view index = rows.PackedIndex(row, scratch);
    rows.bytes_.append(index.data(), index.size());
    ends.push_back(static_cast<uint32_t>(rows.bytes_.size()));
  }
  rows.ends_ = std::move(ends);
  rows.first_ = 0;
}

std::shared_ptr<const RowIndex> RowIndexBuilder::Finish() && {
  rows_->bytes_.shrink_to_fit();
  rows_->ends_.shrink_to_fit();
  return std::move(rows_);
}

}  // namespace passpersist
