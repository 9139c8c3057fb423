// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_SORTED_MAP_STORE_H_
#define EXAMPLES_SORTED_MAP_STORE_H_

#include <cstddef>
#include <memory>
#include <mutex>

#include "passpersist/oid_store.h"

// A store of its own kind, as docs/writing_a_store.md explains it: a std::map
// that each write copies. Fit for a few hundred values.
//
// Safe for concurrent use.
class SortedMapStore : public passpersist::OidStore {
 public:
  SortedMapStore();

  std::shared_ptr<const passpersist::Snapshot> snapshot() const override;
  absl::Status Replace(passpersist::Contents contents) override;
  absl::Status Apply(const passpersist::Changes& changes) override;
  size_t ApproximateMemory() const override;

 private:
  class MapSnapshot;
  class MapIterator;

  std::shared_ptr<const MapSnapshot> newest() const;
  void Publish(std::shared_ptr<MapSnapshot> next);

  std::mutex writer_;         // held for a whole write
  mutable std::mutex mutex_;  // held for the copy of a pointer
  std::shared_ptr<const MapSnapshot> newest_;
};

#endif  // EXAMPLES_SORTED_MAP_STORE_H_
