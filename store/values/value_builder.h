// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_BUILDER_H_
#define STORE_VALUES_VALUE_BUILDER_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/encoding/string_run.h"
#include "store/block/leaf_entries.h"
#include "store/block/packed_strings.h"
#include "store/block/value_arena.h"
#include "store/cow_tree/cow_builder.h"
#include "store/values/value_page.h"
#include "store/values/value_tree.h"
#include "store/values/value_tree_traits.h"

namespace passpersist::store_internal {

extern template class CowBuilder<ValueTreeTraits>;

// Loads a tree from values in order. Collects the values of one page: numbers
// of one type in the form in which the page stores them; other values, and
// values with labels, as PackedValue.
//
// A page is packed when it is full, or when the type changes and it has at
// least the minimum of values: most pages of a column then hold one type.
//
// Used by one thread at a time.
class ValueBuilder {
 public:
  // The blocks will be born in version `birth`.
  explicit ValueBuilder(uint64_t birth) : pages_(birth) {}
  ValueBuilder(const ValueBuilder&) = delete;
  ValueBuilder& operator=(const ValueBuilder&) = delete;

  // `value` and `label` need to live only during the call.
  void Add(const internal::PackedValue& value, absl::string_view label) {
    if (!label.empty() || !TakesNumbersOf(value.tag)) {
      return AddOther(value, label);
    }
    StoreNumber(value.number);
  }

  // The same for `count` contiguous numbers of NumberSize(tag) bytes each.
  // Requires a type of numbers; SharedValues are not numbers here.
  void AddNumbers(internal::ValueTag tag, const char* numbers, size_t count);

  // The same for strings of one type.
  void AddStrings(internal::ValueTag tag, internal::StringRun strings);

  // Returns the tree, which the caller then owns. Call it once.
  ValueTree Finish();

 private:
  // True if a number of type `tag` can simply be appended to the pending
  // numbers: there are some, of the same type, and the page is not full.
  bool TakesNumbersOf(internal::ValueTag tag) const {
    return tag == tag_ && count_ - 1 < ValuePage::kMaxValues - 1;
  }
  void StoreNumber(uint64_t number) {
    char* const to = numbers_.data() + count_++ * number_size_;
    if (number_size_ == 4) {
      StoreAs(static_cast<uint32_t>(number), to);
    } else {
      StoreAs(number, to);
    }
  }
  void AddOther(const internal::PackedValue& value, absl::string_view label);
  // How many values are not in a page yet.
  size_t Pending() const { return count_ + others_.size(); }
  // Packs the pending values if a value of type `tag` should not join them.
  void PackBefore(internal::ValueTag tag);
  // Converts pending numbers to PackedValues.
  void Unpack();
  void PackPending();

  CowBuilder<ValueTreeTraits> pages_;

  // The pending values: either `count_` numbers, or `others_`.
  size_t count_ = 0;
  internal::ValueTag tag_ = internal::ValueTag::kInteger32;  // of the numbers
  size_t number_size_ = 4;
  std::array<char, ValuePage::kMaxValues * sizeof(uint64_t)> numbers_;
  LeafEntries others_;
  ValueArena arena_;  // of others_
};

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_BUILDER_H_
