#include "store/suffix_unpacker.h"

#include <algorithm>

#include "absl/types/span.h"

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
  cut_ = size - used;
  std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(used), cut_,
              bytes_.begin());
}

const Oid& SuffixUnpacker::Unpack(const PackedKeys& keys, size_t i) {
  const absl::string_view tail = keys.Tail(i);
  const size_t bound = cut_ + std::max(PackedKeys::kSlack, kArcsSlack) +
                       PackedKeys::kSlack + tail.size();
  if (bytes_.size() < bound) bytes_.resize(bound);
  char* const head_end = keys.CopyHead(i, bytes_.data() + cut_);
  const auto head = static_cast<size_t>(head_end - bytes_.data());
  suffix_.Truncate(prefix_arcs_);
  uint32_t* const arcs = suffix_.AppendZeros(bound + kArcsSlack).data();
  size_t used;
  size_t count = UnpackArcs({bytes_.data(), head}, arcs, &used);
  if (used == head) {
    count += UnpackWholeArcs(tail, arcs + count);
  } else {  // the head ends within an arc
    std::copy(tail.begin(), tail.end(), head_end);
    count = UnpackWholeArcs({bytes_.data(), head + tail.size()}, arcs);
  }
  suffix_.Truncate(prefix_arcs_ + count);
  return suffix_;
}

}  // namespace passpersist::internal
