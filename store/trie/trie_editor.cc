// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_editor.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "passpersist/encoding/oid_encoding.h"
#include "store/trie/trie_builder.h"
#include "store/trie/trie_cursor.h"

namespace passpersist::store_internal {
namespace {

bool SameEdits(absl::Span<const TrieEdit> a, absl::Span<const TrieEdit> b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const TrieEdit& x, const TrieEdit& y) {
                      return x.erases == y.erases && x.key == y.key;
                    });
}

const TrieLeaf& AsLeaf(const TrieNode& node) {
  return static_cast<const TrieLeaf&>(node);
}

const TrieInner& AsInner(const TrieNode& node) {
  return static_cast<const TrieInner&>(node);
}

// True for a child of a branch whose keys should become keys beside the branch
// instead of a node of their own.
bool IsSmall(const TrieNode& node) {
  return node.is_leaf() && node.size() < NodePartitioner::kMinRange / 2;
}

}  // namespace

// Collects the new content of adjacent leaves and branches.
class TrieEditor::PendingEntries {
 public:
  explicit PendingEntries(TrieEditor* editor) : editor_(*editor) {}

  // The number of keys, and of nodes below branches.
  size_t weight() const { return weight_; }

  // True for an unchanged node that should be packed together with a changed
  // neighbour: a range, since the neighbour's keys may continue it, or a small
  // node.
  static bool ShouldMerge(const TrieNode& node) {
    return node.kind() == TrieNode::Kind::kRange ||
           (node.kind() == TrieNode::Kind::kBranch ? AsInner(node).count()
                                                   : node.size()) < kMinItems;
  }

  // Adds the keys of a node, with the edits.
  void Add(const TrieNode& node, Edits edits, bool is_shared,
           absl::string_view /*separator*/ = {}) {
    if (!node.is_leaf()) return AddBranch(AsInner(node), edits, is_shared);
    const TrieLeaf& leaf = AsLeaf(node);
    if (leaf.kind() == TrieNode::Kind::kRange) return AddRangeLeaf(leaf, edits);
    uint32_t at = leaf.begin();
    for (const TrieEdit& edit : edits) {
      at = AddKeysBefore(leaf, at, edit.key);
      if (edit.erases) {
        at = leaf.Next(at);
      } else {
        AddKey(edit.key);
      }
    }
    for (; at != leaf.end(); at = leaf.Next(at)) AddKey(CopyKey({}, leaf, at));
  }

  std::vector<Subtrie> MakeSubtries(absl::string_view separator) const {
    return editor_.partitioner_.MakeSubtries(entries_, 0, separator);
  }

 private:
  uint32_t AddKeysBefore(const TrieLeaf& leaf, uint32_t at,
                         absl::string_view key) {
    for (; at != leaf.end() && leaf.Compare(at, key) < 0; at = leaf.Next(at)) {
      AddKey(CopyKey({}, leaf, at));
    }
    return at;
  }

  // A range may be long, so its keys are not added one by one.
  void AddRangeLeaf(const TrieLeaf& range, Edits edits) {
    uint32_t at = 0;
    for (const TrieEdit& edit : edits) {
      const TrieLeaf::Place place = range.Find(edit.key);
      AddRange(range.first() + at, place.at - at);
      at = place.at + (edit.erases ? 1 : 0);
      if (!edit.erases) AddKey(edit.key);
    }
    AddRange(range.first() + at, range.size() - at);
  }

  void AddBranch(const TrieInner& branch, Edits edits, bool is_shared) {
    const BranchEdit& edit = editor_.EditBranch(branch, edits, is_shared);
    auto added = edit.between.begin();  // erased keys are in children
    auto child = edit.children.begin();
    for (size_t i = 0; i < branch.count(); ++i) {
      const absl::string_view label = editor_.CopyLabel(branch, i);
      for (; added != edit.between.end() && added->key < label; ++added) {
        AddKey(added->key);
      }
      if (child == edit.children.end() || child->index != i) {
        AddNode(label, branch.child(i));
        continue;
      }
      const TrieNode* const result = (child++)->result;
      if (result == nullptr) continue;
      if (IsSmall(*result)) {
        AddKeysOf(label, AsLeaf(*result));
      } else {
        AddNode(label, result);
      }
    }
    for (; added != edit.between.end(); ++added) AddKey(added->key);
  }

  void AddKeysOf(absl::string_view label, const TrieLeaf& leaf) {
    for (uint32_t at = leaf.begin(); at != leaf.end(); at = leaf.Next(at)) {
      AddKey(CopyKey(label, leaf, at));
    }
  }

  void AddNode(absl::string_view label, const TrieNode* node) {
    entries_.push_back({label, 1, node});
    ++weight_;
  }

  void AddKey(absl::string_view key) {
    // Consecutive keys become one entry, and a range leaf if there are enough.
    if (internal::IsOneArc(key)) return AddRange(internal::ArcAt(key, 0), 1);
    entries_.push_back({key, 1, nullptr});
    ++weight_;
  }

  // Adds `count` keys of one arc each.
  void AddRange(uint32_t first, uint32_t count) {
    if (count == 0) return;
    weight_ += count;
    if (range_entry_ == entries_.size() && range_entry_ > 0 &&
        first == range_end_) {
      entries_.back().count += count;
    } else {
      char key[internal::kMaxPackedArcSize];
      const auto size =
          static_cast<size_t>(internal::PackArc(first, key) - key);
      entries_.push_back(
          {editor_.partitioner_.bytes().Copy({key, size}), count, nullptr});
      range_entry_ = entries_.size();
    }
    range_end_ = first + count;
  }

  absl::string_view CopyKey(absl::string_view label, const TrieLeaf& leaf,
                            uint32_t at) {
    internal::ByteArena& bytes = editor_.partitioner_.bytes();
    char* const key = bytes.Reserve(label.size() + leaf.KeyBound(at));
    std::copy(label.begin(), label.end(), key);
    const char* const end = leaf.CopyKey(at, key + label.size());
    const auto size = static_cast<size_t>(end - key);
    bytes.Commit(size);
    return {key, size};
  }

  TrieEditor& editor_;
  std::vector<PendingEntry> entries_;
  size_t weight_ = 0;
  // The last run of consecutive keys: entries_.size() when it was added, and
  // the arc after it.
  size_t range_entry_ = 0;
  uint32_t range_end_ = 0;
};

// Collects the new children of adjacent index nodes.
class TrieEditor::PendingSubtries {
 public:
  explicit PendingSubtries(TrieEditor* editor) : editor_(*editor) {}

  size_t weight() const { return subtries_.size(); }
  static bool ShouldMerge(const TrieNode& node) {
    return AsInner(node).count() < kMinItems;
  }

  void Add(const TrieNode& node, Edits edits, bool is_shared,
           absl::string_view separator) {
    height_ = AsInner(node).height();
    for (const Subtrie& subtrie :
         editor_.EditIndex(AsInner(node), edits, separator, is_shared)) {
      subtries_.push_back(subtrie);
    }
  }

  std::vector<Subtrie> MakeSubtries(absl::string_view separator) const {
    std::vector<Subtrie> index_nodes =
        editor_.partitioner_.MakeIndexNodes(subtries_, height_);
    if (!index_nodes.empty()) index_nodes.front().separator = separator;
    return index_nodes;
  }

 private:
  TrieEditor& editor_;
  int height_ = 0;
  std::vector<Subtrie> subtries_;
};

const TrieNode* TrieEditor::Apply(const TrieNode* root, Edits edits) {
  if (root != nullptr) return edits.empty() ? root : Edit(*root, edits, false);
  TrieBuilder builder(&nodes_);
  absl::string_view last;
  for (const TrieEdit& edit : edits) {
    builder.Add(edit.key, internal::SharedArcsSize(last, edit.key));
    last = edit.key;
  }
  return builder.Finish();
}

const TrieNode* TrieEditor::Edit(const TrieNode& node, Edits edits,
                                 bool is_shared) {
  const TrieNode* const in_form = EditInForm(node, edits, is_shared);
  if (in_form != nullptr) return in_form;
  size_t before = 1;
  int height = 1;
  std::vector<Subtrie> subtries;
  if (node.kind() == TrieNode::Kind::kIndex) {
    before = AsInner(node).count();
    height = AsInner(node).height();
    subtries = EditIndex(AsInner(node), edits, {}, is_shared);
  } else {
    PendingEntries entries(this);
    entries.Add(node, edits, is_shared);
    subtries = entries.MakeSubtries({});
  }
  // Leaves that overflow may hold several columns by now: only a rebuild turns
  // columns into branches. Large tries are not rebuilt, to bound the cost.
  const bool grows = subtries.size() > before;
  const TrieNode* const result = partitioner_.Join(std::move(subtries), height);
  return grows && result->size() <= kMaxRebuiltKeys ? Rebuild(*result) : result;
}

const TrieNode* TrieEditor::Rebuild(const TrieNode& node) {
  TrieBuilder builder(&nodes_);
  std::string key;
  std::string last;
  TrieCursor cursor(&node);
  for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
    key.clear();
    cursor.AppendKey(&key);
    builder.Add(key, internal::SharedArcsSize(last, key));
    last.swap(key);
  }
  return builder.Finish();
}

const TrieNode* TrieEditor::EditInForm(const TrieNode& node, Edits edits,
                                       bool is_shared) {
  switch (node.kind()) {
    case TrieNode::Kind::kRange:
      return nullptr;
    case TrieNode::Kind::kBitmap:
      return EditBitmapInForm(AsLeaf(node), edits);
    case TrieNode::Kind::kKeys:
    case TrieNode::Kind::kMasked:
      return EditKeysInForm(AsLeaf(node), edits, is_shared);
    case TrieNode::Kind::kBranch:
      return EditBranchInForm(AsInner(node), edits, is_shared);
    case TrieNode::Kind::kIndex:
      return EditIndexInForm(AsInner(node), edits, is_shared);
  }
  return nullptr;
}

const TrieNode* TrieEditor::EditBitmapInForm(const TrieLeaf& bitmap,
                                             Edits edits) {
  std::vector<uint32_t> arcs;
  size_t size = bitmap.size();
  for (const TrieEdit& edit : edits) {
    if (!internal::IsOneArc(edit.key)) return nullptr;
    arcs.push_back(internal::ArcAt(edit.key, 0));
    if (arcs.back() < bitmap.first() ||
        arcs.back() - bitmap.first() >= bitmap.end()) {
      return nullptr;
    }
    size += edit.erases ? ~size_t{0} : size_t{1};
  }
  // A bitmap without gaps should become a range, and one of few keys a kKeys
  // leaf. At half the size from which a bitmap is made, so that a leaf does not
  // change its form with every few edits.
  if (size < NodePartitioner::kMinBitmap / 2 || size + 1 >= bitmap.end())
    return nullptr;
  return nodes_.Make(TrieLeaf::CopyBitmap, bitmap, arcs);
}

const TrieNode* TrieEditor::EditKeysInForm(const TrieLeaf& leaf, Edits edits,
                                           bool is_shared) {
  const bool is_masked = leaf.kind() == TrieNode::Kind::kMasked;
  // For a leaf that no other parent keeps, a mask would only keep the erased
  // keys in memory.
  if (!is_masked && !is_shared) return nullptr;
  const TrieLeaf* const full = is_masked ? leaf.full_leaf() : &leaf;
  std::vector<bool> has(full->size());
  for (uint32_t at = leaf.begin(); at != leaf.end(); at = leaf.Next(at)) {
    has[at] = true;
  }
  for (const TrieEdit& edit : edits) {
    const TrieLeaf::Place place = full->Find(edit.key);
    if (!place.found) return nullptr;  // a new key, which no mask can add
    has[place.at] = !edit.erases;
  }
  std::vector<uint32_t> places;
  for (uint32_t at = 0; at < full->size(); ++at) {
    if (has[at]) places.push_back(at);
  }
  if (places.size() == full->size()) return full;
  return places.size() < kMinItems
             ? nullptr
             : nodes_.Make(TrieLeaf::MakeMasked, full, places);
}

const TrieNode* TrieEditor::EditBranchInForm(const TrieInner& branch,
                                             Edits edits, bool is_shared) {
  const BranchEdit& edit = EditBranch(branch, edits, is_shared);
  if (!edit.between.empty()) return nullptr;  // it needs other labels
  std::vector<const TrieNode*> children(branch.children().begin(),
                                        branch.children().end());
  for (const BranchEdit::Child& child : edit.children) {
    if (child.result == nullptr || IsSmall(*child.result)) return nullptr;
    children[child.index] = child.result;
  }
  return nodes_.CopyWithChildren(branch, children);
}

const TrieNode* TrieEditor::EditIndexInForm(const TrieInner& index_node,
                                            Edits edits, bool is_shared) {
  std::vector<const TrieNode*> children(index_node.children().begin(),
                                        index_node.children().end());
  while (!edits.empty()) {
    const size_t child = index_node.ChildFor(edits.front().key);
    size_t count = 1;
    while (count < edits.size() &&
           index_node.ChildFor(edits[count].key) == child) {
      ++count;
    }
    const TrieNode* const node = children[child];
    children[child] =
        EditInForm(*node, edits.first(count), is_shared || node->refs > 1);
    if (children[child] == nullptr) return nullptr;
    edits.remove_prefix(count);
  }
  return nodes_.CopyWithChildren(index_node, children);
}

const TrieEditor::BranchEdit& TrieEditor::EditBranch(const TrieInner& branch,
                                                     Edits edits,
                                                     bool is_shared) {
  const auto [place, is_new] = branch_edits_.try_emplace(
      {&branch, edits.empty() ? nullptr : edits.data()});
  BranchEdit& result = place->second;
  if (!is_new) return result;
  for (TrieEdit edit : edits) {
    size_t label;
    const PackedKeys::Place child = branch.FindChild(edit.key, &label);
    if (!child.found) {
      result.between.push_back(edit);
      continue;
    }
    if (result.children.empty() ||
        result.children.back().index != child.index) {
      result.children.push_back({child.index, {}, nullptr});
    }
    edit.key.remove_prefix(label);
    result.children.back().edits.push_back(edit);
  }
  // Adjacent children that are the same node and get the same edits are edited
  // once and stay shared.
  auto first = result.children.begin();
  while (first != result.children.end()) {
    const TrieNode* const child = branch.child(first->index);
    const auto end = std::find_if(
        first, result.children.end(), [&](const BranchEdit::Child& other) {
          return branch.child(other.index) != child ||
                 !SameEdits(other.edits, first->edits);
        });
    // More references than changed children: another parent, or another child
    // of this branch, keeps the node unchanged.
    const bool others_keep_it = static_cast<size_t>(end - first) < child->refs;
    const TrieNode* const edited =
        Edit(*child, first->edits, is_shared || others_keep_it);
    for (; first != end; ++first) first->result = edited;
  }
  return result;
}

std::vector<Subtrie> TrieEditor::EditIndex(const TrieInner& index_node,
                                           Edits edits,
                                           absl::string_view separator,
                                           bool is_shared) {
  return index_node.height() == 1
             ? EditChildren<PendingEntries>(index_node, edits, separator,
                                            is_shared)
             : EditChildren<PendingSubtries>(index_node, edits, separator,
                                             is_shared);
}

template <typename Changed>
std::vector<Subtrie> TrieEditor::EditChildren(const TrieInner& index_node,
                                              Edits edits,
                                              absl::string_view separator,
                                              bool is_shared) {
  struct Child {
    absl::string_view separator;
    const TrieNode* node;
    Edits edits;
    bool is_shared;
    bool is_repacked;
  };
  std::vector<Child> children;
  children.reserve(index_node.count());
  for (size_t i = 0; i < index_node.count(); ++i) {
    const bool is_last = i + 1 == index_node.count();
    const absl::string_view next_separator =
        is_last ? absl::string_view() : CopyLabel(index_node, i);
    size_t count = 0;
    while (count < edits.size() &&
           (is_last || edits[count].key < next_separator)) {
      ++count;
    }
    const TrieNode* const node = index_node.child(i);
    const bool child_is_shared = is_shared || node->refs > 1;
    Child child = {separator, node, edits.first(count), child_is_shared,
                   count > 0};
    if (count > 0) {
      const auto* const in_form =
          EditInForm(*node, child.edits, child_is_shared);
      if (in_form != nullptr) child = {separator, in_form, {}, true, false};
    }
    children.push_back(child);
    edits.remove_prefix(count);
    separator = next_separator;
  }
  // The neighbours of changed children take part if they are small or ranges.
  const auto changes = [&](size_t i) {
    return i < children.size() && !children[i].edits.empty();
  };
  for (size_t i = 0; i < children.size(); ++i) {
    if ((changes(i + 1) || (i > 0 && changes(i - 1))) &&
        Changed::ShouldMerge(*children[i].node)) {
      children[i].is_repacked = true;
    }
  }

  std::vector<Subtrie> subtries;
  for (size_t end = 0; end < children.size();) {
    size_t begin = end;
    if (!children[begin].is_repacked) {
      subtries.push_back({children[begin].separator, children[begin].node});
      ++end;
      continue;
    }
    // Collects children up to the next unchanged one, and further ones while
    // the result is too small for a node.
    std::optional<Changed> changed(this);
    const auto add = [&](const Child& child) {
      changed->Add(*child.node, child.edits, child.is_shared, child.separator);
    };
    while (end < children.size() &&
           (children[end].is_repacked || changed->weight() < kMinItems)) {
      add(children[end++]);
    }
    // At the end of the index node only the left neighbour is left to merge
    // with. Changed cannot insert at its front, so it starts again from there.
    if (changed->weight() < kMinItems && begin > 0) {
      --begin;
      subtries.pop_back();
      changed.emplace(this);
      for (size_t i = begin; i < end; ++i) add(children[i]);
    }
    for (const Subtrie& subtrie :
         changed->MakeSubtries(children[begin].separator)) {
      subtries.push_back(subtrie);
    }
  }
  return subtries;
}

absl::string_view TrieEditor::CopyLabel(const TrieInner& node, size_t i) {
  const size_t size = node.LabelSize(i);
  internal::ByteArena& bytes = partitioner_.bytes();
  char* const label = bytes.Reserve(size + TrieInner::kSlack);
  node.CopyLabel(i, label);
  bytes.Commit(size);
  return {label, size};
}

}  // namespace passpersist::store_internal
