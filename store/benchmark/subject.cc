// SPDX-License-Identifier: Apache-2.0

#include "store/benchmark/subject.h"

#include <memory>
#include <vector>

#include "store/benchmark/map_subject.h"
#include "store/benchmark/store_subject.h"
#include "store/btree_store.h"
#include "store/trie_store.h"

namespace passpersist::benchmark {

std::vector<std::unique_ptr<Subject>> MakeSubjects() {
  std::vector<std::unique_ptr<Subject>> subjects;
  subjects.push_back(std::make_unique<MapSubject>());
  subjects.push_back(
      std::make_unique<StoreSubject>("BtreeStore", BtreeStore::Factory()));
  subjects.push_back(
      std::make_unique<StoreSubject>("TrieStore", TrieStore::Factory()));
  return subjects;
}

}  // namespace passpersist::benchmark
