// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/nearest_word.h"

#include <algorithm>
#include <cstddef>

namespace passpersist::tool {
namespace {

// The edit distance: how many letters are inserted, deleted, replaced, or
// swapped with the next.
size_t Distance(absl::string_view a, absl::string_view b) {
  // least[i][j]: the distance between the first i letters of `a` and the first
  // j letters of `b`.
  std::vector<std::vector<size_t>> least(a.size() + 1,
                                         std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) {
    for (size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        least[i][j] = i + j;
        continue;
      }
      const size_t replaced =
          least[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      least[i][j] =
          std::min({replaced, least[i - 1][j] + 1, least[i][j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        least[i][j] = std::min(least[i][j], least[i - 2][j - 2] + 1);
      }
    }
  }
  return least[a.size()][b.size()];
}

}  // namespace

absl::string_view NearestWord(absl::string_view typed,
                              const std::vector<absl::string_view>& words) {
  absl::string_view nearest;
  size_t least = std::max<size_t>(typed.size() / 2, 1) + 1;
  for (const absl::string_view word : words) {
    const size_t distance = Distance(typed, word);
    if (distance < least) {
      least = distance;
      nearest = word;
    }
  }
  return nearest;
}

}  // namespace passpersist::tool
