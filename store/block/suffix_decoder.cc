// SPDX-License-Identifier: Apache-2.0

#include "store/block/suffix_decoder.h"

#include <algorithm>

namespace passpersist::store_internal {

void SuffixDecoder::SetPrefix(absl::string_view path,
                              absl::string_view prefix) {
  const size_t size = path.size() + prefix.size();
  bytes_.resize(std::max(bytes_.size(), size));
  std::copy(prefix.begin(), prefix.end(),
            std::copy(path.begin(), path.end(), bytes_.begin()));
  size_t used;
  prefix_arcs_ =
      internal::UnpackArcs({bytes_.data(), size},
                           internal::OidAccess::Reserve(size, &suffix_), &used);
  // Makes the prefix part of the suffix before Grow(), which may move it.
  SetRemainder(0);
  Grow(kCapacity);
  cut_size_ = size - used;
  cut_ = 0;
  for (size_t i = 0; i < cut_size_; ++i) {
    cut_ |= uint64_t{static_cast<unsigned char>(bytes_[used + i])}
            << (56 - 8 * i);
  }
}

void SuffixDecoder::Grow(size_t capacity) {
  remainder_ = internal::OidAccess::Reserve(prefix_arcs_ + capacity, &suffix_) +
               prefix_arcs_;
  capacity_ = capacity;
}

const Oid& SuffixDecoder::Decode(const PackedKeys& keys, size_t i) {
  const uint64_t lead = cut_ | keys.HeadWord(i) >> 8 * cut_size_;
  const size_t size = cut_size_ + keys.head_bytes();
  // Integer-indexed tables: the remainder is a single arc.
  if (!keys.HaveTails()) {
    if (size ==
        internal::PackedArcSize(static_cast<unsigned char>(lead >> 56))) {
      return Decode(internal::UnpackArc(lead, size));
    }
    return SetRemainder(internal::UnpackWholeArcs(lead, size, {}, remainder_));
  }
  const absl::string_view tail = keys.Tail(i);
  uint32_t* const arcs =
      EnsureCapacity(size + tail.size() + internal::kArcsSlack);
  return SetRemainder(internal::UnpackWholeArcs(lead, size, tail, arcs));
}

}  // namespace passpersist::store_internal
