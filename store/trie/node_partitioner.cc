// SPDX-License-Identifier: Apache-2.0

#include "store/trie/node_partitioner.h"

#include <cstring>
#include <utility>

#include "passpersist/encoding/oid_encoding.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"

namespace passpersist::store_internal {
namespace {

// Divides `size` items into as few parts of even size as possible, of up to
// `max_size` items each, and calls `use(begin, end)` for each part.
template <typename Function>
void SplitEvenly(size_t size, size_t max_size, const Function& use) {
  const size_t parts = (size + max_size - 1) / max_size;
  for (size_t i = 0; i < parts; ++i) {
    use(size * i / parts, size * (i + 1) / parts);
  }
}

}  // namespace

class NodePartitioner::Partition {
 public:
  Partition(NodePartitioner* partitioner, absl::string_view separator)
      : partitioner_(*partitioner), separator_(separator) {}

  // Both are called in order, with keys without their common first bytes.
  void AddNode(absl::string_view label, const TrieNode* node) {
    if (!keys_.empty()) FlushKeys();
    labels_.push_back(label);
    children_.push_back(node);
  }
  void AddKeys(absl::string_view key, uint32_t count);

  std::vector<Subtrie> Finish() && {
    FlushKeys();
    FlushBranches();
    return std::move(subtries_);
  }

 private:
  using Keys = absl::Span<const absl::string_view>;

  absl::string_view WithLastArc(absl::string_view before_last, uint32_t arc);

  // Make subtries of the pending children or keys.
  void FlushBranches();
  void CollapseOnlyBranch();
  void FlushKeys();
  void MakeKeyLeaves(Keys keys);
  void MakeBitmapLeaf(Keys keys);

  void AddSubtrie(absl::string_view first, absl::string_view last,
                  const TrieNode* node);

  NodePartitioner& partitioner_;
  absl::string_view separator_;
  std::vector<Subtrie> subtries_;
  absl::string_view last_;  // the last key or label of the last subtrie

  // Pending children of a branch with their labels, or pending keys of leaves;
  // never both.
  std::vector<absl::string_view> labels_;
  std::vector<const TrieNode*> children_;
  std::vector<absl::string_view> keys_;
};

void NodePartitioner::Partition::AddKeys(absl::string_view key,
                                         uint32_t count) {
  if (count == 1) {
    FlushBranches();
    keys_.push_back(key);
    return;
  }
  const size_t begin = internal::LastArcBegin(key);
  const absl::string_view before_last = key.substr(0, begin);
  const uint32_t first = internal::ArcAt(key, begin);
  if (count < kMinRange) {
    FlushBranches();
    for (uint32_t i = 0; i < count; ++i) {
      keys_.push_back(WithLastArc(before_last, first + i));
    }
    return;
  }
  // A range leaf holds last arcs only: other arcs become the label of a branch.
  const TrieNode* const range =
      partitioner_.nodes_.Make(TrieLeaf::MakeRange, first, count);
  if (!before_last.empty()) return AddNode(before_last, range);
  if (!keys_.empty()) FlushKeys();
  FlushBranches();
  AddSubtrie(key, WithLastArc({}, first + count - 1), range);
}

absl::string_view NodePartitioner::Partition::WithLastArc(
    absl::string_view before_last, uint32_t arc) {
  internal::ByteArena& bytes = partitioner_.bytes_;
  char* const key =
      bytes.Reserve(before_last.size() + internal::kMaxPackedArcSize);
  if (!before_last.empty())
    std::memcpy(key, before_last.data(), before_last.size());
  const char* const end = internal::PackArc(arc, key + before_last.size());
  const auto size = static_cast<size_t>(end - key);
  bytes.Commit(size);
  return {key, size};
}

void NodePartitioner::Partition::FlushBranches() {
  if (labels_.size() == 1 && children_[0]->kind() == TrieNode::Kind::kBranch) {
    CollapseOnlyBranch();
  }
  const size_t max_size = !labels_.empty() && TrieInner::AreConsecutive(labels_)
                              ? TrieInner::kMaxConsecutive
                              : TrieInner::kMaxChildren;
  SplitEvenly(labels_.size(), max_size, [this](size_t begin, size_t end) {
    const size_t count = end - begin;
    AddSubtrie(labels_[begin], labels_[end - 1],
               partitioner_.nodes_.Make(
                   TrieInner::MakeBranch,
                   absl::MakeSpan(labels_).subspan(begin, count),
                   absl::MakeSpan(children_).subspan(begin, count)));
  });
  labels_.clear();
  children_.clear();
}

// Replaces the only child, a branch, by its children, which saves a level.
void NodePartitioner::Partition::CollapseOnlyBranch() {
  const auto& child = static_cast<const TrieInner&>(*children_[0]);
  const absl::string_view label = labels_[0];
  labels_.clear();
  for (size_t i = 0; i < child.count(); ++i) {
    internal::ByteArena& bytes = partitioner_.bytes_;
    const size_t size = label.size() + child.LabelSize(i);
    char* const joined = bytes.Reserve(size + TrieInner::kSlack);
    std::memcpy(joined, label.data(), label.size());
    child.CopyLabel(i, joined + label.size());
    bytes.Commit(size);
    labels_.emplace_back(joined, size);
  }
  children_.assign(child.children().begin(), child.children().end());
}

// Finds dense ranges of one-arc keys, which become bitmaps. The keys between
// them become kKeys leaves.
void NodePartitioner::Partition::FlushKeys() {
  const Keys keys = keys_;
  size_t done = 0;  // the keys before this one are in subtries
  // After the last key that one bitmap can hold together with key `begin`. It
  // only increases, so the search is O(n).
  size_t end = 0;
  for (size_t begin = 0; begin + kMinBitmap <= keys.size(); ++begin) {
    if (!internal::IsOneArc(keys[begin])) continue;
    const uint32_t first = internal::ArcAt(keys[begin], 0);
    if (end < begin) end = begin;
    while (end < keys.size() && internal::IsOneArc(keys[end]) &&
           internal::ArcAt(keys[end], 0) - first < TrieLeaf::kMaxBits) {
      ++end;
    }
    if (end - begin < kMinBitmap) continue;
    MakeKeyLeaves(keys.subspan(done, begin - done));
    MakeBitmapLeaf(keys.subspan(begin, end - begin));
    done = end;
    begin = end - 1;
  }
  MakeKeyLeaves(keys.subspan(done));
  keys_.clear();
}

void NodePartitioner::Partition::MakeKeyLeaves(Keys keys) {
  SplitEvenly(keys.size(), TrieLeaf::kMaxKeys, [&](size_t begin, size_t end) {
    AddSubtrie(keys[begin], keys[end - 1],
               partitioner_.nodes_.Make(TrieLeaf::MakeKeys,
                                        keys.subspan(begin, end - begin)));
  });
}

void NodePartitioner::Partition::MakeBitmapLeaf(Keys keys) {
  std::vector<uint32_t> arcs;
  arcs.reserve(keys.size());
  for (const absl::string_view key : keys)
    arcs.push_back(internal::ArcAt(key, 0));
  AddSubtrie(keys.front(), keys.back(),
             partitioner_.nodes_.Make(TrieLeaf::MakeBitmap, arcs));
}

void NodePartitioner::Partition::AddSubtrie(absl::string_view first,
                                            absl::string_view last,
                                            const TrieNode* node) {
  subtries_.push_back({subtries_.empty()
                           ? separator_
                           : internal::ShortestSeparator(last_, first),
                       node});
  last_ = last;
}

std::vector<Subtrie> NodePartitioner::MakeSubtries(
    absl::Span<const PendingEntry> entries, size_t base,
    absl::string_view separator) {
  Partition partition(this, separator);
  for (const PendingEntry& entry : entries) {
    const absl::string_view key = entry.key.substr(base);
    if (entry.node != nullptr) {
      partition.AddNode(key, entry.node);
    } else {
      partition.AddKeys(key, entry.count);
    }
  }
  return std::move(partition).Finish();
}

std::vector<Subtrie> NodePartitioner::MakeIndexNodes(
    absl::Span<const Subtrie> subtries, int height) {
  std::vector<Subtrie> index_nodes;
  std::vector<absl::string_view> separators;
  std::vector<const TrieNode*> children;
  SplitEvenly(
      subtries.size(), TrieInner::kMaxChildren, [&](size_t begin, size_t end) {
        separators.clear();
        children.clear();
        for (size_t i = begin; i < end; ++i) {
          if (i > begin) separators.push_back(subtries[i].separator);
          children.push_back(subtries[i].node);
        }
        index_nodes.push_back(
            {subtries[begin].separator,
             nodes_.Make(TrieInner::MakeIndex, height, separators, children)});
      });
  return index_nodes;
}

const TrieNode* NodePartitioner::Join(std::vector<Subtrie> subtries,
                                      int height) {
  if (subtries.empty()) return nullptr;
  while (subtries.size() > 1) subtries = MakeIndexNodes(subtries, height++);
  return subtries.front().node;
}

}  // namespace passpersist::store_internal
