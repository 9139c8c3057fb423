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

// An entry of a store, its value found if it is lazy.
//
// A value type.
struct StoreRow {
  passpersist::Oid suffix;
  passpersist::Value value;
  std::string label;
};

bool operator==(const StoreRow& a, const StoreRow& b);
std::ostream& operator<<(std::ostream& os, const StoreRow& row);

// What an update would collect.
passpersist::Contents ToContents(const std::vector<StoreRow>& rows);

// All entries from the first to the last. A lazy value that fails is a test
// failure.
std::vector<StoreRow> ReadRows(const passpersist::Snapshot& snapshot);

// The entry that `iterator` is at.
StoreRow ReadRow(const passpersist::Iterator& iterator);

// What a store should do, on a std::map.
//
// A value type.
class StoreModel {
 public:
  void Replace(const std::vector<StoreRow>& rows);
  void Apply(const passpersist::Changes& changes);

  std::vector<StoreRow> Rows() const;

  // Moves `iterator`, which is over a snapshot that should hold the same, to
  // `suffix` and two entries on, with a test failure where the model goes
  // another way.
  void ExpectSameSeek(const passpersist::Oid& suffix,
                      passpersist::Iterator* iterator) const;

 private:
  std::map<passpersist::Oid, StoreRow> rows_;
};

}  // namespace passpersist_testing

#endif  // STORE_TESTING_STORE_CONFORMANCE_MODEL_H_
