// SPDX-License-Identifier: Apache-2.0

#include "infra/flat_store/flat_store.h"

#include "gtest/gtest.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

INSTANTIATE_TEST_SUITE_P(FlatStore, StoreConformanceTest,
                         testing::Values(acme::FlatStore::Factory()));

}  // namespace
}  // namespace passpersist_testing
