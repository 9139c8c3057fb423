// SPDX-License-Identifier: Apache-2.0

#include "store/trie/testing/trie_checker.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/match.h"
#include "gtest/gtest.h"
#include "passpersist/encoding/oid_encoding.h"
#include "store/trie/trie_builder.h"
#include "store/trie/trie_cursor.h"
#include "store/trie/trie_editor.h"
#include "store/trie/trie_inner.h"
#include "store/trie/trie_leaf.h"
#include "store/version/block.h"

namespace passpersist::store_internal {
namespace {

// All nodes of a trie and how many references each has.
using RefCounts = std::map<const TrieNode*, uint32_t>;

void CountRefs(const TrieNode* node, RefCounts* refs) {
  if (++(*refs)[node] > 1) return;
  ForEachChild(*node, [&](const TrieNode* child) { CountRefs(child, refs); });
}

std::string LabelOf(const TrieInner& node, size_t i) {
  std::string label(node.LabelSize(i) + TrieInner::kSlack, 0);
  node.CopyLabel(i, label.data());
  label.resize(node.LabelSize(i));
  return label;
}

}  // namespace

std::string Packed(const Oid& oid) {
  const internal::EncodedOid key(oid);
  return std::string(key.bytes());
}

Oid Unpacked(const std::string& key) { return internal::UnpackKey(key); }

uint32_t RandomArc(std::mt19937* random, uint32_t bound) {
  return static_cast<uint32_t>((*random)() % bound);
}

Oid RandomOid(std::mt19937* random, size_t max_size, uint32_t max_arc) {
  Oid oid;
  for (size_t size = 1 + (*random)() % max_size; size > 0; --size) {
    oid.Append(RandomArc(random, max_arc));
  }
  return oid;
}

CheckedTrie::~CheckedTrie() {
  NodeRefs nodes(version_ + 1, memory_);
  nodes.ReplaceRoot(root_, nullptr);
  EXPECT_EQ(nodes.memory(), 0);
  for (const Block* const block : nodes.garbage()) block->Free();
}

void CheckedTrie::Make(const MakeRoot& make, const std::set<Oid>& suffixes) {
  Publish(make);
  suffixes_ = suffixes;
}

void CheckedTrie::Publish(const MakeRoot& make) {
  NodeRefs nodes(++version_, memory_);
  const TrieNode* const root = make(nodes);
  nodes.ReplaceRoot(root_, root);
  nodes.Finalize();
  memory_ = nodes.memory();
  garbage_ = nodes.garbage().size();
  for (const Block* const block : nodes.garbage()) block->Free();
  root_ = root;
}

void CheckedTrie::Build(const std::set<Oid>& suffixes) {
  Make(
      [&](NodeRefs& nodes) {
        TrieBuilder builder(&nodes);
        std::string last;
        for (const Oid& suffix : suffixes) {
          const std::string key = Packed(suffix);
          builder.Add(key, internal::SharedArcsSize(last, key));
          last = key;
        }
        return builder.Finish();
      },
      suffixes);
}

void CheckedTrie::Edit(const std::set<Oid>& puts, const std::set<Oid>& erases) {
  std::map<std::string, bool> changes;
  for (const Oid& suffix : puts) {
    changes[Packed(suffix)] = false;
    suffixes_.insert(suffix);
  }
  for (const Oid& suffix : erases) {
    changes[Packed(suffix)] = true;
    suffixes_.erase(suffix);
  }
  std::vector<TrieEdit> edits;
  for (const auto& [key, erases_it] : changes) {
    edits.push_back({key, erases_it});
  }
  Publish(
      [&](NodeRefs& nodes) { return TrieEditor(&nodes).Apply(root_, edits); });
}

void CheckedTrie::Check() const {
  if (suffixes_.empty()) {
    EXPECT_EQ(root_, nullptr);
    EXPECT_EQ(memory_, 0);
    return;
  }
  ASSERT_NE(root_, nullptr);
  ASSERT_EQ(root_->size(), suffixes_.size());
  RefCounts refs;
  CountRefs(root_, &refs);
  size_t memory = 0;
  for (const auto& [node, count] : refs) {
    EXPECT_EQ(node->refs, count);
    memory += node->memory();
    CheckNode(*node);
  }
  EXPECT_EQ(memory_, memory);

  TrieCursor walk(root_);
  TrieCursor seek(root_);
  walk.SeekToFirst();
  uint32_t rank = 0;
  for (const Oid& suffix : suffixes_) {
    const std::string key = Packed(suffix);
    ASSERT_TRUE(walk.Valid()) << suffix;
    std::string walked;
    walk.AppendKey(&walked);
    ASSERT_EQ(Unpacked(walked), suffix);
    ASSERT_EQ(walk.rank(), rank);
    ASSERT_EQ(walk.Compare(key), 0) << suffix;
    // The suffix itself, and the first and the last suffix below it.
    seek.Seek(key);
    ASSERT_TRUE(seek.Valid()) << suffix;
    ASSERT_EQ(seek.rank(), rank) << suffix;
    ASSERT_EQ(seek.Compare(key), 0) << suffix;
    for (const uint32_t arc : {0u, 4294967295u}) {
      Oid below = suffix;
      below.Append(arc);
      const auto next = suffixes_.lower_bound(below);
      seek.Seek(Packed(below));
      ASSERT_EQ(seek.Valid(), next != suffixes_.end()) << below;
      if (!seek.Valid()) {
        ASSERT_EQ(seek.rank(), suffixes_.size());
        continue;
      }
      std::string found;
      seek.AppendKey(&found);
      ASSERT_EQ(Unpacked(found), *next) << below;
      ASSERT_EQ(*next == below, seek.Compare(Packed(below)) == 0);
      ASSERT_LE(0, seek.Compare(Packed(below))) << below;
      ASSERT_GE(seek.rank(), rank);
    }
    walk.Next();
    ++rank;
  }
  EXPECT_FALSE(walk.Valid());
}

void CheckedTrie::CheckNode(const TrieNode& node) {
  using Kind = TrieNode::Kind;
  if (node.is_leaf()) {
    const auto& leaf = static_cast<const TrieLeaf&>(node);
    uint32_t suffixes = 0;
    for (uint32_t at = leaf.begin(); at != leaf.end(); at = leaf.Next(at)) {
      ++suffixes;
    }
    EXPECT_EQ(leaf.size(), suffixes);
    EXPECT_GT(suffixes, 0);
    return;
  }
  const auto& inner = static_cast<const TrieInner&>(node);
  EXPECT_LE(inner.count(), TrieInner::kMaxConsecutive);
  uint32_t before = 0;
  for (size_t i = 0; i < inner.count(); ++i) {
    EXPECT_EQ(inner.cumulative_count(i), before);
    before += inner.child(i)->size();
    const TrieNode* const child = inner.child(i);
    if (node.kind() != Kind::kIndex) {
      EXPECT_NE(LabelOf(inner, i), "");
      if (i > 0) {
        EXPECT_LT(LabelOf(inner, i - 1), LabelOf(inner, i));
        EXPECT_FALSE(
            absl::StartsWith(LabelOf(inner, i), LabelOf(inner, i - 1)));
      }
      continue;
    }
    // A separator may end within an arc, so keys are compared as bytes.
    TrieCursor cursor(child);
    for (cursor.SeekToFirst(); cursor.Valid(); cursor.Next()) {
      std::string key;
      cursor.AppendKey(&key);
      if (i > 0) {
        ASSERT_GE(key, LabelOf(inner, i - 1));
      }
      if (i + 1 < inner.count()) {
        ASSERT_LT(key, LabelOf(inner, i));
      }
    }
    if (inner.height() == 1) {
      EXPECT_NE(child->kind(), Kind::kIndex);
    } else {
      ASSERT_EQ(child->kind(), Kind::kIndex);
      EXPECT_EQ(static_cast<const TrieInner*>(child)->height(),
                inner.height() - 1);
    }
  }
  EXPECT_EQ(inner.size(), before);
  if (node.kind() == Kind::kIndex) {
    EXPECT_GE(inner.count(), 2);
  }
}

}  // namespace passpersist::store_internal
