// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/last_name.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "absl/types/span.h"

namespace passpersist {
namespace {

// Returns the number of equal first elements of two arrays. Compares eight
// bytes at a time.
template <typename T>
size_t CommonPrefix(const T* a, const T* b, size_t size) {
  constexpr size_t kStep = sizeof(uint64_t) / sizeof(T);
  const auto is_same = [a, b](size_t i) {
    uint64_t of_a;
    uint64_t of_b;
    std::memcpy(&of_a, a + i, sizeof of_a);
    std::memcpy(&of_b, b + i, sizeof of_b);
    return of_a == of_b;
  };
  size_t i = 0;
  while (i + 2 * kStep <= size && is_same(i) && is_same(i + kStep)) {
    i += 2 * kStep;
  }
  if (i + kStep <= size && is_same(i)) i += kStep;
  while (i < size && a[i] == b[i]) ++i;
  return i;
}

bool IsDigit(char c) { return static_cast<unsigned char>(c - '0') < 10; }

}  // namespace

inline size_t LastName::CommonArcs(absl::string_view in) const {
  const size_t size =
      CommonPrefix(text_.data(), in.data(), std::min(TextSize(), in.size()));
  size_t arcs = oid_.size();
  // In `in`, the last arc may continue after the common text: ".1.3" and
  // ".1.35".
  while (arcs > 0 && (TextSize(arcs) > size || TextSize(arcs) == in.size() ||
                      IsDigit(in[TextSize(arcs)]))) {
    --arcs;
  }
  return arcs;
}

size_t LastName::ParseLine(absl::string_view in) {
  size_t arcs = CommonArcs(in);
  const size_t common = TextSize(arcs);
  oid_.Truncate(arcs);
  const char* const begin = in.data();
  const char* const end = begin + in.size();
  const char* next = begin + common;
  while (next != end && *next == '.') {
    const char* const digits = ++next;
    uint64_t arc = 0;
    while (next != end && IsDigit(*next)) {
      arc = arc * 10 + static_cast<uint64_t>(*next++ - '0');
    }
    // A longer arc could overflow `arc`; a leading zero isn't printed again.
    const size_t length = static_cast<size_t>(next - digits);
    const bool printed_so = length == 1 || (length > 1 && *digits != '0');
    if (!printed_so || length >= kMaxArcText || arcs == Oid::kMaxArcs ||
        arc > std::numeric_limits<uint32_t>::max()) {
      break;
    }
    oid_.Append(static_cast<uint32_t>(arc));
    ends_[arcs++] = static_cast<uint16_t>(next - begin);
  }
  const size_t size = TextSize();
  std::copy(begin + common, begin + size, text_.data() + common);
  const bool whole = arcs > 0 && size < in.size() && in[size] == '\n';
  return whole ? size + 1 : 0;
}

void LastName::Print(const Oid& oid) {
  const size_t common = CommonPrefix(oid_.arcs().data(), oid.arcs().data(),
                                     std::min(oid_.size(), oid.size()));
  char* next = text_.data() + TextSize(common);
  for (size_t i = common; i < oid.size(); ++i) {
    *next = '.';
    next = std::to_chars(next + 1, next + kMaxArcText, oid[i]).ptr;
    ends_[i] = static_cast<uint16_t>(next - text_.data());
  }
  oid_.Truncate(common);
  oid_.Append(oid.ArcsFrom(common));
}

}  // namespace passpersist
