// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_OID_STORE_H_
#define PASSPERSIST_OID_STORE_H_

#include <cstddef>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"

namespace passpersist {

// A position in a snapshot, which the iterator keeps alive. It is at an entry
// (Valid()) or behind the last one; a new one is behind the last one.
//
// Used by one thread at a time.
class Iterator {
 public:
  virtual ~Iterator() = default;

  virtual bool Valid() const = 0;

  virtual void SeekToFirst() = 0;

  // To the first entry that is not before `suffix`. Seeking the place that the
  // iterator is at, or the one behind it, should be cheap: that is a walk.
  virtual void Seek(const Oid& suffix) = 0;

  // Requires Valid().
  virtual void Next() = 0;

  // The entry. Valid until the iterator moves; each requires Valid().
  virtual const Oid& suffix() const = 0;
  virtual const StoredValue& slot() const = 0;
  virtual absl::string_view label() const = 0;
};

// What a store held at one moment. All of it is immutable, but for IsNewest().
//
// Safe for concurrent use.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  // The iterator keeps the snapshot alive, also when the store has gone.
  virtual std::unique_ptr<Iterator> NewIterator() const = 0;

  virtual size_t size() const = 0;

  // False if the store has a newer one, or if the snapshot can't tell: then ask
  // the store. A reader that keeps a snapshot asks this one for each request,
  // so an answer should cost no more than the read of a flag.
  virtual bool IsNewest() const { return false; }
};

// The values of one subtree, by names that are relative to its root, in OID
// order. Never holds an exception value (noSuchObject, …).
//
// Readers take a snapshot; writers publish the next one. To pass as a store,
// an implementation of your own runs
// store/testing/store_conformance_test_lib.h.
//
// Safe for concurrent use. Writers may wait for each other, never for readers.
class OidStore {
 public:
  virtual ~OidStore() = default;

  // The newest snapshot. Never null; never waits for a writer's work.
  virtual std::shared_ptr<const Snapshot> snapshot() const = 0;

  // Puts `contents` in the place of everything. A mistake in them, or any
  // other error, changes nothing.
  virtual absl::Status Replace(Contents contents) = 0;

  // Makes all changes visible at once, or after an error none.
  virtual absl::Status Apply(const Changes& changes) = 0;

  // The bytes of the newest snapshot and of the store itself: exact, but for
  // what the functions of lazy values hold and for what the allocator adds.
  virtual size_t ApproximateMemory() const = 0;
};

// Makes an empty store.
using StoreFactory = std::function<std::unique_ptr<OidStore>()>;

}  // namespace passpersist

#endif  // PASSPERSIST_OID_STORE_H_
