// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/last_name.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>

#include "absl/base/config.h"
#include "absl/numeric/bits.h"

namespace passpersist {
namespace {

uint64_t WordAt(const char* bytes) {
  uint64_t word;
  std::memcpy(&word, bytes, sizeof word);
  return word;
}

// Returns the number of bytes, in memory, before the first one that is not 0.
size_t ZeroBytes(uint64_t word) {
#ifdef ABSL_IS_LITTLE_ENDIAN
  return static_cast<size_t>(absl::countr_zero(word)) / 8;
#else
  return static_cast<size_t>(absl::countl_zero(word)) / 8;
#endif
}

// Returns the number of equal first bytes. Compares eight at a time.
size_t CommonPrefix(const char* a, const char* b, size_t size) {
  constexpr size_t kStep = sizeof(uint64_t);
  size_t i = 0;
  for (; i + kStep <= size; i += kStep) {
    const uint64_t difference = WordAt(a + i) ^ WordAt(b + i);
    if (difference != 0) return i + ZeroBytes(difference);
  }
  while (i < size && a[i] == b[i]) ++i;
  return i;
}

// At least 10 if `c` is not a digit.
unsigned DigitValue(char c) { return static_cast<unsigned char>(c - '0'); }

bool IsDigit(char c) { return DigitValue(c) < 10; }

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

// A walk asks for the name that was answered last. Other names mostly differ in
// their last digit or in their size.
inline bool LastName::IsLast(absl::string_view in) const {
  const absl::string_view last = text();
  const size_t size = last.size();
  return size > 0 && size < in.size() && in[size] == '\n' &&
         in[size - 1] == last[size - 1] && in.substr(0, size) == last;
}

size_t LastName::ParseLine(absl::string_view in) {
  if (IsLast(in)) return TextSize() + 1;
  size_t arcs = CommonArcs(in);
  const size_t common = TextSize(arcs);
  oid_.Truncate(arcs);
  const char* const begin = in.data();
  const char* const end = begin + in.size();
  const char* next = begin + common;
  while (next != end && *next == '.') {
    const char* const digits = ++next;
    uint64_t arc = 0;
    for (; next != end && IsDigit(*next); ++next) {
      arc = arc * 10 + DigitValue(*next);
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
  const size_t common = oid_.CommonArcs(oid);
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
