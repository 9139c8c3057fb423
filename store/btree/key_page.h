// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_BTREE_KEY_PAGE_H_
#define STORE_BTREE_KEY_PAGE_H_

#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/encoding/packed_value.h"
#include "store/block/packed_keys.h"
#include "store/block/packed_values.h"
#include "store/cow_tree/cow_tree.h"
#include "store/version/block.h"

namespace passpersist::store_internal {

// A page of a packed B+-tree (see KeyTree): a leaf, which holds entries, or
// an inner page, which holds the pages below it. One allocation:
//
//   leaf   +--------+------------+--------------+------------------------+
//          | header | PackedKeys | PackedValues | labels (PackedStrings) |
//          +--------+------------+--------------+------------------------+
//          The labels are stored only if an entry has one.
//
//   inner  +--------+------------+---------+---------+-----+-----------+
//          | header | PackedKeys | child 0 | child 1 | ... | child n-1 |
//          +--------+------------+---------+---------+-----+-----------+
//          The keys are the n-1 separators. All keys below child i are less
//          than separator i, and those below child i+1 are not. (Child 0 has no
//          separator: in the leftmost page it would be empty, and so would be
//          the common prefix of all separators.)
//
// A leaf of a column of integers takes at most 10 cache lines, which Prefetch()
// fetches in parallel: a search costs one miss.
//
// The birth of a page is not later than that of the page above it.
//
// Immutable, so safe for concurrent use.
class KeyPage : public Block {
 public:
  static constexpr size_t kMaxEntries = 64;
  static constexpr size_t kMaxChildren = 128;

  // An empty `labels` means that all labels are empty. The page takes a
  // reference to each SharedValue among the values.
  static const KeyPage* MakeLeaf(uint64_t birth,
                                 absl::Span<const absl::string_view> keys,
                                 absl::Span<const internal::PackedValue> values,
                                 absl::Span<const absl::string_view> labels);

  // A page and the separator before it.
  struct Child {
    const KeyPage* page;
    absl::string_view separator;
  };

  // `level` is 1 for parents of leaves. The separator of the first child is not
  // stored.
  static const KeyPage* MakeInner(uint64_t birth, int level,
                                  absl::Span<const Child> children);

  // A copy of this inner page with some children replaced. All separators stay.
  // Costs a memory copy, and does not read the children.
  const KeyPage* CopyWithChildren(
      uint64_t birth, absl::Span<const NewChild<Child>> changes) const;

  // A copy of this leaf with the values of `changes`, which are sorted by place
  // and not stored out of line. Keys and labels stay. Costs little more than a
  // memory copy. Null if the values need another form.
  const KeyPage* CopyWithValues(uint64_t birth,
                                PackedValues::NewValues changes) const;

  // Begins to fetch a page from memory.
  static void Prefetch(const KeyPage* page) {
    const char* const begin = reinterpret_cast<const char*>(page);
    for (size_t i = 0; i < kPrefetchedLines; ++i) {
      __builtin_prefetch(begin + i * 64);
    }
  }

  // The bytes of the allocation and of the SharedValues that the page refers
  // to.
  size_t memory() const override;

  int level() const { return level_; }
  bool is_leaf() const { return level_ == 0; }
  size_t count() const { return count_; }  // entries or children
  const PackedKeys& keys() const {
    return *reinterpret_cast<const PackedKeys*>(this + 1);
  }

  // Of a leaf.
  internal::PackedValue value(size_t i) const { return values().Get(i); }
  absl::string_view label(size_t i) const {
    if (labels_at_ == 0) return {};
    return PackedStrings(At(labels_at_), count_)[i];
  }

  // Of an inner page.
  absl::Span<const KeyPage* const> children() const {
    return {reinterpret_cast<const KeyPage* const*>(At(body_at_)), count_};
  }
  const KeyPage* child(size_t i) const { return children()[i]; }

  // The child of an inner page that contains `key`, if any child does.
  size_t ChildFor(absl::string_view key) const {
    const PackedKeys::Place place = keys().Find(key);
    return place.index + (place.found ? 1 : 0);
  }

 private:
  static constexpr size_t kPrefetchedLines = 10;

  KeyPage(uint64_t birth, size_t size)
      : Block(birth), size_(static_cast<uint32_t>(size)) {}
  ~KeyPage() override;

  static KeyPage* Allocate(uint64_t birth, size_t size);
  // A page of `size` bytes with a copy of the first `end` bytes of this page.
  KeyPage* CopyUpTo(size_t end, uint64_t birth, size_t size) const;
  const PackedValues& values() const {
    return *reinterpret_cast<const PackedValues*>(At(body_at_));
  }
  const KeyPage** mutable_children() {
    return reinterpret_cast<const KeyPage**>(At(body_at_));
  }
  const char* At(size_t offset) const {
    return reinterpret_cast<const char*>(this) + offset;
  }
  char* At(size_t offset) { return reinterpret_cast<char*>(this) + offset; }

  const uint32_t size_;     // of the allocation
  uint32_t body_at_ = 0;    // where the values or the children begin
  uint32_t labels_at_ = 0;  // 0: none
  uint8_t count_ = 0;
  uint8_t level_ = 0;
};

}  // namespace passpersist::store_internal

#endif  // STORE_BTREE_KEY_PAGE_H_
