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
// of one type as the page will have them, other values and those with labels as
// packed values. Full pages are collected by level into dirs in the same way.
//
// A page is packed when it is full, and where the type changes if it has enough
// values by then: pages of a column hold one type, mostly. What is left at the
// end and not enough for a page, or a dir, is laid into pages anew together
// with what is in the last one.
//
// Used by one thread at a time.
class ValueBuilder {
 public:
  // The parts will be born in that version.
  explicit ValueBuilder(uint64_t birth) : birth_(birth) {}
  ValueBuilder(const ValueBuilder&) = delete;
  ValueBuilder& operator=(const ValueBuilder&) = delete;
  ~ValueBuilder();

  // The bytes of `value` and `label` need to live for the call only. Takes a
  // share in a box.
  void Add(const internal::PackedValue& value, absl::string_view label) {
    if (!label.empty() || !TakesNumbersOf(value.tag)) {
      return AddOther(value, label);
    }
    StoreNumber(value.number);
  }

  // The same of `count` numbers that lie one behind the other, each of
  // NumberSize(tag) bytes. Requires numbers, not boxes.
  void AddNumbers(internal::ValueTag tag, const char* numbers, size_t count);

  // The same of strings of one type.
  void AddStrings(internal::ValueTag tag, internal::StringRun strings);

  // The tree, which is the caller's from then on. Call it once.
  ValueTree Finish();

 private:
  using Child = ValueDir::Child;

  // True if such a number only needs to be stored.
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
  // How many values wait for a page.
  size_t Waiting() const { return count_ + values_.size(); }
  // Packs them if none of that type is to be added to them.
  void PackBefore(internal::ValueTag tag);
  // Makes packed values of numbers.
  void Unpack();
  void ClearValues();

  // Packs the values that wait into a page; with those of the last page.
  void PackValues();
  void PackWithLastPage();
  void AddPage(const ValuePage* page);

  std::vector<Child>& ChildrenOf(int level) {
    return levels_[static_cast<size_t>(level) - 1];
  }
  void AddChild(int level, const Child& child);
  // Packs the first `count` children that wait at `level` into a dir.
  void PackDir(int level, size_t count);
  // Packs all of them.
  void PackRest(int level);

  const uint64_t birth_;
  ValueTree tree_;

  // The values that have no page yet: `count_` numbers, or `values_`.
  size_t count_ = 0;
  internal::ValueTag tag_ = internal::ValueTag::kInteger32;  // of the numbers
  size_t number_size_ = 4;
  std::array<char, ValuePage::kMaxValues * sizeof(uint64_t)> numbers_;
  std::vector<internal::PackedValue> values_;
  std::vector<absl::string_view> labels_;
  internal::ByteArena bytes_;  // of values_ and labels_

  // By level, from 1 on: the pages or dirs that have no dir yet.
  std::vector<std::vector<Child>> levels_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VALUES_VALUE_BUILDER_H_
