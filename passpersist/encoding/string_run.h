// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_STRING_RUN_H_
#define PASSPERSIST_ENCODING_STRING_RUN_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace passpersist::internal {

// Strings side by side in one run of bytes: the first string begins at `begin`,
// each other one where the string before it ends.
//
//   bytes    . . . e t h 0 l o e t h 1
//                  ^       ^   ^       ^
//                begin     ends
//
// A value type that borrows the bytes and the ends.
struct StringRun {
  const char* bytes = nullptr;
  size_t begin = 0;
  absl::Span<const uint32_t> ends;

  size_t size() const { return ends.size(); }

  size_t SizeOf(size_t i) const { return ends[i] - Begin(i); }
  absl::string_view operator[](size_t i) const {
    return {bytes + Begin(i), SizeOf(i)};
  }

  // The concatenation of all strings. Requires at least one string.
  absl::string_view all() const { return {bytes + begin, ends.back() - begin}; }

  StringRun First(size_t count) const {
    return {bytes, begin, ends.first(count)};
  }

  // Drops the first `count` strings. Requires 0 < count <= size().
  void RemovePrefix(size_t count) {
    begin = ends[count - 1];
    ends.remove_prefix(count);
  }

 private:
  size_t Begin(size_t i) const { return i == 0 ? begin : ends[i - 1]; }
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_STRING_RUN_H_
