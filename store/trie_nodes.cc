#include "store/trie_nodes.h"

namespace passpersist::internal {

template <typename Node>
const Node* TrieNodes::Add(const Node* node) {
  made_.push_back(node);
  memory_ += node->memory();
  ForEachChild(*node, [](const TrieNode* child) { ++child->owners; });
  return node;
}

const TrieLeaf* TrieNodes::MakeRun(uint32_t first, uint32_t count) {
  return Add(TrieLeaf::MakeRun(birth_, first, count));
}

const TrieLeaf* TrieNodes::MakeBits(absl::Span<const uint32_t> arcs) {
  return Add(TrieLeaf::MakeBits(birth_, arcs));
}

const TrieLeaf* TrieNodes::MakeBitsLike(
    const TrieLeaf& bits, absl::Span<const uint32_t> changed_arcs) {
  return Add(TrieLeaf::MakeBitsLike(birth_, bits, changed_arcs));
}

const TrieLeaf* TrieNodes::MakeKeys(absl::Span<const absl::string_view> keys) {
  return Add(TrieLeaf::MakeKeys(birth_, keys));
}

const TrieLeaf* TrieNodes::MakeSubset(const TrieLeaf* all,
                                      absl::Span<const uint32_t> places) {
  return Add(TrieLeaf::MakeSubset(birth_, all, places));
}

const TrieInner* TrieNodes::MakeBranch(
    absl::Span<const absl::string_view> labels,
    absl::Span<const TrieNode* const> children) {
  return Add(TrieInner::MakeBranch(birth_, labels, children));
}

const TrieInner* TrieNodes::MakeSplit(
    int height, absl::Span<const absl::string_view> separators,
    absl::Span<const TrieNode* const> children) {
  return Add(TrieInner::MakeSplit(birth_, height, separators, children));
}

const TrieInner* TrieNodes::MakeLike(
    const TrieInner& inner, absl::Span<const TrieNode* const> children) {
  return Add(TrieInner::MakeLike(birth_, inner, children));
}

void TrieNodes::ReplaceRoot(const TrieNode* old_root,
                            const TrieNode* new_root) {
  if (new_root != nullptr) ++new_root->owners;
  if (old_root != nullptr) Disown(old_root);
}

void TrieNodes::Disown(const TrieNode* node) {
  if (--node->owners > 0) return;
  if (node->birth() == birth_) return;  // Settle() will see
  memory_ -= node->memory();
  retired_.push_back(node);
  ForEachChild(*node, [this](const TrieNode* child) { Disown(child); });
}

void TrieNodes::Settle() {
  // The children of a node were made before it, so that their turn is later.
  for (auto made = made_.rbegin(); made != made_.rend(); ++made) {
    const TrieNode* const node = *made;
    if (node->owners > 0) continue;
    ForEachChild(*node, [this](const TrieNode* child) { Disown(child); });
    memory_ -= node->memory();
    vain_.push_back(node);
  }
  made_.clear();
}

TrieNodes::~TrieNodes() {
  Settle();
  for (const TrieNode* const node : vain_) node->Free();
}

}  // namespace passpersist::internal
