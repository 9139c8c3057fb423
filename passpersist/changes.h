// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_CHANGES_H_
#define PASSPERSIST_CHANGES_H_

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace passpersist {

// A batch of puts and erases, applied together. Of several changes for one OID
// the last one counts: see Normalized().
//
// Used by one thread at a time; safe for concurrent reading.
class Changes {
 public:
  struct Change {
    Oid suffix;
    std::optional<StoredValue> value;  // nullopt: erase
    std::string label;
  };

  // The combined effect of all changes for one OID.
  //
  // A value type that borrows from the Changes.
  struct NetChange {
    const Oid* suffix;
    const StoredValue* value;  // null: erase
    // nullopt: a put keeps the label that the instance has before the batch.
    std::optional<absl::string_view> label;
  };

  // An empty label keeps the label of the instance. To remove the label, erase
  // the instance before in the same batch.
  void Put(Oid suffix, Value value, absl::string_view label = {});
  void PutComputed(Oid suffix, ComputedValue::Function function,
                   absl::string_view label = {}) {
    PutComputed(std::move(suffix), ComputedValue(std::move(function)), label);
  }
  void PutComputed(Oid suffix, ComputedValue value,
                   absl::string_view label = {});

  // Erasing an absent instance does nothing.
  void Erase(Oid suffix);

  // Adds all changes of `other` after the present changes.
  void Append(Changes other);

  bool empty() const { return changes_.empty(); }
  void clear() { changes_.clear(); }

  // All changes, in the order in which they were made.
  const std::vector<Change>& changes() const { return changes_; }

  // For stores: one change for each OID, in OID order. The last change of an
  // OID counts. A put without a label gets the label of the last put before it
  // that has a label, unless there is an erase between the two.
  std::vector<NetChange> Normalized() const;

 private:
  std::vector<Change> changes_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_CHANGES_H_
