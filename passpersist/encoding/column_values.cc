// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/column_values.h"

namespace passpersist::internal {

void ColumnValues::Add(const PackedValue& value) {
  shared_values_.Add(value);
  if (NumberSize(value.tag) > 0 && value.tag != ValueTag::kOutOfLine) {
    return AddNumber(value.tag, value.number);
  }
  AppendOther(value.tag, value.number, value.bytes);
}

ColumnValues::Room ColumnValues::MakeRoom(ValueTag tag) {
  tag_ = tag;
  width_ = NumberSize(tag);
  char* const begin = bytes_.ReserveMore(width_);
  return {begin, begin + bytes_.free() / width_ * width_};
}

size_t ColumnValues::CommitNumbers(const char* end) {
  const auto bytes = static_cast<size_t>(end - data()) - bytes_.size();
  bytes_.Commit(bytes);
  size_ += bytes / width_;
  return bytes / width_;
}

void ColumnValues::AppendOther(ValueTag tag, uint64_t number,
                               absl::string_view bytes) {
  AddEnds();
  if (size_ == 0) tag_ = tag;
  // The first value of a second type: from here on each value needs a tag.
  if (tags_.empty() && tag != tag_) tags_.assign(size_, tag_);
  if (!tags_.empty()) tags_.push_back(tag);
  // Ends count from the start of a block, so four bytes are enough for each.
  if (size_ % kBlock == 0) starts_.push_back(bytes_.size());
  if (const size_t width = NumberSize(tag); width > 0) {
    bytes_.AppendNumber(InMemoryOrder(number, width), width);
  } else {
    bytes_.Append(bytes);
  }
  ends_.push_back(static_cast<uint32_t>(bytes_.size() - starts_.back()));
  ++size_;
}

void ColumnValues::AddEnds() {
  if (width_ == 0) return;
  for (size_t i = 0; i < size_; ++i) {
    if (i % kBlock == 0) starts_.push_back(i * width_);
    ends_.push_back(static_cast<uint32_t>((i % kBlock + 1) * width_));
  }
  width_ = 0;
}

PackedValue ColumnValues::Get(size_t i) const {
  PackedValue value;
  value.tag = tags_.empty() ? tag_ : tags_[i];
  const char* const at = data() + (width_ == 0 ? Begin(i) : i * width_);
  switch (NumberSize(value.tag)) {
    case 4: {
      uint32_t number;
      std::memcpy(&number, at, sizeof number);
      value.number = number;
      break;
    }
    case 8:
      std::memcpy(&value.number, at, sizeof value.number);
      break;
    default:
      value.bytes = {at, starts_[i / kBlock] + ends_[i] - Begin(i)};
  }
  return value;
}

ColumnValues ColumnValues::Permuted(absl::Span<const size_t> order) const {
  ColumnValues permuted;
  permuted.Reserve(extent());
  // A fast path for numbers of four bytes: no PackedValue in between.
  if (width_ == sizeof(uint32_t)) {
    for (const size_t i : order) {
      uint32_t number;
      std::memcpy(&number, data() + i * sizeof number, sizeof number);
      permuted.AddNumber(tag_, number);
    }
  } else {
    for (const size_t i : order) permuted.Add(Get(i));
  }
  return permuted;
}

void ColumnValues::Reserve(const Extent& extent) {
  bytes_.Reserve(extent.bytes);
  ends_.reserve(extent.ends);
  tags_.reserve(extent.tags);
}

size_t ColumnValues::MemoryUsage() const {
  size_t memory =
      sizeof *this + bytes_.capacity() + starts_.capacity() * sizeof(size_t) +
      ends_.capacity() * sizeof(uint32_t) +
      tags_.capacity() * sizeof(ValueTag) + shared_values_.MemoryUsage();
  if (moved_ != nullptr) memory += size_ * width_;
  return memory;
}

}  // namespace passpersist::internal
