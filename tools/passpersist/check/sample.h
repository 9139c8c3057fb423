// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_SAMPLE_H_
#define TOOLS_PASSPERSIST_CHECK_SAMPLE_H_

#include <cstddef>
#include <vector>

namespace passpersist::tool {

// Returns up to `count` indexes of a sequence of `size` elements, ascending and
// evenly spread, including the first and the last. Requires count > 1.
inline std::vector<size_t> Sample(size_t size, size_t count) {
  std::vector<size_t> indexes;
  if (size <= count) {
    for (size_t i = 0; i < size; ++i) indexes.push_back(i);
  } else {
    for (size_t i = 0; i < count; ++i) {
      indexes.push_back(i * (size - 1) / (count - 1));
    }
  }
  return indexes;
}

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_SAMPLE_H_
