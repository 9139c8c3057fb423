// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/inet_address.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;
using testing::HasSubstr;

constexpr absl::string_view kLinkLocal(
    "\xfe\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01", 16);

TEST(InetAddressTest, ParsesAddressesWithAndWithoutAZone) {
  const InetAddress ipv4 = {InetAddressType::kIpv4, "\x0a\x01\x02\x03"};
  EXPECT_EQ(InetAddress::Parse("10.1.2.3").value(), ipv4);
  EXPECT_EQ(InetAddress::Parse("10.1.2.3%259").value(),
            (InetAddress{InetAddressType::kIpv4z,
                         ipv4.bytes + std::string("\x00\x00\x01\x03", 4)}));
  EXPECT_EQ(InetAddress::Parse("fe80::1").value(),
            (InetAddress{InetAddressType::kIpv6, std::string(kLinkLocal)}));
  EXPECT_EQ(InetAddress::Parse("fe80::1%4294967295").value(),
            (InetAddress{InetAddressType::kIpv6z,
                         std::string(kLinkLocal) + "\xff\xff\xff\xff"}));
}

TEST(InetAddressTest, RefusesOtherTexts) {
  const std::vector<std::string> texts = {
      "",      "host.example", "10.1.2",      "10.1.2.3%",
      "fe80:", "fe80::1%eth0", "fe80::1%1%1", "10.1.2.3%4294967296",
      ":",     "fe80::1%+1",   " fe80::1",    "1:2:3:4:5:6:7:8:9",
      "%1",    "fe80::1 ",     {"::1\0", 4}};
  for (const std::string& text : texts) {
    EXPECT_THAT(InetAddress::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr("invalid InetAddress \"")))
        << text;
  }
}

TEST(InetAddressTest, TakesTheBytesOfASocketAddress) {
  EXPECT_EQ(InetAddress::FromBytes("abcd").value(),
            (InetAddress{InetAddressType::kIpv4, "abcd"}));
  EXPECT_EQ(InetAddress::FromBytes(kLinkLocal).value(),
            (InetAddress{InetAddressType::kIpv6, std::string(kLinkLocal)}));
  EXPECT_THAT(InetAddress::FromBytes("abcde"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "an IP address has 4 or 16 bytes, not the 5 of "
                       "\"abcde\""));
}

TEST(InetAddressTest, KnowsTheSizesOfEachType) {
  for (size_t size = 0; size < 300; ++size) {
    SCOPED_TRACE(size);
    using Type = InetAddressType;
    EXPECT_EQ(InetAddress::IsSizeOf(Type::kUnknown, size), size <= 255);
    EXPECT_EQ(InetAddress::IsSizeOf(Type::kIpv4, size), size == 4);
    EXPECT_EQ(InetAddress::IsSizeOf(Type::kIpv6, size), size == 16);
    EXPECT_EQ(InetAddress::IsSizeOf(Type::kIpv4z, size), size == 8);
    EXPECT_EQ(InetAddress::IsSizeOf(Type::kIpv6z, size), size == 20);
    EXPECT_EQ(InetAddress::IsSizeOf(Type::kDns, size),
              size >= 1 && size <= 255);
    EXPECT_FALSE(InetAddress::IsSizeOf(static_cast<Type>(5), size));
  }
}

TEST(InetAddressTest, EqualAddressesHaveTheSameTypeAndBytes) {
  const InetAddress address = {InetAddressType::kIpv4, "abcd"};
  EXPECT_EQ(address, (InetAddress{InetAddressType::kIpv4, "abcd"}));
  EXPECT_NE(address, (InetAddress{InetAddressType::kDns, "abcd"}));
  EXPECT_NE(address, (InetAddress{InetAddressType::kIpv4, "abce"}));
}

}  // namespace
}  // namespace passpersist
