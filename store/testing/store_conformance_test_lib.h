// SPDX-License-Identifier: Apache-2.0

#ifndef STORE_TESTING_STORE_CONFORMANCE_TEST_LIB_H_
#define STORE_TESTING_STORE_CONFORMANCE_TEST_LIB_H_

#include <initializer_list>
#include <memory>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "store/testing/store_conformance_model.h"

namespace passpersist_testing {

// The contract of OidStore as tests. To run them on your own store, write
//
//   #include "store/testing/store_conformance_test_lib.h"
//
//   namespace passpersist_testing {
//   namespace {
//
//   INSTANTIATE_TEST_SUITE_P(LmdbStore, StoreConformanceTest,
//                            testing::Values([] {
//                              return std::make_unique<LmdbStore>();
//                            }));
//
//   }  // namespace
//   }  // namespace passpersist_testing
//
// in a cc_test with these dependencies:
//
//   "//store:store_conformance_test_lib",
//   "@com_google_googletest//:gtest_main",
//
// The parameter makes an empty store. Each test makes its own store, a few make
// several. A store in a file or on a server has to use a separate location for
// each of them, and may delete it when the store is destroyed. Snapshots
// outlive the store: this is part of the contract.
//
// The expected behaviour is that of a std::map; the random tests print their
// seed. Run the suite under the address and the thread sanitizer too: they
// detect errors that the tests with several threads provoke.
class StoreConformanceTest
    : public testing::TestWithParam<passpersist::StoreFactory> {
 protected:
  StoreConformanceTest() : store_(GetParam()()) {}

  // Replaces all entries by `rows`. A test failure if the store returns an
  // error.
  void Replace(const std::vector<StoreRow>& rows);

  // The same with a different value for each suffix.
  void ReplaceSuffixes(const std::vector<passpersist::Oid>& suffixes);

  void Apply(const passpersist::Changes& changes);

  std::vector<StoreRow> Rows() const { return ReadRows(*store_->snapshot()); }
  std::vector<passpersist::Oid> Suffixes() const;

  // Contents of a strict subtree: any error fails Replace().
  static passpersist::Contents StrictContents();

  // An iterator over the newest snapshot.
  std::unique_ptr<passpersist::Iterator> NewIterator() const {
    return store_->snapshot()->NewIterator();
  }

  std::unique_ptr<passpersist::OidStore> store_;
};

}  // namespace passpersist_testing

#endif  // STORE_TESTING_STORE_CONFORMANCE_TEST_LIB_H_
