#include "store/btree_store.h"

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passpersist/internal/byte_arena.h"
#include "passpersist/internal/packed_key.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"
#include "store/packed_builder.h"
#include "store/packed_editor.h"

namespace passpersist {

using internal::PackedEdit;
using internal::PackedTree;

namespace {

absl::Status CheckValues(const Changes& changes) {
  for (const Changes::Change& change : changes.changes()) {
    const Value* const value =
        change.slot ? std::get_if<Value>(&*change.slot) : nullptr;
    if (value != nullptr && IsException(*value)) {
      return absl::InvalidArgumentError(absl::StrCat(change.suffix.ToString(),
                                                     ": ", TypeName(*value),
                                                     " is no value to keep"));
    }
  }
  return absl::OkStatus();
}

// What `first` and then `second` come to.
PackedEdit Combine(const PackedEdit& first, const PackedEdit& second) {
  if (first.slot == nullptr || second.slot == nullptr) {
    PackedEdit edit = second;
    edit.keeps_label = false;
    return edit;
  }
  return {second.key, second.slot,
          second.label.empty() ? first.label : second.label, first.keeps_label};
}

// One edit for each name, in order. The keys are in `bytes`, the rest is in
// `changes`.
std::vector<PackedEdit> ToEdits(const Changes& changes,
                                internal::ByteArena* bytes) {
  std::vector<PackedEdit> edits;
  edits.reserve(changes.changes().size());
  for (const Changes::Change& change : changes.changes()) {
    char* const key =
        bytes->Reserve(change.suffix.size() * internal::kMaxPackedArcSize);
    const char* const end = internal::PackArcs(change.suffix.arcs(), key);
    const absl::string_view view(key, static_cast<size_t>(end - key));
    bytes->Commit(view.size());
    edits.push_back(
        {view, change.slot ? &*change.slot : nullptr, change.label, true});
  }
  std::stable_sort(
      edits.begin(), edits.end(),
      [](const PackedEdit& a, const PackedEdit& b) { return a.key < b.key; });
  size_t size = 0;
  for (const PackedEdit& edit : edits) {
    if (size > 0 && edits[size - 1].key == edit.key) {
      edits[size - 1] = Combine(edits[size - 1], edit);
    } else {
      edits[size++] = edit;
    }
  }
  edits.resize(size);
  return edits;
}

}  // namespace

BtreeStore::BtreeStore() : newest_(versions_->Add(number_, PackedTree())) {}

BtreeStore::~BtreeStore() {
  absl::MutexLock lock(&pointer_);
  versions_->Close(std::move(newest_));
}

StoreFactory BtreeStore::Factory() {
  return [] { return std::make_unique<BtreeStore>(); };
}

std::shared_ptr<const Snapshot> BtreeStore::snapshot() const {
  return newest();
}

std::shared_ptr<const BtreeStore::Versions::Version> BtreeStore::newest()
    const {
  absl::MutexLock lock(&pointer_);
  return newest_;
}

absl::Status BtreeStore::Replace(Contents contents) {
  const absl::StatusOr<std::vector<Entry>> entries =
      std::move(contents).Finish();
  if (!entries.ok()) return entries.status();
  absl::MutexLock lock(&writer_);
  internal::PackedBuilder builder(number_ + 1);
  for (const Entry& entry : *entries) {
    builder.Add(entry.suffix, entry.slot, entry.label);
  }
  const PackedTree old = newest()->tree();
  Versions::Retired retired;
  retired.tree = old.root;
  retired.memory = old.memory;
  Publish(builder.Finish(), std::move(retired));
  return absl::OkStatus();
}

absl::Status BtreeStore::Apply(const Changes& changes) {
  if (absl::Status status = CheckValues(changes); !status.ok()) return status;
  if (changes.empty()) return absl::OkStatus();
  internal::ByteArena keys;
  const std::vector<PackedEdit> edits = ToEdits(changes, &keys);
  absl::MutexLock lock(&writer_);
  internal::PackedEditor editor(newest()->tree(), number_ + 1);
  const PackedTree tree = editor.Apply(edits);
  Versions::Retired retired;
  retired.pages = editor.retired();
  for (const internal::PackedPage* const page : retired.pages) {
    retired.memory += page->memory();
  }
  Publish(tree, std::move(retired));
  return absl::OkStatus();
}

void BtreeStore::Publish(const PackedTree& tree, Versions::Retired retired) {
  std::shared_ptr<const Versions::Version> version =
      versions_->Add(++number_, tree);
  {
    absl::MutexLock lock(&pointer_);
    newest_.swap(version);
  }
  versions_->Retire(std::move(version), std::move(retired));
}

size_t BtreeStore::ApproximateMemory() const {
  return sizeof *this + sizeof(Versions) + sizeof(Versions::Version) +
         newest()->tree().memory;
}

}  // namespace passpersist
