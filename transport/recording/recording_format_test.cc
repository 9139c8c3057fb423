// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/recording_format.h"

#include <string>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace passpersist::transport_internal {
namespace {

std::string Entry(absl::string_view message) {
  std::string entry;
  AppendRecordingEntry(message, &entry);
  return entry;
}

// The CRC-32C of "123456789" is 0xe3069283 (RFC 3720 has further examples);
// masked, 0xc78ab0e5.
TEST(RecordingFormatTest, IsThatOfTfRecord) {
  EXPECT_EQ(Entry("123456789"),
            absl::string_view("\x09\0\0\0\0\0\0\0\x37\xf9\x71\x39"
                              "123456789\xe5\xb0\x8a\xc7",
                              25));
}

TEST(RecordingFormatTest, EntriesFollowEachOther) {
  const std::string bytes = Entry("one") + Entry("") + Entry("three");
  absl::string_view rest = bytes;
  absl::string_view message;
  for (const char* const text : {"one", "", "three"}) {
    EXPECT_TRUE(TakeRecordingEntry(&rest, &message).value());
    EXPECT_EQ(message, text);
  }
  EXPECT_FALSE(TakeRecordingEntry(&rest, &message).value());
}

}  // namespace
}  // namespace passpersist::transport_internal
