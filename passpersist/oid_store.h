// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_OID_STORE_H_
#define PASSPERSIST_OID_STORE_H_

#include <cstddef>
#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"

namespace passpersist {

// A position in a snapshot; the iterator keeps the snapshot alive. An iterator
// is at an entry (Valid()) or after the last entry. A new iterator is after the
// last entry.
//
// Used by one thread at a time.
class Iterator {
 public:
  virtual ~Iterator() = default;

  virtual bool Valid() const = 0;

  virtual void SeekToFirst() = 0;

  // Moves to the first entry that is not before `suffix`. Seeking the present
  // entry or the next entry should be cheap: successive gets do that.
  virtual void Seek(const Oid& suffix) = 0;

  // Like Seek(). Returns true if there is an entry `suffix`, which the iterator
  // is then at. A store may find that out without decoding the name.
  virtual bool SeekExactly(const Oid& suffix) {
    Seek(suffix);
    return Valid() && this->suffix() == suffix;
  }

  // Requires Valid().
  virtual void Next() = 0;

  // The parts of the entry. Each is valid until the iterator moves, and
  // requires Valid().
  virtual const Oid& suffix() const = 0;
  virtual const StoredValue& value() const = 0;
  virtual absl::string_view label() const = 0;
};

// The contents of a store at one moment. Immutable, except for IsNewest().
//
// Safe for concurrent use.
class Snapshot {
 public:
  virtual ~Snapshot() = default;

  // The iterator keeps the snapshot alive, even after the store is destroyed.
  virtual std::unique_ptr<Iterator> NewIterator() const = 0;

  virtual size_t size() const = 0;

  // False if the store has a newer snapshot, or if this snapshot does not know;
  // then call OidStore::snapshot(). A reader that keeps a snapshot calls
  // IsNewest() for each request, so it should cost no more than reading a flag.
  virtual bool IsNewest() const { return false; }
};

// Holds the values of one subtree, ordered by their suffix: the OID relative to
// the root.
//
// Readers take a snapshot; writers publish the next snapshot. Custom
// implementations should pass store/testing/store_conformance_test_lib.h.
// docs/writing_a_store.md shows a small one.
//
// Safe for concurrent use. Writers may wait for each other, but never for
// readers.
class OidStore {
 public:
  virtual ~OidStore() = default;

  // Returns the newest snapshot. Never null; never waits for a writer's work.
  virtual std::shared_ptr<const Snapshot> snapshot() const = 0;

  // Replaces all entries by `contents`. If it returns an error, such as an
  // error in `contents`, the store is unchanged.
  virtual absl::Status Replace(Contents contents) = 0;

  // Makes all changes visible together. If it returns an error, the store is
  // unchanged. The agent calls it once for what a set has left in the subtree;
  // snmpd may wait for the call.
  virtual absl::Status Apply(const Changes& changes) = 0;

  // Approximately the bytes of the newest snapshot and of the store itself,
  // without the memory that functions of computed values hold.
  virtual size_t ApproximateMemory() const = 0;
};

// Makes an empty store.
using StoreFactory = std::function<std::unique_ptr<OidStore>()>;

}  // namespace passpersist

#endif  // PASSPERSIST_OID_STORE_H_
