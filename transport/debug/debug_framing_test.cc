// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_framing.h"

#include <sstream>
#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/delimited_message_util.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::HasSubstr;

constexpr size_t kLimit = 1000;

// Returns a message of `size` bytes, whose header has three bytes.
debug::Status MessageOf(size_t size) {
  debug::Status message;
  message.set_message(std::string(size - 3, 'x'));
  EXPECT_EQ(message.ByteSizeLong(), size);
  return message;
}

TEST(DebugFramingTest, WritesWhatProtobufWrites) {
  for (const size_t size : {131, 300, 16383, 16384, 70000}) {
    debug::Status message;
    message.set_message(std::string(size, 'x'));
    std::ostringstream expected;
    google::protobuf::util::SerializeDelimitedToOstream(message, &expected);
    std::string frame = "before";
    AppendFrame(message, &frame);
    EXPECT_EQ(frame, "before" + expected.str()) << size;
  }
}

TEST(DebugFramingTest, TakesAFrameAndNothingAfterIt) {
  std::string bytes;
  AppendFrame(MessageOf(300), &bytes);
  AppendFrame(debug::Status(), &bytes);
  absl::string_view in = bytes;
  absl::string_view message;
  EXPECT_TRUE(TakeFrame(kLimit, &in, &message).value());
  EXPECT_EQ(message, MessageOf(300).SerializeAsString());
  EXPECT_EQ(in.size(), 1);
  EXPECT_TRUE(TakeFrame(kLimit, &in, &message).value());
  EXPECT_EQ(message, "");
  EXPECT_FALSE(TakeFrame(kLimit, &in, &message).value());
}

TEST(DebugFramingTest, TakesNothingBeforeTheLastByteArrives) {
  std::string bytes;
  AppendFrame(MessageOf(300), &bytes);
  for (size_t size = 0; size < bytes.size(); ++size) {
    absl::string_view in = absl::string_view(bytes).substr(0, size);
    absl::string_view message;
    EXPECT_FALSE(TakeFrame(kLimit, &in, &message).value()) << size;
    EXPECT_EQ(in.size(), size);
  }
}

TEST(DebugFramingTest, RefusesALengthAboveTheLimitBeforeTheMessageComes) {
  std::string bytes;
  AppendFrame(MessageOf(kLimit + 1), &bytes);
  absl::string_view in = absl::string_view(bytes).substr(0, 2);
  absl::string_view message;
  EXPECT_THAT(TakeFrame(kLimit, &in, &message),
              StatusIs(absl::StatusCode::kOutOfRange,
                       "a message of 1001 bytes, of which 1000 are allowed"));
  EXPECT_EQ(in.size(), 2);
  EXPECT_THAT(TakeFrame(kLimit + 1, &in, &message), IsOk());
}

TEST(DebugFramingTest, RefusesALengthOfMoreThan32Bits) {
  const std::string bytes(5, '\xff');
  absl::string_view message;
  for (size_t size = 0; size < 5; ++size) {
    absl::string_view in = absl::string_view(bytes).substr(0, size);
    EXPECT_FALSE(TakeFrame(kLimit, &in, &message).value()) << size;
  }
  absl::string_view in = bytes;
  EXPECT_THAT(TakeFrame(kLimit, &in, &message),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("more than 32 bits")));
  EXPECT_EQ(in.size(), 5);
}

}  // namespace
}  // namespace passpersist
