// SPDX-License-Identifier: Apache-2.0

#include "store/trie/node_partitioner.h"

#include <cstring>
#include <utility>

#include "passpersist/encoding/oid_encoding.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"

namespace passpersist::store_internal {
namespace {

// Calls `cut(begin, end)` for as few even parts of `size` things as there have
// to be if each has up to `most`.
template <typename Function>
void CutEvenly(size_t size, size_t most, const Function& cut) {
  const size_t parts = (size + most - 1) / most;
  for (size_t i = 0; i < parts; ++i) {
    cut(size * i / parts, size * (i + 1) / parts);
  }
}

}  // namespace

class NodePartitioner::Partition {
 public:
  Partition(NodePartitioner* packer, absl::string_view separator)
      : packer_(*packer), separator_(separator) {}

  // In order; keys without what all have in common.
  void AddNode(absl::string_view label, const TrieNode* node) {
    if (!keys_.empty()) CutKeys();
    labels_.push_back(label);
    children_.push_back(node);
  }
  void AddNames(absl::string_view key, uint32_t count);

  std::vector<Subtrie> Finish() && {
    CutKeys();
    CutBranches();
    return std::move(pieces_);
  }

 private:
  using Keys = absl::Span<const absl::string_view>;

  absl::string_view WithLastArc(absl::string_view rest, uint32_t arc);

  // Make pieces of what waits.
  void CutBranches();
  void JoinBranches();
  void CutKeys();
  void CutLeaves(Keys keys);
  void CutBits(Keys keys);

  void AddPiece(absl::string_view first, absl::string_view last,
                const TrieNode* node);

  NodePartitioner& packer_;
  absl::string_view separator_;
  std::vector<Subtrie> pieces_;
  absl::string_view last_;  // name or label of the last piece

  // What waits to be children of a branch, or names of a leaf; not both.
  std::vector<absl::string_view> labels_;
  std::vector<const TrieNode*> children_;
  std::vector<absl::string_view> keys_;
};

void NodePartitioner::Partition::AddNames(absl::string_view key,
                                          uint32_t count) {
  if (count == 1) {
    CutBranches();
    keys_.push_back(key);
    return;
  }
  const size_t begin = internal::LastArcBegin(key);
  const absl::string_view rest = key.substr(0, begin);
  const uint32_t first = internal::ArcAt(key, begin);
  if (count < kMinRun) {
    CutBranches();
    for (uint32_t i = 0; i < count; ++i) {
      keys_.push_back(WithLastArc(rest, first + i));
    }
    return;
  }
  const TrieNode* const run = packer_.nodes_.MakeRun(first, count);
  if (!rest.empty()) return AddNode(rest, run);
  if (!keys_.empty()) CutKeys();
  CutBranches();
  AddPiece(key, WithLastArc({}, first + count - 1), run);
}

absl::string_view NodePartitioner::Partition::WithLastArc(
    absl::string_view rest, uint32_t arc) {
  internal::ByteArena& bytes = packer_.bytes_;
  char* const key = bytes.Reserve(rest.size() + internal::kMaxPackedArcSize);
  if (!rest.empty()) std::memcpy(key, rest.data(), rest.size());
  const char* const end = internal::PackArc(arc, key + rest.size());
  const auto size = static_cast<size_t>(end - key);
  bytes.Commit(size);
  return {key, size};
}

void NodePartitioner::Partition::CutBranches() {
  if (labels_.size() == 1 && children_[0]->kind() == TrieNode::Kind::kBranch) {
    JoinBranches();
  }
  const size_t most = !labels_.empty() && TrieInner::CountUp(labels_)
                          ? TrieInner::kMaxCounted
                          : TrieInner::kMaxChildren;
  CutEvenly(labels_.size(), most, [this](size_t begin, size_t end) {
    const size_t count = end - begin;
    AddPiece(labels_[begin], labels_[end - 1],
             packer_.nodes_.MakeBranch(
                 absl::MakeSpan(labels_).subspan(begin, count),
                 absl::MakeSpan(children_).subspan(begin, count)));
  });
  labels_.clear();
  children_.clear();
}

// Puts the children of the only child in its place: one node less on the way.
void NodePartitioner::Partition::JoinBranches() {
  const auto& child = static_cast<const TrieInner&>(*children_[0]);
  const absl::string_view label = labels_[0];
  labels_.clear();
  for (size_t i = 0; i < child.count(); ++i) {
    internal::ByteArena& bytes = packer_.bytes_;
    const size_t size = label.size() + child.LabelSize(i);
    char* const joined = bytes.Reserve(size + TrieInner::kSlack);
    std::memcpy(joined, label.data(), label.size());
    child.CopyLabel(i, joined + label.size());
    bytes.Commit(size);
    labels_.emplace_back(joined, size);
  }
  children_.assign(child.children().begin(), child.children().end());
}

// Looks for ranges that are dense; what is between them becomes leaves of keys.
void NodePartitioner::Partition::CutKeys() {
  const Keys keys = keys_;
  size_t cut = 0;  // up to here all is in pieces
  size_t end = 0;  // of the range that begins at `begin`
  for (size_t begin = 0; begin + kMinBits <= keys.size(); ++begin) {
    if (!internal::IsOneArc(keys[begin])) continue;
    const uint32_t first = internal::ArcAt(keys[begin], 0);
    if (end < begin) end = begin;
    while (end < keys.size() && internal::IsOneArc(keys[end]) &&
           internal::ArcAt(keys[end], 0) - first < TrieLeaf::kMaxBits) {
      ++end;
    }
    if (end - begin < kMinBits) continue;
    CutLeaves(keys.subspan(cut, begin - cut));
    CutBits(keys.subspan(begin, end - begin));
    cut = end;
    begin = end - 1;
  }
  CutLeaves(keys.subspan(cut));
  keys_.clear();
}

void NodePartitioner::Partition::CutLeaves(Keys keys) {
  CutEvenly(keys.size(), TrieLeaf::kMaxKeys, [&](size_t begin, size_t end) {
    AddPiece(keys[begin], keys[end - 1],
             packer_.nodes_.MakeKeys(keys.subspan(begin, end - begin)));
  });
}

void NodePartitioner::Partition::CutBits(Keys keys) {
  std::vector<uint32_t> arcs;
  arcs.reserve(keys.size());
  for (const absl::string_view key : keys)
    arcs.push_back(internal::ArcAt(key, 0));
  AddPiece(keys.front(), keys.back(), packer_.nodes_.MakeBits(arcs));
}

void NodePartitioner::Partition::AddPiece(absl::string_view first,
                                          absl::string_view last,
                                          const TrieNode* node) {
  pieces_.push_back(
      {pieces_.empty() ? separator_ : internal::ShortestSeparator(last_, first),
       node});
  last_ = last;
}

std::vector<Subtrie> NodePartitioner::Cut(absl::Span<const PendingEntry> items,
                                          size_t base,
                                          absl::string_view separator) {
  Partition cutter(this, separator);
  for (const PendingEntry& item : items) {
    const absl::string_view key = item.key.substr(base);
    if (item.node != nullptr) {
      cutter.AddNode(key, item.node);
    } else {
      cutter.AddNames(key, item.count);
    }
  }
  return std::move(cutter).Finish();
}

std::vector<Subtrie> NodePartitioner::CutSplits(
    absl::Span<const Subtrie> pieces, int height) {
  std::vector<Subtrie> splits;
  std::vector<absl::string_view> separators;
  std::vector<const TrieNode*> children;
  CutEvenly(
      pieces.size(), TrieInner::kMaxChildren, [&](size_t begin, size_t end) {
        separators.clear();
        children.clear();
        for (size_t i = begin; i < end; ++i) {
          if (i > begin) separators.push_back(pieces[i].separator);
          children.push_back(pieces[i].node);
        }
        splits.push_back({pieces[begin].separator,
                          nodes_.MakeSplit(height, separators, children)});
      });
  return splits;
}

const TrieNode* NodePartitioner::Join(std::vector<Subtrie> pieces, int height) {
  if (pieces.empty()) return nullptr;
  while (pieces.size() > 1) pieces = CutSplits(pieces, height++);
  return pieces.front().node;
}

}  // namespace passpersist::store_internal
