// SPDX-License-Identifier: Apache-2.0

// Here because passpersist/ does not depend on store/.

#include "passpersist/testing/fake_store.h"

#include "gtest/gtest.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

INSTANTIATE_TEST_SUITE_P(FakeStore, StoreConformanceTest,
                         testing::Values(FakeStore::Factory()));

}  // namespace
}  // namespace passpersist_testing
