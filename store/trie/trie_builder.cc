// SPDX-License-Identifier: Apache-2.0

#include "store/trie/trie_builder.h"

#include <algorithm>

#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::store_internal {
namespace {

// True if what follows the first `begin` bytes of `key` is one arc.
bool HasOneArcFrom(absl::string_view key, size_t begin) {
  return begin < key.size() && internal::IsOneArc(key.substr(begin));
}

}  // namespace

void TrieBuilder::Add(absl::string_view key, size_t shared) {
  if (match_) {
    TrieCursor& cursor = match_->cursor;
    const size_t base = match_->base.size();
    if (shared < base) {
      EndMatch();
    } else if (cursor.Valid() && cursor.Compare(key.substr(base)) == 0) {
      return cursor.Next();
    } else {
      AbandonMatch();
    }
  } else if (after_node_) {
    shared = SharedWithLast(key);
    after_node_ = false;
  }
  AddKey(key, shared, true);
}

void TrieBuilder::AddKey(absl::string_view key, size_t shared, bool may_match) {
  // Before EnterGroup(): a key that continues a run opens no group.
  if (ExtendsRange(key, shared)) return ExtendRange(shared);
  EnterGroup(shared);
  if (may_match && StartMatch(key, shared)) return;
  entries_.push_back({Copy(key), 1, nullptr});
  ++key_count_;
}

bool TrieBuilder::ExtendsRange(absl::string_view key, size_t shared) const {
  if (entries_.empty() || !HasOneArcFrom(key, shared)) return false;
  const PendingEntry& last = entries_.back();
  return last.node == nullptr && HasOneArcFrom(last.key, shared) &&
         internal::ArcAt(key, shared) ==
             internal::ArcAt(last.key, shared) + last.count;
}

void TrieBuilder::ExtendRange(size_t shared) {
  ++entries_.back().count;
  ++key_count_;
  last_arc_begin_ = shared;
}

// Makes the last key of a run an entry of its own: the next key is below it, so
// both begin a group.
void TrieBuilder::SplitRange() {
  PendingEntry& range = entries_.back();
  if (groups_.back().depth < last_arc_begin_) {
    groups_.push_back(
        {last_arc_begin_, entries_.size() - 1, key_count_ - range.count});
  }
  --range.count;
  const absl::string_view rest = range.key.substr(0, last_arc_begin_);
  std::string key(rest);
  key.resize(rest.size() + internal::kMaxPackedArcSize);
  const char* const end = internal::PackArc(
      internal::ArcAt(range.key, last_arc_begin_) + range.count,
      &key[rest.size()]);
  key.resize(static_cast<size_t>(end - key.data()));
  entries_.push_back({Copy(key), 1, nullptr});
}

void TrieBuilder::EnterGroup(size_t shared) {
  if (entries_.empty()) return;
  if (entries_.back().count > 1 && shared > last_arc_begin_) SplitRange();
  // The group of the key, if no open group has its depth: the new group begins
  // where the outermost of the groups that are closed here begins.
  Group group = {shared, entries_.size() - 1,
                 key_count_ - entries_.back().size()};
  while (groups_.back().depth > shared) {
    const Group last = groups_.back();
    groups_.pop_back();
    CloseGroup(last);
    group.begin = last.begin;
    group.keys_before = last.keys_before;
  }
  // A long run is a group of its own.
  if (entries_.back().count >= kMinGroup && shared < last_arc_begin_) {
    CloseGroup({last_arc_begin_, entries_.size() - 1,
                key_count_ - entries_.back().count});
  }
  if (groups_.back().depth < shared) groups_.push_back(group);
}

void TrieBuilder::CloseGroup(const Group& group) {
  // The entries of a small group stay where they are: in the enclosing group.
  if (key_count_ - group.keys_before < kMinGroup) return;
  const auto entries = absl::MakeConstSpan(entries_).subspan(group.begin);
  const absl::string_view label = entries.front().key.substr(0, group.depth);
  const TrieNode* const node = partitioner_.MakeNode(entries, group.depth);
  entries_.resize(group.begin);
  entries_.push_back({label, 1, node});
}

bool TrieBuilder::StartMatch(absl::string_view key, size_t shared) {
  if (entries_.empty() || shared == key.size()) return false;
  const size_t base =
      shared + internal::PackedArcSize(static_cast<unsigned char>(key[shared]));
  // Tries several of the last nodes: adjacent columns may have different rows.
  constexpr size_t kMaxCandidates = 4;
  const size_t group = groups_.back().begin;
  const TrieNode* tried = nullptr;
  for (size_t i = entries_.size(), n = 0; i > group && n < kMaxCandidates;
       --i) {
    const PendingEntry& entry = entries_[i - 1];
    if (entry.node == nullptr || !HasOneArcFrom(entry.key, shared))
      return false;
    if (entry.node == tried) continue;
    tried = entry.node;
    ++n;
    match_.emplace(key, base, tried);
    if (match_->cursor.Compare(key.substr(base)) == 0) {
      match_->cursor.Next();
      return true;
    }
  }
  match_.reset();
  return false;
}

void TrieBuilder::EndMatch() {
  if (match_->cursor.Valid()) return AbandonMatch();
  entries_.push_back({Copy(match_->base), 1, match_->node});
  key_count_ += match_->node->size();
  match_.reset();
}

void TrieBuilder::AbandonMatch() {
  const std::string base = match_->base;
  const TrieNode* const node = match_->node;
  const uint32_t count = match_->cursor.rank();
  match_.reset();
  AddKeysOf(base, node, count);
}

void TrieBuilder::AddKeysOf(absl::string_view prefix, const TrieNode* node,
                            uint32_t count) {
  TrieCursor cursor(node);
  std::string key;
  std::string last;
  for (cursor.SeekToFirst(); cursor.rank() < count; cursor.Next()) {
    key.assign(prefix.data(), prefix.size());
    cursor.AppendKey(&key);
    // Without matching: only Add() compares further keys with a match.
    const size_t shared = last.empty() ? SharedWithLast(key)
                                       : internal::SharedArcsSize(last, key);
    AddKey(key, shared, false);
    last.swap(key);
  }
}

size_t TrieBuilder::SharedWithLast(absl::string_view key) {
  if (entries_.empty()) return 0;
  const PendingEntry last = entries_.back();
  size_t shared = internal::SharedArcsSize(last.key, key);
  if (last.node != nullptr && shared == last.key.size()) {
    // The key begins with the prefix of the node, so the keys of the node and
    // this key belong together: the node is replaced by its keys.
    key_count_ -= last.node->size();
    entries_.pop_back();
    while (groups_.size() > 1 && groups_.back().begin == entries_.size()) {
      groups_.pop_back();
    }
    AddKeysOf(last.key, last.node, last.node->size());
    return SharedWithLast(key);
  }
  // The last key of a run is not the key of its entry, which is the first.
  if (last.count > 1 && shared == last_arc_begin_ && shared < key.size() &&
      internal::ArcAt(key, shared) ==
          internal::ArcAt(last.key, shared) + last.count - 1) {
    shared += internal::PackedArcSize(static_cast<unsigned char>(key[shared]));
  }
  return shared;
}

void TrieBuilder::AddNode(absl::string_view prefix, const TrieNode* node) {
  if (match_) EndMatch();
  const size_t shared = SharedWithLast(prefix);
  if (shared == prefix.size()) {  // other keys begin with this prefix too
    AddKeysOf(prefix, node, node->size());
  } else {
    EnterGroup(shared);
    entries_.push_back({Copy(prefix), 1, node});
    key_count_ += node->size();
  }
  after_node_ = true;
}

const TrieNode* TrieBuilder::Finish() {
  if (match_) EndMatch();
  EnterGroup(0);
  return partitioner_.MakeNode(entries_, 0);
}

}  // namespace passpersist::store_internal
