// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/entry_buffer.h"

#include <algorithm>
#include <cstring>

#include "absl/base/attributes.h"
#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {
namespace {

constexpr size_t kMinChunk = 128;
constexpr size_t kSmallChunk = 512;
constexpr size_t kMaxChunk = size_t{1} << 20;
constexpr size_t kMaxVarint = 10;

constexpr uint8_t kTagMask = 0x0f;
constexpr uint8_t kHasLabel = 0x10;
constexpr int kRestShift = 5;
constexpr size_t kMaxShortRest = 7;

// A short `rest` is written and read as a whole word, which may go past its
// end. Keys are compared by the word, too.
constexpr size_t kSlack = sizeof(uint64_t);

char* PutVarint(uint64_t number, char* out) {
  while (number >= 0x80) {
    *out++ = static_cast<char>(number | 0x80);
    number >>= 7;
  }
  *out++ = static_cast<char>(number);
  return out;
}

const char* GetVarint(const char* in, size_t* number) {
  uint64_t result = static_cast<uint8_t>(*in);
  if (result >= 0x80) {
    result &= 0x7f;
    for (int shift = 7;; shift += 7) {
      const auto byte = static_cast<uint8_t>(*++in);
      result |= static_cast<uint64_t>(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
  }
  *number = result;
  return in + 1;
}

char* PutBytes(absl::string_view bytes, char* out) {
  out = PutVarint(bytes.size(), out);
  if (!bytes.empty()) std::memcpy(out, bytes.data(), bytes.size());
  return out + bytes.size();
}

const char* GetBytes(const char* in, absl::string_view* bytes) {
  size_t size;
  in = GetVarint(in, &size);
  *bytes = absl::string_view(in, size);
  return in + size;
}

char* PutValue(const PackedValue& value, char* out) {
  switch (NumberSize(value.tag)) {
    case 4: {
      const auto number = static_cast<uint32_t>(value.number);
      std::memcpy(out, &number, sizeof number);
      return out + sizeof number;
    }
    case 8:
      std::memcpy(out, &value.number, sizeof value.number);
      return out + sizeof value.number;
    default:
      return PutBytes(value.bytes, out);
  }
}

const char* GetValue(const char* in, PackedValue* value) {
  switch (NumberSize(value->tag)) {
    case 4: {
      uint32_t number;
      std::memcpy(&number, in, sizeof number);
      value->number = number;
      return in + sizeof number;
    }
    case 8:
      std::memcpy(&value->number, in, sizeof value->number);
      return in + sizeof value->number;
    default:
      return GetBytes(in, &value->bytes);
  }
}

// An upper bound of the size of a record. It is tight, because a chunk leaves
// as many bytes unused at its end.
size_t VarintBound(size_t number) { return number < 0x80 ? 1 : kMaxVarint; }
size_t RecordBound(size_t key_size, const PackedValue& value,
                   absl::string_view label) {
  return 1 + 2 * VarintBound(key_size) + key_size + sizeof value.number +
         VarintBound(value.bytes.size()) + value.bytes.size() +
         VarintBound(label.size()) + label.size();
}

}  // namespace

// Inlined by force: calls of these would take a fifth of the time of an entry
// that comes in order.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline void EntryBuffer::SetNewKey(
    const Oid& suffix) {
  const size_t capacity = suffix.size() * kMaxPackedArcSize + kSlack;
  if (capacity > key_capacity_) GrowKeys(capacity);
  // Words are collected in a register: CommonSize() would wait for bytes that
  // were written one by one.
  char* out = new_key_.get();
  uint64_t word = 0;
  size_t filled = 0;
  for (const uint32_t arc : suffix.arcs()) {
    const PackedArc packed = PackArc(arc);
    word |= packed.word >> 8 * filled;
    filled += packed.size;
    if (filled < sizeof word) continue;
    StoreWord(word, out);
    out += sizeof word;
    filled -= sizeof word;
    word = filled == 0 ? 0 : packed.word << 8 * (packed.size - filled);
  }
  StoreWord(word, out);
  out += filled;
  new_key_size_ = static_cast<size_t>(out - new_key_.get());
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline size_t EntryBuffer::CommonSize() const {
  const size_t bound = std::min(last_key_size_, new_key_size_);
  for (size_t at = 0; at < bound; at += sizeof(uint64_t)) {
    const uint64_t difference =
        LoadWord(&last_key_[at]) ^ LoadWord(&new_key_[at]);
    if (difference != 0) {
      const int zeros = __builtin_clzll(difference);
      return std::min(bound, at + static_cast<size_t>(zeros) / 8);
    }
  }
  return bound;
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline void EntryBuffer::AppendNewKey(
    size_t kept, const PackedValue& value, absl::string_view label) {
  Reserve(RecordBound(new_key_size_, value, label));
  // The rows of a column have the short form: their keys differ in the last
  // byte or two, from the same byte on.
  const size_t rest_size = new_key_size_ - kept;
  const char* const rest = new_key_.get() + kept;
  char* out = next_ + 1;
  size_t short_rest = 0;
  if (kept == kept_ && rest_size > 0 && rest_size <= kMaxShortRest) {
    short_rest = rest_size;
    std::memcpy(out, rest, kSlack);
  } else {
    out = PutVarint(rest_size, PutVarint(kept, out));
    std::memcpy(out, rest, rest_size);
  }
  *next_ = static_cast<char>(static_cast<size_t>(value.tag) |
                             (label.empty() ? 0 : kHasLabel) |
                             short_rest << kRestShift);
  out = PutValue(value, out + rest_size);
  if (!label.empty()) out = PutBytes(label, out);
  shared_values_.Add(value);
  left_ -= static_cast<size_t>(out - next_);
  next_ = out;
  kept_ = kept;
  last_key_.swap(new_key_);
  last_key_size_ = new_key_size_;
  ++size_;
}

bool EntryBuffer::TryAppend(const Oid& suffix, const PackedValue& value,
                            absl::string_view label) {
  SetNewKey(suffix);
  const size_t common = CommonSize();
  // The keys ascend, so one comparison decides, and its result is needed for
  // the record anyway.
  if (size_ > 0) {
    // Equal to the last key, a prefix of it, or less at the first byte that
    // differs.
    if (common == new_key_size_) return false;
    if (common < last_key_size_ &&
        static_cast<uint8_t>(new_key_[common]) <
            static_cast<uint8_t>(last_key_[common])) {
      return false;
    }
  }
  AppendNewKey(common, value, label);
  return true;
}

void EntryBuffer::Append(const PackedEntry& entry) {
  const size_t capacity = entry.key.size() + kSlack;
  if (capacity > key_capacity_) GrowKeys(capacity);
  new_key_size_ = entry.key.copy(new_key_.get(), entry.key.size());
  AppendNewKey(CommonSize(), entry.value, entry.label);
}

void EntryBuffer::GrowKeys(size_t capacity) {
  auto last_key = std::make_unique<char[]>(capacity);
  if (last_key_size_ > 0) {
    std::memcpy(last_key.get(), last_key_.get(), last_key_size_);
  }
  last_key_ = std::move(last_key);
  new_key_ = std::make_unique<char[]>(capacity);
  key_capacity_ = capacity;
}

void EntryBuffer::Reserve(size_t size) {
  if (left_ >= size + kSlack) return;
  if (!chunks_.empty()) chunks_.back().end = next_;
  const size_t least = std::clamp(chunk_bytes_, kMinChunk, kSmallChunk);
  left_ =
      std::max(std::clamp(chunk_bytes_ / 16, least, kMaxChunk), size + kSlack);
  chunk_bytes_ += left_;
  chunks_.push_back({std::unique_ptr<char[]>(new char[left_]), nullptr});
  next_ = chunks_.back().bytes.get();
}

size_t EntryBuffer::MemoryUsage() const {
  return chunk_bytes_ + chunks_.capacity() * sizeof(Chunk) + 2 * key_capacity_ +
         shared_values_.MemoryUsage();
}

EntryBuffer::Reader::Reader(const EntryBuffer* buffer)
    : buffer_(*buffer), key_(new char[buffer->key_capacity_]) {
  if (!buffer_.chunks_.empty()) next_ = buffer_.chunks_[0].bytes.get();
}

bool EntryBuffer::Reader::Next() {
  const std::vector<Chunk>& chunks = buffer_.chunks_;
  // The records of the last chunk end at next_ of the buffer.
  if (chunk_ + 1 >= chunks.size()) {
    if (next_ == buffer_.next_) return false;
  } else if (next_ == chunks[chunk_].end) {
    next_ = chunks[++chunk_].bytes.get();
  }
  const char* in = next_;
  const auto header = static_cast<uint8_t>(*in++);
  size_t rest = header >> kRestShift;
  if (rest != 0) {
    // A short rest: a copy of fixed size needs no call. `kept` is that of the
    // previous record, hence also the whole arcs in it.
    std::memcpy(key_.get() + kept_, in, kSlack);
  } else {
    in = GetVarint(GetVarint(in, &kept_), &rest);
    std::memcpy(key_.get() + kept_, in, rest);
    entry_.shared = WholeArcsSize({key_.get(), kept_ + rest}, kept_);
  }
  entry_.key = {key_.get(), kept_ + rest};
  entry_.value.tag = static_cast<ValueTag>(header & kTagMask);
  entry_.value.bytes = {};
  in = GetValue(in + rest, &entry_.value);
  entry_.label = {};
  if ((header & kHasLabel) != 0) in = GetBytes(in, &entry_.label);
  next_ = in;
  return true;
}

}  // namespace passpersist::internal
