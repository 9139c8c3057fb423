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

std::string Text(absl::string_view packed_index) {
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
  std::shared_ptr<RowIndex> set(new RowIndex);
  set->first_ = 1;
  set->size_ = last;
  return set;
}

size_t RowIndex::MemoryUsage() const {
  return sizeof *this + bytes_.capacity() + ends_.capacity() * sizeof(uint32_t);
}

bool operator==(const RowIndex& a, const RowIndex& b) {
  return a.size_ == b.size_ && (a.first_ == b.first_ || a.size_ == 0) &&
         a.ends_ == b.ends_ && a.bytes_ == b.bytes_;
}

absl::Status RowIndexBuilder::Add(absl::string_view packed_index) {
  RowIndex& set = *set_;
  if (set.size_ > 0) {
    char scratch[kMaxPackedArcSize];
    const int order =
        packed_index.compare(set.PackedIndex(set.size_ - 1, scratch));
    if (order == 0) {
      return absl::AlreadyExistsError(
          absl::StrCat(Text(packed_index), " comes twice"));
    }
    if (order < 0) {
      return absl::InvalidArgumentError(
          absl::StrCat(Text(packed_index), " is not in order"));
    }
  }
  if (IsNext(packed_index)) {
    if (set.size_ == 0) {
      size_t used = 0;
      internal::UnpackArcs(packed_index, &set.first_, &used);
    }
  } else {
    if (set.is_consecutive()) ListIndexes();
    if (packed_index.size() >
        std::numeric_limits<uint32_t>::max() - set.bytes_.size()) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "the indexes before ", Text(packed_index), " take 4 GiB"));
    }
    set.bytes_.append(packed_index.data(), packed_index.size());
    set.ends_.push_back(static_cast<uint32_t>(set.bytes_.size()));
  }
  ++set.size_;
  return absl::OkStatus();
}

bool RowIndexBuilder::IsNext(absl::string_view packed_index) const {
  const RowIndex& set = *set_;
  if (!set.is_consecutive() || packed_index.empty()) return false;
  const auto lead = static_cast<unsigned char>(packed_index[0]);
  if (internal::PackedArcSize(lead) != packed_index.size()) return false;
  // No arc wraps: the last one of a set would be the greatest there is, and
  // nothing is behind that.
  char scratch[kMaxPackedArcSize];
  return set.size_ == 0 || packed_index == set.PackedIndex(set.size_, scratch);
}

void RowIndexBuilder::ListIndexes() {
  RowIndex& set = *set_;
  std::vector<uint32_t> ends;
  for (size_t row = 0; row < set.size_; ++row) {
    char scratch[kMaxPackedArcSize];
    const absl::string_view index = set.PackedIndex(row, scratch);
    set.bytes_.append(index.data(), index.size());
    ends.push_back(static_cast<uint32_t>(set.bytes_.size()));
  }
  set.ends_ = std::move(ends);
  set.first_ = 0;
}

std::shared_ptr<const RowIndex> RowIndexBuilder::Finish() && {
  set_->bytes_.shrink_to_fit();
  set_->ends_.shrink_to_fit();
  return std::move(set_);
}

}  // namespace passpersist
