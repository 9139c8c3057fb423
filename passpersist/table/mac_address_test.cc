// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/mac_address.h"

#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;
using testing::HasSubstr;

constexpr std::array<uint8_t, 6> kOctets = {0x00, 0x1b, 0x21, 0x3c, 0xff, 0x5e};

TEST(MacAddressTest, ParsesPairsOfHexDigitsWithAndWithoutSeparators) {
  for (const absl::string_view text :
       {"00:1b:21:3c:ff:5e", "00-1B-21-3C-FF-5E", "001b213cff5e"}) {
    EXPECT_EQ(MacAddress::Parse(text).value(), MacAddress{kOctets}) << text;
  }
}

TEST(MacAddressTest, RefusesAnotherTextOrSize) {
  EXPECT_THAT(MacAddress::Parse("00:1b:21:3c:ff"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a MacAddress has 6 bytes, not the 5 of")));
  EXPECT_THAT(MacAddress::Parse("00:1b:21:3c:ff:5g"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("5g")));
  EXPECT_THAT(MacAddress::FromBytes("seven b"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "a MacAddress has 6 bytes, not the 7 of \"seven b\""));
}

TEST(MacAddressTest, TakesTheBytesOfASocketAddress) {
  EXPECT_EQ(MacAddress::FromBytes("abcdef").value(),
            (MacAddress{{'a', 'b', 'c', 'd', 'e', 'f'}}));
  EXPECT_NE(MacAddress::FromBytes("abcdef").value(), MacAddress());
}

}  // namespace
}  // namespace passpersist
