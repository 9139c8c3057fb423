// SPDX-License-Identifier: Apache-2.0

#include "passpersist/row_index.h"

#include <utility>

#include "absl/status/status.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_row_index.h"

namespace passpersist {

using internal::kMaxPackedArcSize;
using internal::PackedRowIndex;

absl::StatusOr<std::shared_ptr<const RowIndex>> RowIndex::Make(
    absl::Span<const Oid> indexes) {
  PackedRowIndex packed;
  internal::EncodedOid key;
  for (const Oid& index : indexes) {
    key.Assign(index);
    absl::Status status = packed.Add(key.bytes());
    if (!status.ok()) return status;
  }
  return FromPacked(std::move(packed));
}

absl::StatusOr<std::shared_ptr<const RowIndex>> RowIndex::FromNumbers(
    absl::Span<const uint32_t> indexes) {
  PackedRowIndex packed;
  for (const uint32_t index : indexes) {
    char key[kMaxPackedArcSize];
    const char* const end = internal::PackArc(index, key);
    absl::Status status = packed.Add({key, static_cast<size_t>(end - key)});
    if (!status.ok()) return status;
  }
  return FromPacked(std::move(packed));
}

std::shared_ptr<const RowIndex> RowIndex::UpTo(uint32_t last) {
  return FromPacked(PackedRowIndex::UpTo(last));
}

std::shared_ptr<const RowIndex> RowIndex::FromPacked(PackedRowIndex packed) {
  packed.ShrinkToFit();
  return std::shared_ptr<const RowIndex>(new RowIndex(std::move(packed)));
}

RowIndex::RowIndex(PackedRowIndex packed)
    : packed_(std::make_unique<const PackedRowIndex>(std::move(packed))) {}

RowIndex::~RowIndex() = default;

size_t RowIndex::size() const { return packed_->size(); }

Oid RowIndex::index(size_t row) const {
  char scratch[kMaxPackedArcSize];
  return internal::UnpackKey(packed_->Get(row, scratch));
}

size_t RowIndex::MemoryUsage() const {
  return sizeof *this + packed_->MemoryUsage();
}

bool operator==(const RowIndex& a, const RowIndex& b) {
  return *a.packed_ == *b.packed_;
}

}  // namespace passpersist
