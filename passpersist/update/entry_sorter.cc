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

// A table of c columns that is put row by row has min(c, r) buffers in row r,
// after c * (r - 1) entries. That is never more than kMinOpen for
// c <= kMinOpen, and for other c never more than a kMinOpen-th of the entries.
// So no such buffer is merged too early.
constexpr size_t kMinOpen = 8;

// Collects merged entries in one buffer.
class BufferSink : public ContentsSink {
 public:
  explicit BufferSink(EntryBuffer* buffer) : buffer_(*buffer) {}

  void OnEntry(const PackedEntry& entry) override {
    const absl::string_view rest = entry.key.substr(entry.shared);
    buffer_.AppendPacked(
        entry,
        CommonPrefixSize(absl::string_view(last_).substr(entry.shared), rest));
    last_.resize(entry.shared);
    last_.append(rest.data(), rest.size());
  }

 private:
  EntryBuffer& buffer_;
  std::string last_;
};

// The first number in [begin, end) for which `is_true` is true, or `end`.
// Requires that it is also true for all numbers after that. The loop has no
// branch on the result, which cannot be predicted.
template <typename Predicate>
size_t FirstWhere(size_t begin, size_t end, Predicate is_true) {
  size_t left = end - begin;
  while (left > 1) {
    const size_t half = left / 2;
    begin += is_true(begin + half - 1) ? 0 : half;
    left -= half;
  }
  return begin + (left == 1 && !is_true(begin) ? 1 : 0);
}

}  // namespace

absl::Status EntrySorter::AddOutOfOrder(const Oid& suffix,
                                        const PackedValue& value,
                                        absl::string_view label) {
  absl::Status status;
  const uint64_t key_prefix = KeyPrefix(suffix.arcs());
  // Add() does not update it: while the first buffer alone grows, the prefix is
  // not needed.
  if (used_last_ == 0 && !key_prefixes_.empty()) {
    key_prefixes_[0] = buffers_[0].LastKeyPrefix();
  }
  size_t place = FindBuffer(suffix, key_prefix);
  if (place == key_prefixes_.size()) {
    if (place == MaxOpen()) {
      status = Close();
      place = 0;
    }
    key_prefixes_.push_back(key_prefix);
    if (buffers_.size() < key_prefixes_.size()) buffers_.emplace_back();
  }
  buffers_[place].TryAppend(suffix, value, label);
  key_prefixes_[place] = key_prefix;
  used_last_ = place;
  return status;
}

size_t EntrySorter::MaxOpen() const {
  return std::clamp(size_ / kMinOpen, kMinOpen, kMaxOpen);
}

size_t EntrySorter::FindBuffer(const Oid& suffix, uint64_t key_prefix) const {
  const auto ends_before = [&](size_t place) {
    return EndsBefore(place, suffix, key_prefix);
  };
  // Try the buffer used last and the one before it. In a sorter that was moved
  // from, used_last_ is out of range.
  if (used_last_ > 0 && used_last_ < key_prefixes_.size()) {
    if (!ends_before(used_last_ - 1)) {
      if (ends_before(used_last_)) return used_last_;
    } else if (used_last_ == 1 || !ends_before(used_last_ - 2)) {
      return used_last_ - 1;
    }
  }
  // The last keys descend: find the buffers with this prefix by binary search,
  // and decide among these by the whole suffix.
  const size_t begin = FirstWhere(0, key_prefixes_.size(), [&](size_t i) {
    return key_prefixes_[i] <= key_prefix;
  });
  if (begin == key_prefixes_.size() || key_prefixes_[begin] != key_prefix) {
    return begin;
  }
  const size_t end = FirstWhere(begin, key_prefixes_.size(), [&](size_t i) {
    return key_prefixes_[i] < key_prefix;
  });
  return FirstWhere(begin, end,
                    [&](size_t i) { return buffers_[i].EndsBefore(suffix); });
}

bool EntrySorter::EndsBefore(size_t place, const Oid& suffix,
                             uint64_t key_prefix) const {
  return key_prefixes_[place] != key_prefix
             ? key_prefixes_[place] < key_prefix
             : buffers_[place].EndsBefore(suffix);
}

absl::Status EntrySorter::Close() {
  const Overlay none;
  EntryBuffer buffer;
  BufferSink sink(&buffer);
  MergingReader merge(&none, &sink);
  for (const EntryBuffer& open : buffers_) {
    merge.AddRun(std::make_unique<BufferRun>(&open));
  }
  absl::Status status = merge.Run();
  closed_.push_back(std::move(buffer));
  for (EntryBuffer& open : buffers_) open.Clear();
  key_prefixes_.clear();
  return status;
}

size_t EntrySorter::MemoryUsage() const {
  size_t memory =
      (buffers_.capacity() + closed_.capacity()) * sizeof(EntryBuffer) +
      key_prefixes_.capacity() * sizeof(uint64_t);
  for (const EntryBuffer& buffer : buffers_) memory += buffer.MemoryUsage();
  for (const EntryBuffer& buffer : closed_) memory += buffer.MemoryUsage();
  return memory;
}

const EntryBuffer* EntrySorter::OnlyBuffer() const {
  return key_prefixes_.size() == 1 && closed_.empty() ? &buffers_[0] : nullptr;
}

void EntrySorter::AddRunsTo(MergingReader* merge) const {
  for (const EntryBuffer& buffer : buffers_) {
    merge->AddRun(std::make_unique<BufferRun>(&buffer));
  }
  for (const EntryBuffer& buffer : closed_) {
    merge->AddRun(std::make_unique<BufferRun>(&buffer));
  }
}

}  // namespace passpersist::internal
