// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/fake_transport.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist_testing {
namespace {

using testing::_;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr absl::Duration kForever = absl::InfiniteDuration();

TEST(FakeTransportTest, EachReadReturnsItsPartOfTheScriptThenTheEnd) {
  std::vector<std::string> writes;
  FakeTransport transport({"one", "three"}, &writes);
  std::string buffer = "zero ";
  EXPECT_EQ(transport.Read(&buffer, kForever).value(), 3u);
  EXPECT_EQ(buffer, "zero one");
  EXPECT_EQ(transport.Read(&buffer, absl::ZeroDuration()).value(), 5u);
  EXPECT_EQ(buffer, "zero onethree");
  EXPECT_EQ(transport.Read(&buffer, kForever).value(), 0u);
  EXPECT_EQ(transport.Read(&buffer, kForever).value(), 0u);
  EXPECT_EQ(buffer, "zero onethree");
}

TEST(FakeTransportTest, AnEmptyElementExceedsAFiniteTimeout) {
  std::vector<std::string> writes;
  FakeTransport transport({"", "one"}, &writes);
  std::string buffer;
  EXPECT_THAT(transport.Read(&buffer, absl::Seconds(1)),
              StatusIs(absl::StatusCode::kDeadlineExceeded, _));
  EXPECT_EQ(buffer, "");
  EXPECT_EQ(transport.Read(&buffer, absl::Seconds(1)).value(), 3u);
}

TEST(FakeTransportTest, AnEmptyElementIsAnErrorWithoutATimeout) {
  std::vector<std::string> writes;
  FakeTransport transport({""}, &writes);
  std::string buffer;
  EXPECT_THAT(transport.Read(&buffer, kForever),
              StatusIs(absl::StatusCode::kFailedPrecondition, _));
}

TEST(FakeTransportTest, RecordsEachWriteSeparately) {
  std::vector<std::string> writes;
  FakeTransport transport({}, &writes);
  EXPECT_THAT(transport.Write("one"), IsOk());
  EXPECT_THAT(transport.Write("two"), IsOk());
  EXPECT_THAT(writes, ElementsAre("one", "two"));
}

TEST(FakeTransportTest, IsCancelledAfterShutdown) {
  std::vector<std::string> writes;
  FakeTransport transport({"one"}, &writes);
  transport.Shutdown();
  transport.Shutdown();
  std::string buffer;
  EXPECT_THAT(transport.Read(&buffer, kForever),
              StatusIs(absl::StatusCode::kCancelled, _));
  EXPECT_THAT(transport.Write("one"),
              StatusIs(absl::StatusCode::kCancelled, _));
  EXPECT_EQ(buffer, "");
  EXPECT_THAT(writes, IsEmpty());
}

}  // namespace
}  // namespace passpersist_testing
