// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VALUES_VALUE_BUILDER_H_
#define STORE_VALUES_VALUE_BUILDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/encoding/string_run.h"
#include "store/block/packed_strings.h"
#include "store/values/value_dir.h"
#include "store/values/value_page.h"
#include "store/values/value_tree.h"

namespace passpersist::store_internal {

// Loads a tree from values in order. Collects the values of one page: numbers
// of one type in the form in which the page stores them; other values, and
// values with labels, as PackedValue. Full pages are collected into dirs in the
// same way, level by level.
//
// A page is packed when it is full, or when the type changes and it has at
// least the minimum of values: most pages of a column then hold one type. If
// too few values are left at the end for a page, they are packed again together
// with the values of the last page; likewise the children of dirs.
//
// Used by one thread at a time.
class ValueBuilder {
 public:
  // The blocks will be born in version `birth`.
  explicit ValueBuilder(uint64_t birth) : birth_(birth) {}
  ValueBuilder(const ValueBuilder&) = delete;
  ValueBuilder& operator=(const ValueBuilder&) = delete;
  ~ValueBuilder();

  // The bytes of `value` and `label` need to live only during the call. Takes a
  // reference to a SharedValue.
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
  using Child = ValueDir::Child;

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
  size_t Pending() const { return count_ + values_.size(); }
  // Packs the pending values if a value of type `tag` should not join them.
  void PackBefore(internal::ValueTag tag);
  // Converts pending numbers to PackedValues.
  void Unpack();
  void ClearValues();

  // Packs the pending values into a page; together with those of the last page.
  void PackValues();
  void PackWithLastPage();
  void AddPage(const ValuePage* page);

  std::vector<Child>& ChildrenOf(int level) {
    return levels_[static_cast<size_t>(level) - 1];
  }
  void AddChild(int level, const Child& child);
  // Packs the first `count` pending children of `level` into a dir.
  void PackDir(int level, size_t count);
  // Packs all pending children of `level`.
  void PackRest(int level);

  const uint64_t birth_;
  ValueTree tree_;

  // The pending values: either `count_` numbers, or `values_`.
  size_t count_ = 0;
  internal::ValueTag tag_ = internal::ValueTag::kInteger32;  // of the numbers
  size_t number_size_ = 4;
  std::array<char, ValuePage::kMaxValues * sizeof(uint64_t)> numbers_;
  std::vector<internal::PackedValue> values_;
  std::vector<absl::string_view> labels_;
  internal::ByteArena bytes_;  // of values_ and labels_

  // By level, from 1 on: the pages or dirs that are not in a dir yet.
  std::vector<std::vector<Child>> levels_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_BUILDER_H_
