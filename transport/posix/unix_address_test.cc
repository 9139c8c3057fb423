// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/unix_address.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist_testing {
namespace {

using passpersist::transport_internal::UnixAddress;
using testing::EndsWith;
using testing::StartsWith;

TEST(UnixAddressTest, IsThePathAndAZeroByte) {
  for (const std::string& path : {std::string("x"), std::string(107, 'x')}) {
    const auto address = UnixAddress::FromPath(path);
    ASSERT_THAT(address, IsOk());
    const auto& raw = *reinterpret_cast<const sockaddr_un*>(address->get());
    EXPECT_EQ(raw.sun_family, AF_UNIX);
    EXPECT_EQ(raw.sun_path, path);
  }
}

TEST(UnixAddressTest, RefusesAPathThatIsTooLong) {
  const std::string path(108, 'x');
  EXPECT_THAT(UnixAddress::FromPath(path),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "path of 108 bytes is too long for a socket, which can "
                       "have 107: " +
                           path));
}

TEST(UnixAddressTest, RefusesAPathThatNamesNoFile) {
  EXPECT_THAT(
      UnixAddress::FromPath(""),
      StatusIs(absl::StatusCode::kInvalidArgument, "empty path of a socket"));
  EXPECT_THAT(UnixAddress::FromPath(std::string("\0abstract", 9)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       EndsWith("the path \\x00\\x61\\x62stract")));
  EXPECT_THAT(
      UnixAddress::FromPath(std::string("a\0b", 3)),
      StatusIs(absl::StatusCode::kInvalidArgument, StartsWith("zero byte")));
}

}  // namespace
}  // namespace passpersist_testing
