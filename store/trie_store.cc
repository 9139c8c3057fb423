// SPDX-License-Identifier: Apache-2.0

#include "store/trie_store.h"

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_row_index.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/deliver_contents.h"
#include "store/block/leaf_entries.h"
#include "store/block/normalized_changes.h"
#include "store/cow_tree/cow_tree.h"
#include "store/trie/node_refs.h"
#include "store/trie/trie_builder.h"
#include "store/trie/trie_cursor.h"
#include "store/trie/trie_editor.h"
#include "store/trie/trie_leaf.h"
#include "store/trie/trie_tree.h"
#include "store/values/value_builder.h"
#include "store/values/value_tree_traits.h"
#include "store/version/block.h"
#include "store/version/version_set.h"

namespace passpersist {

using store_internal::Block;
using store_internal::NodeRefs;
using store_internal::NormalizedChange;
using store_internal::TrieEdit;
using store_internal::TrieLeaf;
using store_internal::TrieNode;
using store_internal::TrieTree;
using store_internal::ValueEdit;
using store_internal::ValueTree;
using store_internal::VersionSet;

// Loads keys and values from Contents.
class TrieStore::Loader : public internal::ContentsSink {
 public:
  // `known`: nodes of the newest version, which can be reused.
  Loader(NodeRefs* nodes, uint64_t birth, const RowNodes& known)
      : nodes_(*nodes), keys_(nodes), values_(birth), known_(known) {}

  void OnEntry(const internal::PackedEntry& entry) override {
    keys_.Add(entry.key, entry.shared);
    values_.Add(entry.value, entry.label);
  }

  bool OnColumn(const internal::PackedColumn& column) override {
    const TrieNode* node = NodeOf(column.rows, column.indexes);
    if (!column.validity.empty()) node = WithoutMissing(*node, column);
    keys_.AddNode(column.prefix, node);
    const absl::string_view numbers = column.cells.numbers();
    if (!numbers.empty()) {
      values_.AddNumbers(column.cells.tag(), numbers.data(),
                         column.cells.size());
    } else if (column.cells.are_strings()) {
      column.cells.ForEachRun([&](const internal::StringRun& strings) {
        values_.AddStrings(column.cells.tag(), strings);
      });
    } else {
      for (size_t i = 0; i < column.cells.size(); ++i) {
        values_.Add(column.cells.Get(i), {});
      }
    }
    return true;
  }

  const TrieNode* FinishKeys() { return keys_.Finish(); }
  ValueTree FinishValues() { return values_.Finish(); }

  // The nodes of the loaded columns that the new version uses. A node is unused
  // if, for example, each of its columns lacks a cell.
  RowNodes TakeRowNodes() {
    absl::erase_if(
        used_, [](const auto& rows) { return rows.second.node->refs == 0; });
    return std::move(used_);
  }

 private:
  const TrieNode* NodeOf(const std::shared_ptr<const RowIndex>& rows,
                         const internal::PackedRowIndex& indexes) {
    const auto [used, is_new] =
        used_.try_emplace(rows.get(), Rows{rows, nullptr});
    if (!is_new) return used->second.node;
    const auto known = known_.find(rows.get());
    // The address alone is not enough: a new RowIndex may have the address of
    // one that was destroyed.
    const bool is_known =
        known != known_.end() && known->second.row_index.lock() == rows;
    used->second.node = is_known ? known->second.node : MakeNode(indexes);
    return used->second.node;
  }

  const TrieNode* MakeNode(const internal::PackedRowIndex& rows) {
    if (rows.is_consecutive()) {
      return nodes_.Make(TrieLeaf::MakeRange, rows.first_arc(),
                         static_cast<uint32_t>(rows.size()));
    }
    store_internal::TrieBuilder builder(&nodes_);
    absl::string_view last;
    char scratch[internal::kMaxPackedArcSize];
    for (size_t row = 0; row < rows.size(); ++row) {
      const absl::string_view index = rows.Get(row, scratch);
      builder.Add(index, internal::SharedArcsSize(last, index));
      last = index;
    }
    return builder.Finish();
  }

  // The node of the rows for which the column has a cell. It shares what it can
  // with `node`, which holds all rows.
  const TrieNode* WithoutMissing(const TrieNode& node,
                                 const internal::PackedColumn& column) {
    internal::ByteArena bytes;
    std::vector<TrieEdit> edits;
    for (size_t row = 0; row < column.indexes.size(); ++row) {
      if (column.HasCell(row)) continue;
      char scratch[internal::kMaxPackedArcSize];
      edits.push_back({bytes.Copy(column.indexes.Get(row, scratch)), true});
    }
    return store_internal::TrieEditor(&nodes_).ApplyToCopy(node, edits);
  }

  NodeRefs& nodes_;
  store_internal::TrieBuilder keys_;
  store_internal::ValueBuilder values_;
  const RowNodes& known_;
  RowNodes used_;
};

StoreFactory TrieStore::Factory() {
  return [] { return std::make_unique<TrieStore>(); };
}

std::shared_ptr<const Snapshot> TrieStore::snapshot() const {
  return publisher_.newest();
}

absl::Status TrieStore::Replace(Contents contents) {
  internal::MutexLock lock(publisher_.writer());
  const TrieTree old = publisher_.newest()->tree();
  NodeRefs nodes(publisher_.next_number(), old.keys_memory);
  Loader loader(&nodes, publisher_.next_number(), row_nodes_);
  if (absl::Status status = internal::DeliverContents(contents, &loader);
      !status.ok()) {
    return status;
  }
  TrieTree tree;
  tree.keys = loader.FinishKeys();
  tree.values = loader.FinishValues();
  nodes.ReplaceRoot(old.keys, tree.keys);
  nodes.Finalize();
  row_nodes_ = loader.TakeRowNodes();
  tree.keys_memory = nodes.memory();
  std::vector<const Block*> garbage = nodes.garbage();
  store_internal::ListPages<store_internal::ValueTreeTraits>(
      old.values.root, old.values.level, &garbage);
  publisher_.Publish(VersionSet::Garbage(std::move(garbage)), tree);
  return absl::OkStatus();
}

absl::Status TrieStore::Apply(const Changes& changes) {
  internal::ByteArena keys;
  const std::vector<NormalizedChange> edits =
      store_internal::NormalizeChanges(changes, &keys);
  internal::MutexLock lock(publisher_.writer());
  const TrieTree old = publisher_.newest()->tree();
  std::vector<TrieEdit> key_edits;
  std::vector<ValueEdit> value_edits;
  store_internal::TrieCursor cursor(old.keys);
  for (const NormalizedChange& edit : edits) {
    cursor.Seek(edit.key);
    const bool found = cursor.Valid() && cursor.Compare(edit.key) == 0;
    const bool erases = edit.value == nullptr;
    if (erases && !found) continue;
    // A changed value does not change the trie.
    if (erases || !found) key_edits.push_back({edit.key, erases});
    value_edits.push_back({cursor.rank(), !found, &edit});
  }
  if (value_edits.empty()) return absl::OkStatus();

  TrieTree tree = old;
  store_internal::ValueEditor values(old.values, publisher_.next_number());
  tree.values = values.Apply(value_edits);
  std::vector<const Block*> garbage = values.garbage();
  if (!key_edits.empty()) {
    row_nodes_.clear();  // their nodes may be garbage after this change
    NodeRefs nodes(publisher_.next_number(), old.keys_memory);
    tree.keys = store_internal::TrieEditor(&nodes).Apply(old.keys, key_edits);
    nodes.ReplaceRoot(old.keys, tree.keys);
    nodes.Finalize();
    tree.keys_memory = nodes.memory();
    store_internal::AppendTo(&garbage, nodes.garbage());
  }
  publisher_.Publish(VersionSet::Garbage(std::move(garbage)), tree);
  return absl::OkStatus();
}

size_t TrieStore::ApproximateMemory() const {
  return sizeof *this + sizeof(VersionSet) + publisher_.newest()->memory();
}

}  // namespace passpersist
