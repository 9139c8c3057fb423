// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/oid_less.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/inet_address.h"

namespace passpersist {
namespace {

using testing::ElementsAre;
using testing::Key;

TEST(OidLessTest, OrdersAStdMapAsAWalkDoes) {
  const std::map<std::string, int, OidLess<std::string>> map = {
      {"aa", 1}, {"b", 2}, {"", 3}, {"\xff", 4}};
  EXPECT_THAT(map, ElementsAre(Key(""), Key("b"), Key("\xff"), Key("aa")));
}

TEST(OidLessTest, OrdersABtreeMapAsAWalkDoes) {
  using Index = std::tuple<int, std::string, ImpliedString>;
  using Tuple = std::tuple<int, std::string, std::string>;
  const absl::btree_map<Tuple, int, OidLess<Index>> map = {
      {{2, "", "a"}, 1},
      {{1, "aa", "b"}, 2},
      {{1, "aa", "ab"}, 3},
      {{1, "b", "c"}, 4},
  };
  EXPECT_THAT(map,
              ElementsAre(Key(Tuple(1, "b", "c")), Key(Tuple(1, "aa", "ab")),
                          Key(Tuple(1, "aa", "b")), Key(Tuple(2, "", "a"))));
}

TEST(OidLessTest, SortsAVectorAsAWalkDoes) {
  const Oid one_arc = {7};
  const Oid two_arcs = {6, 9};
  std::vector<Oid> oids = {two_arcs, one_arc};
  std::sort(oids.begin(), oids.end(), OidLess<Oid>());
  EXPECT_THAT(oids, ElementsAre(one_arc, two_arcs));
  std::sort(oids.begin(), oids.end(), OidLess<ImpliedOid>());
  EXPECT_THAT(oids, ElementsAre(two_arcs, one_arc));
}

TEST(OidLessTest, OrdersInetAddressesByTypeThenByLength) {
  std::vector<InetAddress> addresses = {{InetAddressType::kDns, "b"},
                                        {InetAddressType::kDns, "aa"},
                                        {InetAddressType::kIpv6, ""},
                                        {InetAddressType::kIpv4, "zzzz"},
                                        {InetAddressType::kUnknown, ""}};
  const std::vector<InetAddress> sorted = {
      addresses[4], addresses[3], addresses[2], addresses[0], addresses[1]};
  std::sort(addresses.begin(), addresses.end(), OidLess<InetAddress>());
  EXPECT_EQ(addresses, sorted);
}

// A type of the application without Compare(): odd numbers have no encoding.
struct Even {
  int number = 0;
};

}  // namespace

template <>
struct IndexPart<Even> : IndexPartBase<Even, 1> {
  static absl::Status Encode(const Even& even, Oid* out) {
    out->Append(static_cast<uint32_t>(even.number));
    if (even.number % 2 == 0) return absl::OkStatus();
    return absl::InvalidArgumentError("odd");
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, Even* even) {
    return IndexPart<int>::Decode(arcs, &even->number);
  }
};

namespace {

TEST(OidLessTest, OrdersATypeWithoutCompareByItsEncodings) {
  const OidLess<Even> less;
  EXPECT_TRUE(less(Even{2}, Even{4}));
  EXPECT_FALSE(less(Even{4}, Even{2}));
  EXPECT_FALSE(less(Even{2}, Even{2}));
}

TEST(OidLessTest, ValuesWithoutAnEncodingAreEquivalentAndComeFirst) {
  const OidLess<Even> less;
  EXPECT_TRUE(less(Even{5}, Even{2}));
  EXPECT_FALSE(less(Even{2}, Even{5}));
  EXPECT_FALSE(less(Even{5}, Even{7}));
  EXPECT_FALSE(less(Even{7}, Even{5}));
}

}  // namespace
}  // namespace passpersist
