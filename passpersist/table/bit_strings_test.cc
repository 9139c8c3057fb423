// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/bit_strings.h"

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;

enum class Flag { kFirst = 0, kEighth = 7, kNinth = 8, kTwentieth = 19 };

TEST(BitsTest, SetsTheBitOfEachEnumeratorFromTheMostSignificant) {
  EXPECT_EQ(MakeBits(std::vector<Flag>()).value(), OctetString());
  EXPECT_EQ(MakeBits(std::vector<Flag>{Flag::kFirst}).value(),
            OctetString{"\x80"});
  EXPECT_EQ(MakeBits(std::vector<Flag>{Flag::kNinth, Flag::kEighth}).value(),
            OctetString{"\x01\x80"});
  EXPECT_EQ(MakeBits(std::set<Flag>{Flag::kTwentieth, Flag::kFirst}).value(),
            (OctetString{{"\x80\x00\x10", 3}}));
  EXPECT_EQ(MakeBits(std::vector<uint8_t>{1, 15}).value(),
            OctetString::FromBits({1, 15}));
}

TEST(BitsTest, RefusesABitThatNoValueHas) {
  EXPECT_EQ(MakeBits(std::vector<int>{524279})->bytes.size(), 65535u);
  EXPECT_THAT(MakeBits(std::vector<int>{1, 524280}),
              StatusIs(absl::StatusCode::kOutOfRange,
                       "bit 524280 is not in 0..524279"));
  EXPECT_THAT(
      MakeBits(std::vector<int>{-1}),
      StatusIs(absl::StatusCode::kOutOfRange, "bit -1 is not in 0..524279"));
}

TEST(PortListTest, HasTheRequestedOctetsAndBeginsWithPort1) {
  EXPECT_EQ(MakePortList(std::vector<int>(), 2).value(),
            (OctetString{std::string(2, '\0')}));
  EXPECT_EQ(MakePortList(std::set<uint64_t>{1, 8, 9, 16}, 3).value(),
            (OctetString{{"\x81\x81\x00", 3}}));
}

TEST(PortListTest, RefusesAPortThatHasNoBit) {
  EXPECT_THAT(MakePortList(std::vector<int>{0}, 1),
              StatusIs(absl::StatusCode::kOutOfRange, "port 0 is not in 1..8"));
  EXPECT_THAT(MakePortList(std::vector<int>{8, 9}, 1),
              StatusIs(absl::StatusCode::kOutOfRange, "port 9 is not in 1..8"));
}

}  // namespace
}  // namespace passpersist
