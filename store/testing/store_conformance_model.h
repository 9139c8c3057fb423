// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TESTING_STORE_CONFORMANCE_MODEL_H_
#define STORE_TESTING_STORE_CONFORMANCE_MODEL_H_

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// An entry of a store. A computed value has been computed.
//
// A value type.
struct StoreRow {
  passpersist::Oid suffix;
  passpersist::Value value;
  std::string label;
};

bool operator==(const StoreRow& a, const StoreRow& b);
std::ostream& operator<<(std::ostream& os, const StoreRow& row);

// Contents with these rows.
passpersist::Contents ToContents(const std::vector<StoreRow>& rows);

// All entries from the first to the last. A test failure if a computed value
// fails.
std::vector<StoreRow> ReadRows(const passpersist::Snapshot& snapshot);

// The entry that `iterator` is at.
StoreRow ReadRow(const passpersist::Iterator& iterator);

// The expected behaviour of a store, implemented with a std::map.
//
// A value type.
class StoreModel {
 public:
  void Replace(const std::vector<StoreRow>& rows);
  void Apply(const passpersist::Changes& changes);

  std::vector<StoreRow> Rows() const;

  // Moves `iterator`, which is over a snapshot that should hold the same
  // entries, to `suffix` and then two entries on. A test failure if it differs
  // from the model.
  void ExpectSameSeek(const passpersist::Oid& suffix,
                      passpersist::Iterator* iterator) const;

 private:
  std::map<passpersist::Oid, StoreRow> rows_;
};

}  // namespace passpersist_testing

#endif  // STORE_TESTING_STORE_CONFORMANCE_MODEL_H_
