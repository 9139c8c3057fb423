// SPDX-License-Identifier: Apache-2.0

#include "passpersist/update/entry_buffer.h"

#include <algorithm>
#include <cstring>

#include "absl/base/attributes.h"
#include "absl/types/span.h"
#include "passpersist/encoding/key_prefix.h"
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

// The size of [shared, kept, size] in most records: one byte each.
constexpr size_t kUsualSizes = 3;

// A short `rest` is written and read as a whole word, which may go past its
// end.
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

// The number of leading bytes that are equal. Requires a != b.
size_t CommonBytes(uint64_t a, uint64_t b) {
  return static_cast<size_t>(__builtin_clzll(a ^ b)) / 8;
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
  return 1 + 3 * VarintBound(key_size) + key_size + sizeof value.number +
         VarintBound(value.bytes.size()) + value.bytes.size() +
         VarintBound(label.size()) + label.size();
}

}  // namespace

EntryBuffer& EntryBuffer::operator=(EntryBuffer&& other) noexcept {
  // Swaps, so that the destructor of `other` releases the former contents of
  // this buffer.
  chunks_.swap(other.chunks_);
  std::swap(next_, other.next_);
  std::swap(left_, other.left_);
  std::swap(chunk_bytes_, other.chunk_bytes_);
  std::swap(size_, other.size_);
  last_.swap(other.last_);
  std::swap(last_size_, other.last_size_);
  std::swap(last_word_, other.last_word_);
  std::swap(shared_, other.shared_);
  std::swap(kept_, other.kept_);
  std::swap(last_common_, other.last_common_);
  std::swap(longest_key_, other.longest_key_);
  shared_values_.swap(other.shared_values_);
  return *this;
}

EntryBuffer::~EntryBuffer() { Clear(); }

void EntryBuffer::Clear() {
  for (const SharedValue* const shared : shared_values_) shared->Unref();
  shared_values_.clear();
  // The first chunk stays for the next entries.
  if (!chunks_.empty()) {
    chunks_.resize(1);
    next_ = chunks_[0].bytes.get();
    left_ = chunks_[0].size;
    chunk_bytes_ = left_;
  }
  size_ = 0;
  last_size_ = 0;
  shared_ = 0;
  kept_ = 0;
  last_common_ = 0;
  longest_key_ = 0;
}

// Prefers the number of the previous record, which need not be written: also
// if more bytes could be kept this time only.
size_t EntryBuffer::ChooseKept(size_t common) {
  const size_t kept = common > kept_ && common != last_common_ ? kept_ : common;
  last_common_ = common;
  return kept;
}

// Inlined by force: calls of BeginRecord() and EndRecord() would take a fifth
// of the time of an entry that comes in order.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline char* EntryBuffer::BeginRecord(
    size_t shared, size_t common, bool is_long) {
  const size_t kept = ChooseKept(common);
  if (shared != shared_ || kept != kept_) is_long = true;
  shared_ = shared;
  kept_ = kept;
  return next_ + 1 + (is_long ? kUsualSizes : 0);
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline void EntryBuffer::EndRecord(
    char* rest, char* out, const PackedValue& value, absl::string_view label) {
  char* const header = next_;
  const auto rest_size = static_cast<size_t>(out - rest);
  size_t short_rest = rest_size;
  longest_key_ = std::max(longest_key_, shared_ + kept_ + rest_size);
  // The short form has `rest` directly after the header and its size in the
  // header. Else the sizes are written between the two.
  if (rest != header + 1 || rest_size == 0 || rest_size > kMaxShortRest) {
    short_rest = 0;
    char sizes[3 * kMaxVarint];
    const char* const sizes_end =
        PutVarint(rest_size, PutVarint(kept_, PutVarint(shared_, sizes)));
    const auto size = static_cast<size_t>(sizes_end - sizes);
    // The sizes take more or fewer bytes than BeginRecord() has left free.
    if (rest != header + 1 + size) {
      std::memmove(header + 1 + size, rest, rest_size);
      out = header + 1 + size + rest_size;
    }
    std::memcpy(header + 1, sizes, size);
  }
  *header = static_cast<char>(static_cast<size_t>(value.tag) |
                              (label.empty() ? 0 : kHasLabel) |
                              short_rest << kRestShift);
  out = PutValue(value, out);
  if (!label.empty()) out = PutBytes(label, out);
  if (value.tag == ValueTag::kOutOfLine) {
    shared_values_.push_back(value.shared_value());
    value.shared_value()->Ref();
  }
  left_ -= static_cast<size_t>(out - next_);
  next_ = out;
  ++size_;
}

bool EntryBuffer::TryAppend(const Oid& suffix, const PackedValue& value,
                            absl::string_view label) {
  const absl::Span<const uint32_t> arcs = suffix.arcs();
  const size_t same = CommonArcs(arcs);
  // Not greater than the last suffix: equal, a prefix of it, or less at the
  // first arc that differs.
  if (size_ > 0) {
    if (same == arcs.size()) return false;
    if (same < last_size_ && arcs[same] < last_[same].arc) return false;
  }
  Reserve(RecordBound(kMaxPackedArcSize * arcs.size(), value, label));
  if (last_.size() < arcs.size()) last_.resize(arcs.size());
  const size_t shared = same == 0 ? 0 : last_[same - 1].end;
  PackedArc arc = {0, 0};
  size_t common = 0;
  if (same < arcs.size()) {
    arc = PackArc(arcs[same]);
    // The first arc that differs may begin with the same bytes.
    if (same < last_size_) {
      common = CommonBytes(arc.word, same + 1 == last_size_
                                         ? last_word_
                                         : PackArc(last_[same].arc).word);
    }
  }
  char* const rest =
      BeginRecord(shared, common, arcs.size() - same > kMaxShortRest);
  char* out = rest;
  if (same < arcs.size()) {
    // Each StoreWord() writes eight bytes; the next write replaces the surplus.
    // Reserve() has left kSlack bytes for the last surplus.
    StoreWord(arc.word << 8 * kept_, out);
    out += arc.size - kept_;
    size_t end = shared + arc.size;
    last_[same] = {arcs[same], static_cast<uint32_t>(end)};
    for (size_t i = same + 1; i < arcs.size(); ++i) {
      arc = PackArc(arcs[i]);
      StoreWord(arc.word, out);
      char* const arc_end = out + arc.size;
      end += static_cast<size_t>(arc_end - out);
      last_[i] = {arcs[i], static_cast<uint32_t>(end)};
      out = arc_end;
    }
  }
  last_word_ = arc.word;
  last_size_ = arcs.size();
  EndRecord(rest, out, value, label);
  return true;
}

void EntryBuffer::AppendPacked(const PackedEntry& entry, size_t common) {
  Reserve(RecordBound(entry.key.size(), entry.value, entry.label));
  const size_t size = entry.key.size() - entry.shared;
  char* const rest = BeginRecord(entry.shared, common, size > kMaxShortRest);
  std::memcpy(rest, entry.key.data() + entry.shared + kept_, size - kept_);
  EndRecord(rest, rest + size - kept_, entry.value, entry.label);
}

bool EntryBuffer::EndsBefore(const Oid& suffix) const {
  const absl::Span<const uint32_t> arcs = suffix.arcs();
  const size_t same = CommonArcs(arcs);
  return same < arcs.size() &&
         (same == last_size_ || last_[same].arc < arcs[same]);
}

uint64_t EntryBuffer::LastKeyPrefix() const {
  // An arc takes at least one byte, so eight arcs are enough.
  constexpr size_t kMaxArcs = sizeof(uint64_t);
  uint32_t arcs[kMaxArcs];
  const size_t size = std::min(last_size_, kMaxArcs);
  for (size_t i = 0; i < size; ++i) arcs[i] = last_[i].arc;
  return KeyPrefix(absl::MakeConstSpan(arcs, size));
}

size_t EntryBuffer::CommonArcs(absl::Span<const uint32_t> arcs) const {
  const size_t bound = std::min(arcs.size(), last_size_);
  size_t same = 0;
  while (same < bound && arcs[same] == last_[same].arc) ++same;
  return same;
}

void EntryBuffer::Reserve(size_t size) {
  if (left_ >= size + kSlack) return;
  if (!chunks_.empty()) chunks_.back().end = next_;
  const size_t least = std::clamp(chunk_bytes_, kMinChunk, kSmallChunk);
  left_ =
      std::max(std::clamp(chunk_bytes_ / 16, least, kMaxChunk), size + kSlack);
  chunk_bytes_ += left_;
  chunks_.push_back({std::unique_ptr<char[]>(new char[left_]), left_, nullptr});
  next_ = chunks_.back().bytes.get();
}

size_t EntryBuffer::MemoryUsage() const {
  size_t memory = chunk_bytes_ + chunks_.capacity() * sizeof(Chunk) +
                  last_.capacity() * sizeof(Arc) +
                  shared_values_.capacity() * sizeof(const SharedValue*);
  for (const SharedValue* const shared : shared_values_) {
    memory += shared->memory();
  }
  return memory;
}

EntryBuffer::Reader::Reader(const EntryBuffer* buffer)
    : buffer_(*buffer), key_(new char[buffer->longest_key_ + kSlack]) {
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
    // A short rest: a copy of fixed size needs no call. `shared` and `kept` are
    // still those of the previous record.
    std::memcpy(key_.get() + kept_, in, kSlack);
  } else {
    in = GetVarint(GetVarint(in, &entry_.shared), &kept_);
    kept_ += entry_.shared;
    in = GetVarint(in, &rest);
    std::memcpy(key_.get() + kept_, in, rest);
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
