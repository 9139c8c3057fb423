// SPDX-License-Identifier: Apache-2.0

#include "store/btree_store.h"

#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/encoding/byte_arena.h"
#include "passpersist/update/contents_sink.h"
#include "passpersist/update/deliver_contents.h"
#include "store/block/normalized_changes.h"
#include "store/btree/btree_builder.h"
#include "store/btree/key_tree.h"
#include "store/btree/key_tree_traits.h"
#include "store/version/version_set.h"

namespace passpersist {

using store_internal::KeyTree;
using store_internal::NormalizedChange;
using store_internal::VersionSet;

namespace {

// Loads a tree from Contents.
class BuilderSink : public internal::ContentsSink {
 public:
  explicit BuilderSink(store_internal::BtreeBuilder* builder)
      : builder_(*builder) {}

  void OnEntry(const internal::PackedEntry& entry) override {
    builder_.Add(entry.key, entry.value, entry.label);
  }

 private:
  store_internal::BtreeBuilder& builder_;
};

}  // namespace

StoreFactory BtreeStore::Factory() {
  return [] { return std::make_unique<BtreeStore>(); };
}

std::shared_ptr<const Snapshot> BtreeStore::snapshot() const {
  return publisher_.newest();
}

absl::Status BtreeStore::Replace(Contents contents) {
  internal::MutexLock lock(publisher_.writer());
  store_internal::BtreeBuilder builder(publisher_.next_number());
  BuilderSink sink(&builder);
  if (absl::Status status = internal::DeliverContents(contents, &sink);
      !status.ok()) {
    return status;
  }
  publisher_.PublishReplacement(builder.Finish());
  return absl::OkStatus();
}

absl::Status BtreeStore::Apply(const Changes& changes) {
  if (changes.empty()) return absl::OkStatus();
  internal::ByteArena keys;
  const std::vector<NormalizedChange> edits =
      store_internal::NormalizeChanges(changes, &keys);
  internal::MutexLock lock(publisher_.writer());
  store_internal::BtreeEditor editor(publisher_.newest()->tree(),
                                     publisher_.next_number());
  const KeyTree tree = editor.Apply(edits);
  publisher_.Publish(VersionSet::Garbage(editor.garbage()), tree);
  return absl::OkStatus();
}

size_t BtreeStore::ApproximateMemory() const {
  return sizeof *this + sizeof(VersionSet) + publisher_.newest()->memory();
}

}  // namespace passpersist
