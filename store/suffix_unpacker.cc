#include "store/suffix_unpacker.h"

#include <algorithm>

#include "absl/numeric/int128.h"

namespace passpersist::internal {
void SuffixUnpacker::SetPrefix(absl::string_view path,
                               absl::string_view prefix) {
  const size_t size = path.size() + prefix.size();
  bytes_.resize(std::max(bytes_.size(), size + kMaxPackedArcSize));
  std::copy(prefix.begin(), prefix.end(),
            std::copy(path.begin(), path.end(), bytes_.begin()));
  suffix_.clear();
  size_t used;
  prefix_arcs_ = UnpackArcs({bytes_.data(), size},
                            suffix_.AppendZeros(size).data(), &used);
  count_ = size - prefix_arcs_;  // of no meaning, and gone with the next name
  arc_ = nullptr;
  cut_size_ = size - used;
  cut_ = 0;
  for (size_t i = 0; i < cut_size_; ++i) {
    cut_ |= uint64_t{static_cast<unsigned char>(bytes_[used + i])}
            << (56 - 8 * i);
  }
}

const Oid& SuffixUnpacker::Unpack(const PackedKeys& keys, size_t i) {
  const uint64_t word = cut_ | keys.HeadWord(i) >> 8 * cut_size_;
  const size_t size = cut_size_ + keys.head_bytes();
  if (!keys.HaveTails()) {
    if (size == PackedArcSize(static_cast<unsigned char>(word >> 56))) {
      return Unpack(UnpackArc(word, size));
    }
    return SetRest(UnpackWholeArcs(absl::MakeUint128(word, 0), size,
                                   MakeRoom(kFewArcsRoom)));
  }
  const absl::string_view tail = keys.Tail(i);
  const absl::uint128 words =
      absl::MakeUint128(word, 0) |
      LoadWords(tail.data()) >> static_cast<int>(8 * size);
  const size_t all = size + tail.size();
  if (all > sizeof words) return UnpackLong(words, size, tail);
  // In registers, and for all sizes in the same steps: which ones come would be
  // guessed wrongly by the processor.
  return SetRest(UnpackWholeArcs(words, all, MakeRoom(kFewArcsRoom)));
}

// `words` are the first 16 bytes, of which the tail has those from `size` on.
const Oid& SuffixUnpacker::UnpackLong(absl::uint128 words, size_t size,
                                      absl::string_view tail) {
  uint32_t* const arcs = MakeRoom(size + tail.size() + kArcsSlack);
  if (UnpackSmallArcs(words, arcs) == sizeof words) {
    const absl::string_view behind = tail.substr(sizeof words - size);
    return SetRest(sizeof words + UnpackWholeArcs(behind, arcs + sizeof words));
  }
  bytes_.resize(
      std::max(bytes_.size(), sizeof words + tail.size() + kArcsSlack));
  StoreWord(absl::Uint128High64(words), bytes_.data());
  std::copy(tail.begin(), tail.end(), bytes_.data() + size);
  return SetRest(UnpackWholeArcs({bytes_.data(), size + tail.size()}, arcs));
}

}  // namespace passpersist::internal
