// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_SAMPLE_H_
#define TOOLS_PASSPERSIST_CHECK_SAMPLE_H_

#include <cstddef>
#include <vector>

namespace passpersist {

// Up to `count` places of a sequence of `size`, in order and evenly spread, the
// first and the last among them. Requires count > 1.
inline std::vector<size_t> Sample(size_t size, size_t count) {
  std::vector<size_t> places;
  if (size <= count) {
    for (size_t i = 0; i < size; ++i) places.push_back(i);
  } else {
    for (size_t i = 0; i < count; ++i) {
      places.push_back(i * (size - 1) / (count - 1));
    }
  }
  return places;
}

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CHECK_SAMPLE_H_
