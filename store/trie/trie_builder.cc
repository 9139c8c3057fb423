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
  if (followed_) {
    TrieCursor& cursor = followed_->cursor;
    const size_t base = followed_->base.size();
    if (shared < base) {
      EndFollow();
    } else if (cursor.Valid() && cursor.Compare(key.substr(base)) == 0) {
      return cursor.Next();
    } else {
      Unfollow();
    }
  } else if (after_node_) {
    shared = SharedWithLast(key);
    after_node_ = false;
  }
  AddName(key, shared, true);
}

void TrieBuilder::AddName(absl::string_view key, size_t shared,
                          bool may_follow) {
  if (ExtendsRun(key, shared)) return ExtendRun(shared);
  EnterGroup(shared);
  if (may_follow && Follow(key, shared)) return;
  items_.push_back({Copy(key), 1, nullptr});
  ++names_;
}

bool TrieBuilder::ExtendsRun(absl::string_view key, size_t shared) const {
  if (items_.empty() || !HasOneArcFrom(key, shared)) return false;
  const PendingEntry& last = items_.back();
  return last.node == nullptr && HasOneArcFrom(last.key, shared) &&
         internal::ArcAt(key, shared) ==
             internal::ArcAt(last.key, shared) + last.count;
}

void TrieBuilder::ExtendRun(size_t shared) {
  ++items_.back().count;
  ++names_;
  run_begin_ = shared;
}

// Makes the last name of a run an item of its own: names below it follow.
void TrieBuilder::SplitRun() {
  PendingEntry& run = items_.back();
  if (groups_.back().depth < run_begin_) {
    groups_.push_back({run_begin_, items_.size() - 1, names_ - run.count});
  }
  --run.count;
  const absl::string_view rest = run.key.substr(0, run_begin_);
  std::string key(rest);
  key.resize(rest.size() + internal::kMaxPackedArcSize);
  const char* const end = internal::PackArc(
      internal::ArcAt(run.key, run_begin_) + run.count, &key[rest.size()]);
  key.resize(static_cast<size_t>(end - key.data()));
  items_.push_back({Copy(key), 1, nullptr});
}

void TrieBuilder::EnterGroup(size_t shared) {
  if (items_.empty()) return;
  if (items_.back().count > 1 && shared > run_begin_) SplitRun();
  // The group that the name is in, if it is a new one: it begins where the last
  // of those begins that end here.
  Group group = {shared, items_.size() - 1, names_ - items_.back().size()};
  while (groups_.back().depth > shared) {
    const Group last = groups_.back();
    groups_.pop_back();
    CloseGroup(last);
    group.begin = last.begin;
    group.names_before = last.names_before;
  }
  if (items_.back().count >= kMinGroup && shared < run_begin_) {
    CloseGroup({run_begin_, items_.size() - 1, names_ - items_.back().count});
  }
  if (groups_.back().depth < shared) groups_.push_back(group);
}

void TrieBuilder::CloseGroup(const Group& group) {
  if (names_ - group.names_before < kMinGroup) return;
  const auto items = absl::MakeConstSpan(items_).subspan(group.begin);
  const absl::string_view label = items.front().key.substr(0, group.depth);
  const TrieNode* const node = packer_.Pack(items, group.depth);
  items_.resize(group.begin);
  items_.push_back({label, 1, node});
}

bool TrieBuilder::Follow(absl::string_view key, size_t shared) {
  if (items_.empty() || shared == key.size()) return false;
  const size_t base =
      shared + internal::PackedArcSize(static_cast<unsigned char>(key[shared]));
  // One of the last few, since tables differ.
  constexpr size_t kCandidates = 4;
  const size_t group = groups_.back().begin;
  const TrieNode* tried = nullptr;
  for (size_t i = items_.size(), n = 0; i > group && n < kCandidates; --i) {
    const PendingEntry& item = items_[i - 1];
    if (item.node == nullptr || !HasOneArcFrom(item.key, shared)) return false;
    if (item.node == tried) continue;
    tried = item.node;
    ++n;
    followed_.emplace(key, base, tried);
    if (followed_->cursor.Compare(key.substr(base)) == 0) {
      followed_->cursor.Next();
      return true;
    }
  }
  followed_.reset();
  return false;
}

void TrieBuilder::EndFollow() {
  if (followed_->cursor.Valid()) return Unfollow();
  items_.push_back({Copy(followed_->base), 1, followed_->node});
  names_ += followed_->node->size();
  followed_.reset();
}

void TrieBuilder::Unfollow() {
  const std::string base = followed_->base;
  const TrieNode* const node = followed_->node;
  const uint32_t count = followed_->cursor.rank();
  followed_.reset();
  AddNamesOf(base, node, count);
}

void TrieBuilder::AddNamesOf(absl::string_view prefix, const TrieNode* node,
                             uint32_t count) {
  TrieCursor cursor(node);
  std::string key;
  std::string last;
  for (cursor.SeekToFirst(); cursor.rank() < count; cursor.Next()) {
    key.assign(prefix.data(), prefix.size());
    cursor.AppendKey(&key);
    const size_t shared = last.empty() ? SharedWithLast(key)
                                       : internal::SharedArcsSize(last, key);
    AddName(key, shared, false);
    last.swap(key);
  }
}

size_t TrieBuilder::SharedWithLast(absl::string_view key) {
  if (items_.empty()) return 0;
  const PendingEntry last = items_.back();
  size_t shared = internal::SharedArcsSize(last.key, key);
  if (last.node != nullptr && shared == last.key.size()) {
    // The name lies behind the last one of the node: no node, then.
    names_ -= last.node->size();
    items_.pop_back();
    while (groups_.size() > 1 && groups_.back().begin == items_.size()) {
      groups_.pop_back();
    }
    AddNamesOf(last.key, last.node, last.node->size());
    return SharedWithLast(key);
  }
  if (last.count > 1 && shared == run_begin_ && shared < key.size() &&
      internal::ArcAt(key, shared) ==
          internal::ArcAt(last.key, shared) + last.count - 1) {
    shared += internal::PackedArcSize(static_cast<unsigned char>(key[shared]));
  }
  return shared;
}

void TrieBuilder::AddNode(absl::string_view prefix, const TrieNode* node) {
  if (followed_) EndFollow();
  const size_t shared = SharedWithLast(prefix);
  if (shared == prefix.size()) {  // there are names before those of the node
    AddNamesOf(prefix, node, node->size());
  } else {
    EnterGroup(shared);
    items_.push_back({Copy(prefix), 1, node});
    names_ += node->size();
  }
  after_node_ = true;
}

const TrieNode* TrieBuilder::Finish() {
  if (followed_) EndFollow();
  EnterGroup(0);
  return packer_.Pack(items_, 0);
}

}  // namespace passpersist::store_internal
