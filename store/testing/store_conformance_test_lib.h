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

// What every OidStore does, as tests. A store of your own passes them by
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
// in a cc_test with the dependencies
//
//   "//store:store_conformance_test_lib",
//   "@com_google_googletest//:gtest_main",
//
// The parameter makes an empty store; each test makes its own, a few make
// several. A store that lives in a file or a server makes each one a place of
// its own, and may clear that up when it is destroyed: that snapshots outlive
// the store is part of the contract.
//
// The oracle is a std::map; that of the random tests prints its seed. Run the
// suite under the address and the thread sanitizer too: what the tests with
// several threads provoke, those make visible.
class StoreConformanceTest
    : public testing::TestWithParam<passpersist::StoreFactory> {
 protected:
  StoreConformanceTest() : store_(GetParam()()) {}

  // Replaces everything by `rows`; a failure if the store refuses.
  void Replace(const std::vector<StoreRow>& rows);

  // The same with values made from the names, so that each has its own.
  void ReplaceNames(const std::vector<passpersist::Oid>& suffixes);

  void Apply(const passpersist::Changes& changes);

  std::vector<StoreRow> Rows() const { return ReadRows(*store_->snapshot()); }
  std::vector<passpersist::Oid> Names() const;

  // An iterator over the newest snapshot.
  std::unique_ptr<passpersist::Iterator> NewIterator() const {
    return store_->snapshot()->NewIterator();
  }

  std::unique_ptr<passpersist::OidStore> store_;
};

}  // namespace passpersist_testing

#endif  // STORE_TESTING_STORE_CONFORMANCE_TEST_LIB_H_
