#include "passpersist/internal/entry_log.h"

#include <algorithm>
#include <cstring>

#include "absl/types/span.h"
#include "passpersist/internal/packed_key.h"

namespace passpersist::internal {
namespace {

constexpr size_t kLeastChunk = 512;
constexpr size_t kLargestChunk = size_t{1} << 20;
constexpr size_t kMaxVarint = 10;

constexpr uint8_t kTagMask = 0x0f;
constexpr uint8_t kHasLabel = 0x10;
constexpr int kRestShift = 5;
constexpr size_t kMaxShortRest = 7;

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

}  // namespace

EntryLog& EntryLog::operator=(EntryLog&& other) noexcept {
  // What was here goes with `other`.
  chunks_.swap(other.chunks_);
  std::swap(next_, other.next_);
  std::swap(left_, other.left_);
  std::swap(chunk_bytes_, other.chunk_bytes_);
  std::swap(size_, other.size_);
  last_.swap(other.last_);
  std::swap(shared_, other.shared_);
  std::swap(kept_, other.kept_);
  std::swap(last_common_, other.last_common_);
  std::swap(longest_key_, other.longest_key_);
  boxes_.swap(other.boxes_);
  return *this;
}

EntryLog::~EntryLog() {
  for (const ValueBox* const box : boxes_) box->Unref();
}

bool EntryLog::AddBehind(const Oid& suffix, const PackedValue& value,
                         absl::string_view label) {
  const absl::Span<const uint32_t> arcs = suffix.arcs();
  const size_t most = std::min(arcs.size(), last_.size());
  size_t same = 0;
  while (same < most && arcs[same] == last_[same].arc) ++same;
  if (size_ > 0) {
    if (same == arcs.size()) return false;
    if (same < last_.size() && arcs[same] < last_[same].arc) return false;
  }
  Add(suffix, same, value, label);
  return true;
}

void EntryLog::AddApart(const Oid& suffix, const PackedValue& value,
                        absl::string_view label) {
  last_.clear();
  Add(suffix, 0, value, label);
}

void EntryLog::Add(const Oid& suffix, size_t same, const PackedValue& value,
                   absl::string_view label) {
  const absl::Span<const uint32_t> arcs = suffix.arcs();
  Reserve(1 + 5 * kMaxVarint + kMaxPackedArcSize * arcs.size() +
          sizeof value.number + value.bytes.size() + label.size());
  const size_t shared = same == 0 ? 0 : last_[same - 1].end;

  // The rest, behind the header.
  char* const header = next_;
  char* const rest = header + 1;
  char* out = rest;
  size_t kept = 0;
  size_t end = shared;
  const size_t known = last_.size();
  last_.resize(arcs.size());
  for (size_t i = same; i < arcs.size(); ++i) {
    const PackedArc arc = PackArc(arcs[i]);
    size_t left_out = 0;
    if (i == same && i < known) {
      kept = Keep(CommonBytes(arc.word, last_[i].word));
      left_out = kept;
    }
    StoreWord(arc.word << 8 * left_out, out);
    out += arc.size - left_out;
    end += arc.size;
    last_[i] = {arc.word, arcs[i], static_cast<uint32_t>(end)};
  }
  const auto rest_size = static_cast<size_t>(out - rest);
  size_t short_rest = rest_size;
  if (shared != shared_ || kept != kept_ || rest_size == 0 ||
      rest_size > kMaxShortRest) {
    short_rest = 0;
    char sizes[3 * kMaxVarint];
    const char* const sizes_end =
        PutVarint(rest_size, PutVarint(kept, PutVarint(shared, sizes)));
    const auto size = static_cast<size_t>(sizes_end - sizes);
    std::memmove(rest + size, rest, rest_size);
    std::memcpy(rest, sizes, size);
    out += size;
    shared_ = shared;
    kept_ = kept;
  }
  *header = static_cast<char>(static_cast<size_t>(value.tag) |
                              (label.empty() ? 0 : kHasLabel) |
                              short_rest << kRestShift);
  out = PutValue(value, out);
  if (!label.empty()) out = PutBytes(label, out);
  if (value.tag == ValueTag::kBox) {
    boxes_.push_back(value.box());
    value.box()->Ref();
  }
  longest_key_ = std::max(longest_key_, end);
  left_ -= static_cast<size_t>(out - next_);
  next_ = out;
  ++size_;
}

// The number is that of the record before, mostly, so that it need not be
// written: also where one more byte could be kept this time only.
size_t EntryLog::Keep(size_t common) {
  const size_t kept = common > kept_ && common != last_common_ ? kept_ : common;
  last_common_ = common;
  return kept;
}

void EntryLog::Reserve(size_t size) {
  if (left_ >= size + kSlack) return;
  if (!chunks_.empty()) chunks_.back().end = next_;
  left_ = std::max(std::clamp(chunk_bytes_ / 16, kLeastChunk, kLargestChunk),
                   size + kSlack);
  chunk_bytes_ += left_;
  chunks_.push_back({std::unique_ptr<char[]>(new char[left_]), left_, nullptr});
  next_ = chunks_.back().bytes.get();
}

size_t EntryLog::MemoryUsage() const {
  size_t memory = chunk_bytes_ + chunks_.capacity() * sizeof(Chunk) +
                  last_.capacity() * sizeof(Arc) +
                  boxes_.capacity() * sizeof(const ValueBox*);
  for (const ValueBox* const box : boxes_) memory += box->memory();
  return memory;
}

absl::string_view EntryLog::KeyAt(Position position) {
  size_t rest = static_cast<uint8_t>(*position) >> kRestShift;
  const char* in = position + 1;
  if (rest == 0) {
    size_t none;
    in = GetVarint(GetVarint(GetVarint(in, &none), &none), &rest);
  }
  return {in, rest};
}

EntryLog::Reader::Reader(const EntryLog* log)
    : log_(*log), key_(new char[log->longest_key_ + kSlack]) {
  if (!log_.chunks_.empty()) next_ = log_.chunks_[0].bytes.get();
}

bool EntryLog::Reader::Next() {
  const std::vector<Chunk>& chunks = log_.chunks_;
  if (chunk_ + 1 >= chunks.size()) {
    if (next_ == log_.next_) return false;
  } else if (next_ == chunks[chunk_].end) {
    next_ = chunks[++chunk_].bytes.get();
  }
  ReadRecord(next_);
  return true;
}

void EntryLog::Reader::ReadRecord(Position position) {
  position_ = position;
  const char* in = position;
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
}

}  // namespace passpersist::internal
