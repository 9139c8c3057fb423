// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/message_text.h"

#include <string>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"
#include "gtest/gtest.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::FromText;
using passpersist_testing::IsMessage;

constexpr char kEntry[] =
    "binding { oid: '.1.3' octet_string: '\\000\\n\"' } label: 'a\\nb' "
    "age { seconds: 1 nanos: 500000000 }";

TEST(MessageTextTest, JsonIsOneLineWithTheFieldNamesOfTheProto) {
  EXPECT_EQ(MessageLine(FromText<debug::DumpEntry>(kEntry), Format::kJson),
            "{\"binding\":{\"oid\":\".1.3\",\"octet_string\":\"AAoi\"},"
            "\"label\":\"a\\nb\",\"age\":\"1.500s\"}\n");
}

TEST(MessageTextTest, JsonCanBeReadBack) {
  debug::DumpEntry entry;
  ASSERT_TRUE(
      google::protobuf::util::JsonStringToMessage(
          MessageLine(FromText<debug::DumpEntry>(kEntry), Format::kJson),
          &entry)
          .ok());
  EXPECT_THAT(entry, IsMessage(kEntry));
}

TEST(MessageTextTest, TextFormatIsOneLineThatCanBeReadBack) {
  const std::string line =
      MessageLine(FromText<debug::DumpEntry>(kEntry), Format::kTextProto);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_THAT(FromText<debug::DumpEntry>(line), IsMessage(kEntry));
}

TEST(MessageTextTest, AnEmptyMessageIsALineToo) {
  EXPECT_EQ(MessageLine(debug::Response(), Format::kJson), "{}\n");
  EXPECT_EQ(MessageLine(debug::Response(), Format::kTextProto), "\n");
}

TEST(MessageTextTest, NamesTheFieldOfAOneof) {
  EXPECT_EQ(OneofField(FromText<debug::Request>("get_next { }"), "operation"),
            "get_next");
  EXPECT_EQ(OneofField(debug::Request(), "operation"), "");
}

TEST(MessageTextTest, TheFormatIsAFlag) {
  for (const Format format :
       {Format::kText, Format::kJson, Format::kTextProto}) {
    Format parsed;
    std::string error;
    EXPECT_TRUE(AbslParseFlag(AbslUnparseFlag(format), &parsed, &error));
    EXPECT_EQ(parsed, format);
  }
  Format format;
  std::string error;
  EXPECT_FALSE(AbslParseFlag("xml", &format, &error));
  EXPECT_EQ(error, "text, json or textproto");
}

}  // namespace
}  // namespace passpersist::tool
