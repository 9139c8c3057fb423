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

constexpr size_t kLeastChunk = 128;
constexpr size_t kSmallChunk = 512;
constexpr size_t kLargestChunk = size_t{1} << 20;
constexpr size_t kMaxVarint = 10;

constexpr uint8_t kTagMask = 0x0f;
constexpr uint8_t kHasLabel = 0x10;
constexpr int kRestShift = 5;
constexpr size_t kMaxShortRest = 7;

// The bytes of most records' sizes.
constexpr size_t kFewSizes = 3;

// Short rests are copied by whole words.
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

// At which byte two words differ, which they do.
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

// As many bytes as a record may take; not many more, since so many are left
// unused at the end of a chunk.
size_t VarintBound(size_t number) { return number < 0x80 ? 1 : kMaxVarint; }
size_t RecordBound(size_t key_size, const PackedValue& value,
                   absl::string_view label) {
  return 1 + 3 * VarintBound(key_size) + key_size + sizeof value.number +
         VarintBound(value.bytes.size()) + value.bytes.size() +
         VarintBound(label.size()) + label.size();
}

}  // namespace

EntryBuffer& EntryBuffer::operator=(EntryBuffer&& other) noexcept {
  // What was here goes with `other`.
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
  boxes_.swap(other.boxes_);
  return *this;
}

EntryBuffer::~EntryBuffer() { Clear(); }

void EntryBuffer::Clear() {
  for (const SharedValue* const box : boxes_) box->Unref();
  boxes_.clear();
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

// The number is that of the record before, mostly, so that it need not be
// written: also where one more byte could be kept this time only.
size_t EntryBuffer::Keep(size_t common) {
  const size_t kept = common > kept_ && common != last_common_ ? kept_ : common;
  last_common_ = common;
  return kept;
}

// A call of each would take a fifth of the time of an entry in order.
ABSL_ATTRIBUTE_ALWAYS_INLINE inline char* EntryBuffer::BeginRecord(
    size_t shared, size_t common, bool is_long) {
  const size_t kept = Keep(common);
  if (shared != shared_ || kept != kept_) is_long = true;
  shared_ = shared;
  kept_ = kept;
  return next_ + 1 + (is_long ? kFewSizes : 0);
}

ABSL_ATTRIBUTE_ALWAYS_INLINE inline void EntryBuffer::EndRecord(
    char* rest, char* out, const PackedValue& value, absl::string_view label) {
  char* const header = next_;
  const auto rest_size = static_cast<size_t>(out - rest);
  size_t short_rest = rest_size;
  longest_key_ = std::max(longest_key_, shared_ + kept_ + rest_size);
  if (rest != header + 1 || rest_size == 0 || rest_size > kMaxShortRest) {
    short_rest = 0;
    char sizes[3 * kMaxVarint];
    const char* const sizes_end =
        PutVarint(rest_size, PutVarint(kept_, PutVarint(shared_, sizes)));
    const auto size = static_cast<size_t>(sizes_end - sizes);
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
    boxes_.push_back(value.shared_value());
    value.shared_value()->Ref();
  }
  left_ -= static_cast<size_t>(out - next_);
  next_ = out;
  ++size_;
}

bool EntryBuffer::AddBehind(const Oid& suffix, const PackedValue& value,
                            absl::string_view label) {
  const absl::Span<const uint32_t> arcs = suffix.arcs();
  const size_t same = SameArcs(arcs);
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

void EntryBuffer::AddPacked(const PackedEntry& entry, size_t common) {
  Reserve(RecordBound(entry.key.size(), entry.value, entry.label));
  const size_t size = entry.key.size() - entry.shared;
  char* const rest = BeginRecord(entry.shared, common, size > kMaxShortRest);
  std::memcpy(rest, entry.key.data() + entry.shared + kept_, size - kept_);
  EndRecord(rest, rest + size - kept_, entry.value, entry.label);
}

bool EntryBuffer::EndsBefore(const Oid& suffix) const {
  const absl::Span<const uint32_t> arcs = suffix.arcs();
  const size_t same = SameArcs(arcs);
  return same < arcs.size() &&
         (same == last_size_ || last_[same].arc < arcs[same]);
}

uint64_t EntryBuffer::LastHead() const {
  constexpr size_t kMost = sizeof(uint64_t);
  uint32_t arcs[kMost];
  const size_t size = std::min(last_size_, kMost);
  for (size_t i = 0; i < size; ++i) arcs[i] = last_[i].arc;
  return KeyPrefix(absl::MakeConstSpan(arcs, size));
}

size_t EntryBuffer::SameArcs(absl::Span<const uint32_t> arcs) const {
  const size_t most = std::min(arcs.size(), last_size_);
  size_t same = 0;
  while (same < most && arcs[same] == last_[same].arc) ++same;
  return same;
}

void EntryBuffer::Reserve(size_t size) {
  if (left_ >= size + kSlack) return;
  if (!chunks_.empty()) chunks_.back().end = next_;
  const size_t least = std::clamp(chunk_bytes_, kLeastChunk, kSmallChunk);
  left_ = std::max(std::clamp(chunk_bytes_ / 16, least, kLargestChunk),
                   size + kSlack);
  chunk_bytes_ += left_;
  chunks_.push_back({std::unique_ptr<char[]>(new char[left_]), left_, nullptr});
  next_ = chunks_.back().bytes.get();
}

size_t EntryBuffer::MemoryUsage() const {
  size_t memory = chunk_bytes_ + chunks_.capacity() * sizeof(Chunk) +
                  last_.capacity() * sizeof(Arc) +
                  boxes_.capacity() * sizeof(const SharedValue*);
  for (const SharedValue* const box : boxes_) memory += box->memory();
  return memory;
}

EntryBuffer::Reader::Reader(const EntryBuffer* log)
    : log_(*log), key_(new char[log->longest_key_ + kSlack]) {
  if (!log_.chunks_.empty()) next_ = log_.chunks_[0].bytes.get();
}

bool EntryBuffer::Reader::Next() {
  const std::vector<Chunk>& chunks = log_.chunks_;
  if (chunk_ + 1 >= chunks.size()) {
    if (next_ == log_.next_) return false;
  } else if (next_ == chunks[chunk_].end) {
    next_ = chunks[++chunk_].bytes.get();
  }
  const char* in = next_;
  const auto header = static_cast<uint8_t>(*in++);
  size_t rest = header >> kRestShift;
  if (rest != 0) {
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
