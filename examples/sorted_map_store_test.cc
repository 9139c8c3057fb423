// SPDX-License-Identifier: Apache-2.0

#include "examples/sorted_map_store.h"

#include <memory>

#include "gtest/gtest.h"
#include "store/testing/store_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

INSTANTIATE_TEST_SUITE_P(SortedMapStore, StoreConformanceTest,
                         testing::Values([] {
                           return std::make_unique<SortedMapStore>();
                         }));

}  // namespace
}  // namespace passpersist_testing
