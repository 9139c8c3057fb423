// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_VERSION_TREE_ITERATOR_H_
#define STORE_VERSION_TREE_ITERATOR_H_

#include <memory>
#include <utility>

#include "absl/strings/string_view.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/stored_value.h"

namespace passpersist::store_internal {

// The iterator of a store whose keys are in the encoding of EncodedOid. Cursor
// is a position in one version of the store, with
//
//   Tree                           what a cursor is constructed from
//   bool Valid(), void SeekToFirst(), void Next()
//   bool Seek(key)                 to the first key that is not less; true if
//                                  it is equal; fast if it is near
//   const Oid& suffix()            decodes the key; valid until the next call
//   PackedValue value(), absl::string_view label()
//
// suffix() and value() decode the key and the value, into memory that the
// iterator and the cursor reuse, so that a walk does not allocate.
//
// Used by one thread at a time.
template <typename Cursor>
class TreeIterator final : public Iterator {
 public:
  // `owner` keeps what `tree` refers to.
  TreeIterator(std::shared_ptr<const Snapshot> owner,
               const typename Cursor::Tree& tree)
      : owner_(std::move(owner)), cursor_(tree) {}

  bool Valid() const override { return cursor_.Valid(); }
  void SeekToFirst() override {
    Forget();
    cursor_.SeekToFirst();
  }

  void Seek(const Oid& suffix) override { SeekExactly(suffix); }
  bool SeekExactly(const Oid& suffix) override {
    Forget();
    target_.Assign(suffix);
    return cursor_.Seek(target_.bytes());
  }

  void Next() override {
    Forget();
    cursor_.Next();
  }

  const Oid& suffix() const override {
    if (suffix_ == nullptr) suffix_ = &cursor_.suffix();
    return *suffix_;
  }
  const StoredValue& value() const override {
    if (value_ == nullptr) value_ = &unpacker_.Unpack(cursor_.value());
    return *value_;
  }
  absl::string_view label() const override { return cursor_.label(); }

 private:
  void Forget() {
    suffix_ = nullptr;
    value_ = nullptr;
  }

  const std::shared_ptr<const Snapshot> owner_;
  Cursor cursor_;
  internal::EncodedOid target_;

  // The current entry, as far as it has been decoded; else null.
  mutable const Oid* suffix_ = nullptr;
  mutable const StoredValue* value_ = nullptr;
  mutable internal::ValueUnpacker unpacker_;
};

}  // namespace passpersist::store_internal

#endif  // STORE_VERSION_TREE_ITERATOR_H_
