// SPDX-License-Identifier: Apache-2.0

#include "store/block/packed_keys.h"

#include <algorithm>
#include <new>

#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::store_internal {
namespace {

constexpr size_t kMaxHead = 4;

// The first four bytes, the first one most significant, padded with zeros.
uint32_t HeadOf(absl::string_view remainder) {
  const auto byte = [&](size_t i) {
    return static_cast<uint32_t>(static_cast<unsigned char>(remainder[i]));
  };
  if (remainder.size() >=
      kMaxHead) {  // compilers make a load and a byte swap of it
    return byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
  }
  uint32_t head = 0;
  for (size_t i = 0; i < remainder.size(); ++i) head |= byte(i) << (24 - 8 * i);
  return head;
}

int CompareSizes(size_t a, size_t b) { return a < b ? -1 : a > b ? 1 : 0; }

}  // namespace

PackedKeys::Layout::Layout(absl::Span<const absl::string_view> keys)
    : count_(keys.size()) {
  if (keys.empty()) return;
  // The keys are sorted, so all keys begin with what the first and the last key
  // have in common.
  prefix_ = internal::CommonPrefixSize(keys.front(), keys.back());
  size_t shortest = keys.front().size();
  size_t longest = shortest;
  size_t total = 0;
  for (const absl::string_view key : keys) {
    shortest = std::min(shortest, key.size());
    longest = std::max(longest, key.size());
    total += key.size();
  }
  varies_ = shortest != longest;
  remainder_size_ = longest - prefix_;
  head_bytes_ = std::min(kMaxHead, shortest - prefix_);
  tails_ = total - count_ * (prefix_ + head_bytes_);
  // Remainders of 3 bytes get heads of 4: there is no integer type of 3 bytes.
  head_width_ = varies_ || remainder_size_ > 2 ? kMaxHead
                : remainder_size_ == 2         ? 2
                                               : 1;
  if (varies_) {
    tails_form_ = PackedStringsForm(count_, [&](size_t i) {
      return keys[i].size() - prefix_ - head_bytes_;
    });
  }
}

size_t PackedKeys::Layout::Size() const {
  const size_t heads = sizeof(PackedKeys) + prefix_ + count_ * head_width_;
  if (tails_ == 0 && !varies_) return heads;
  return heads + (varies_ ? tails_form_.Size() : tails_) + internal::kArcsSlack;
}

PackedKeys::PackedKeys(const Layout& layout)
    : prefix_size_(static_cast<uint32_t>(layout.prefix_)),
      remainder_size_(static_cast<uint32_t>(layout.remainder_size_)),
      count_(static_cast<uint8_t>(layout.count_)),
      head_width_(static_cast<uint8_t>(layout.head_width_)),
      head_bytes_(layout.head_bytes_ & 0xf),
      varies_(layout.varies_) {}

const PackedKeys* PackedKeys::Write(const Layout& layout,
                                    absl::Span<const absl::string_view> keys,
                                    char* memory) {
  const auto* const block = new (memory) PackedKeys(layout);
  char* out = memory + sizeof(PackedKeys);
  if (layout.prefix_ > 0) std::memcpy(out, keys[0].data(), layout.prefix_);
  out += layout.prefix_;
  for (const absl::string_view key : keys) {
    const uint32_t head = HeadOf(key.substr(layout.prefix_));
    switch (layout.head_width_) {
      case 1:
        out = StoreAs(static_cast<uint8_t>(head >> 24), out);
        break;
      case 2:
        out = StoreAs(static_cast<uint16_t>(head >> 16), out);
        break;
      default:
        out = StoreAs(head, out);
    }
  }
  if (layout.tails_ == 0 && !layout.varies_) return block;
  const size_t skipped = layout.prefix_ + layout.head_bytes_;
  if (layout.varies_) {
    PackedStringsWriter tails(layout.tails_form_, out);
    for (const absl::string_view key : keys) tails.Add(key.substr(skipped));
  } else {
    for (const absl::string_view key : keys) {
      std::memcpy(out, key.data() + skipped, key.size() - skipped);
      out += key.size() - skipped;
    }
  }
  return block;
}

PackedKeys::Place PackedKeys::Find(absl::string_view key) const {
  const size_t common = std::min<size_t>(prefix_size_, key.size());
  const int order = internal::CompareBytes(prefix_begin(), key.data(), common);
  if (order < 0) return {count_, false};
  if (order > 0 || key.size() < prefix_size_) return {0, false};
  const absl::string_view remainder = key.substr(prefix_size_);
  if (head_width_ == 1) return FindRemainder<uint8_t>(remainder);
  if (head_width_ == 2) return FindRemainder<uint16_t>(remainder);
  return FindRemainder<uint32_t>(remainder);
}

template <typename Head>
size_t PackedKeys::FirstNotBefore(Head head) const {
  if (sizeof(Head) < kMaxHead && count_ > 0) {  // no two heads are equal
    // Where heads are consecutive, the difference to the first is the position.
    const auto guess =
        static_cast<size_t>(head) - LoadAs<Head>(heads());  // huge if below
    if (guess < count_ &&
        LoadAs<Head>(heads() + guess * sizeof(Head)) == head) {
      return guess;
    }
  }
  return LowerBound<Head>(0, head);
}

// A binary search without branches that could be mispredicted.
template <typename Head>
size_t PackedKeys::LowerBound(size_t begin, Head head) const {
  const char* const first = heads() + begin * sizeof(Head);
  const char* base = first;
  size_t left = count_ - begin;
  if (left == 0) return begin;
  while (left > 1) {
    const size_t half = left / 2;
    const bool below = LoadAs<Head>(base + (half - 1) * sizeof(Head)) < head;
    // Not "below ? … : 0": compilers make a branch of it.
    base += half * sizeof(Head) & -static_cast<size_t>(below);
    left -= half;
  }
  return begin + static_cast<size_t>(base - first) / sizeof(Head) +
         (LoadAs<Head>(base) < head ? 1 : 0);
}

template <typename Head>
PackedKeys::Place PackedKeys::FindRemainder(absl::string_view remainder) const {
  const auto head =
      static_cast<Head>(HeadOf(remainder) >> (8 * (kMaxHead - sizeof(Head))));
  const size_t begin = FirstNotBefore<Head>(head);
  const auto is_equal = [&](size_t i) {
    return i < count_ && LoadAs<Head>(heads() + i * sizeof(Head)) == head;
  };
  if (!is_equal(begin)) return {begin, false};
  if (!varies_ &&
      remainder_size_ <= sizeof(Head)) {  // the only one with this head
    const int order = CompareSizes(remainder_size_, remainder.size());
    return {begin + (order < 0 ? 1 : 0), order == 0};
  }
  // There may be many equal heads: they are searched, not scanned.
  size_t low = begin;
  size_t high = begin + 1;
  if (is_equal(high)) {
    constexpr auto kMax = static_cast<Head>(~Head{0});
    high = head == kMax ? count_
                        : LowerBound<Head>(begin, static_cast<Head>(head + 1));
  }
  while (low < high) {
    const size_t middle = (low + high) / 2;
    const int order = CompareTail(middle, remainder);
    if (order == 0) return {middle, true};
    (order < 0 ? low : high) = order < 0 ? middle + 1 : middle;
  }
  return {low, false};
}

// Requires that the head of key `i` is that of `remainder`.
int PackedKeys::CompareTail(size_t i, absl::string_view remainder) const {
  const absl::string_view tail = Tail(i);
  // The head of a remainder that is shorter than head_bytes_ is padded with
  // zeros, so the remainder is a prefix of every remainder with this head.
  if (remainder.size() < head_bytes_) return 1;
  return tail.compare(remainder.substr(head_bytes_));
}

int PackedKeys::Compare(size_t i, absl::string_view key) const {
  const size_t common = std::min<size_t>(prefix_size_, key.size());
  const int order = internal::CompareBytes(prefix_begin(), key.data(), common);
  if (order != 0) return order;
  if (key.size() < prefix_size_) return 1;
  const absl::string_view remainder = key.substr(prefix_size_);
  uint32_t wanted = HeadOf(remainder);
  // Heads of 1 or 2 bytes hold the whole remainder.
  if (head_width_ < kMaxHead) wanted &= ~uint32_t{0} << (32 - 8 * head_width_);
  const uint32_t head = LoadHead(i);
  if (head != wanted) return head < wanted ? -1 : 1;
  if (!varies_ && remainder_size_ <= kMaxHead) {
    return CompareSizes(remainder_size_, remainder.size());
  }
  return CompareTail(i, remainder);
}

char* PackedKeys::CopyRemainder(size_t i, char* out) const {
  const uint32_t head = LoadHead(i);
  // Always four bytes, also for a shorter head: `out` has kSlack bytes more.
  out[0] = static_cast<char>(head >> 24);
  out[1] = static_cast<char>(head >> 16);
  out[2] = static_cast<char>(head >> 8);
  out[3] = static_cast<char>(head);
  out += head_bytes_;
  const absl::string_view tail = Tail(i);
  if (!tail.empty()) std::memcpy(out, tail.data(), tail.size());
  return out + tail.size();
}

}  // namespace passpersist::store_internal
