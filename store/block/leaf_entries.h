// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BLOCK_LEAF_ENTRIES_H_
#define STORE_BLOCK_LEAF_ENTRIES_H_

#include <cstddef>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/packed_value.h"

namespace passpersist::store_internal {

template <typename T>
void AppendTo(std::vector<T>* list, const std::vector<T>& more) {
  list->insert(list->end(), more.begin(), more.end());
}

// Consecutive entries that are not in a leaf: their values and labels.
//
// A value type that borrows the bytes and the SharedValues.
struct LeafEntries {
  size_t size() const { return values.size(); }
  void Reserve(size_t count) {
    values.reserve(count);
    labels.reserve(count);
  }
  void Add(const internal::PackedValue& value, absl::string_view label) {
    values.push_back(value);
    labels.push_back(label);
  }
  void Append(const LeafEntries& more) {
    AppendTo(&values, more.values);
    AppendTo(&labels, more.labels);
  }
  void Clear() {
    values.clear();
    labels.clear();
  }

  std::vector<internal::PackedValue> values;
  std::vector<absl::string_view> labels;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BLOCK_LEAF_ENTRIES_H_
