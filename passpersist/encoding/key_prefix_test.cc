// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/key_prefix.h"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/oid.h"

namespace passpersist::internal {
namespace {

TEST(KeyPrefixTest, IsTheFirstEightBytesOfAKey) {
  EXPECT_EQ(KeyPrefix(Oid().arcs()), 0u);
  EXPECT_EQ(KeyPrefix(Oid({1, 2, 3}).arcs()), 0x0102030000000000u);
  EXPECT_EQ(KeyPrefix(Oid({1, 2, 3, 4, 5, 6, 7, 8, 9}).arcs()),
            0x0102030405060708u);
}

TEST(KeyPrefixTest, IsEqualForAnOidAndItsKeyAndKeepsTheirOrder) {
  constexpr uint32_t kMaxArc = std::numeric_limits<uint32_t>::max();
  const std::vector<uint32_t> arcs = {0, 1, 247, 248, 1272, 66808, kMaxArc};
  std::mt19937 random(1);
  Oid last;
  for (int i = 0; i < 10000; ++i) {
    Oid name;
    const size_t size = random() % 12;
    while (name.size() < size) name.Append(arcs[random() % arcs.size()]);
    const uint64_t prefix = KeyPrefix(name.arcs());
    ASSERT_EQ(KeyPrefix(EncodedOid(name).bytes()), prefix) << name;
    const uint64_t last_prefix = KeyPrefix(last.arcs());
    ASSERT_TRUE(prefix == last_prefix ||
                (prefix < last_prefix) == (name < last))
        << name;
    last = name;
  }
}

}  // namespace
}  // namespace passpersist::internal
