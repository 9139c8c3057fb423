// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_responses.h"

#include <cctype>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist {
namespace {

using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using passpersist_testing::Text;
using testing::IsEmpty;

TEST(DebugResponsesTest, BindingsGoBothWays) {
  Response response;
  response.bindings = {{{1, 3}, Integer32{5}},
                       {{1, 4}, Exception::kEndOfMibView}};
  debug::Response proto;
  ToProto(response, &proto);
  const std::string text =
      "bindings { oid: '.1.3' integer: 5 } "
      "bindings { oid: '.1.4' exception: END_OF_MIB_VIEW }";
  EXPECT_THAT(proto, IsMessage(text));
  Response read;
  read.error = ErrorStatus::kBadValue;
  read.bindings.resize(3);
  read.instance_info.resize(3);
  ASSERT_THAT(FromProto(proto, &read), IsOk());
  EXPECT_EQ(Text(read), Text(response));
  EXPECT_THAT(read.instance_info, IsEmpty());
}

TEST(DebugResponsesTest, ADumpGoesBothWays) {
  Response response;
  response.bindings = {{{1, 3, 1}, Integer32{5}}, {{1, 3, 2}, Gauge32{6}}};
  response.instance_info.resize(2);
  response.instance_info[0] = {"a \xff", {1, 3}, true, absl::Seconds(2)};
  debug::Response proto;
  ToProto(response, &proto);
  EXPECT_THAT(proto, IsMessage(R"(
    entries {
      binding { oid: '.1.3.1' integer: 5 }
      label: 'a \357\277\275'
      root: '.1.3'
      computed: true
      age { seconds: 2 }
    }
    entries { binding { oid: '.1.3.2' gauge32: 6 } }
  )"));
  Response read;
  ASSERT_THAT(FromProto(proto, &read), IsOk());
  EXPECT_EQ(Text(read), Text(response));
  ASSERT_EQ(read.instance_info.size(), 2);
  EXPECT_EQ(read.instance_info[0].label, "a \xef\xbf\xbd");
  EXPECT_EQ(read.instance_info[0].root, (Oid{1, 3}));
  EXPECT_TRUE(read.instance_info[0].computed);
  EXPECT_EQ(read.instance_info[0].age, absl::Seconds(2));
  EXPECT_EQ(read.instance_info[1].age, std::nullopt);
}

// "wrongType" is WRONG_TYPE.
TEST(DebugResponsesTest, ErrorsHaveTheNamesOfTheStandard) {
  for (int number = 0; number <= 18; ++number) {
    Response response;
    response.error = static_cast<ErrorStatus>(number);
    response.error_index = 2;
    debug::Response proto;
    ToProto(response, &proto);
    EXPECT_EQ(proto.error_index(), 2);
    std::string name;
    for (const char c : ErrorStatusName(response.error)) {
      if (std::isupper(c)) name.push_back('_');
      name.push_back(static_cast<char>(std::toupper(c)));
    }
    EXPECT_EQ(debug::ErrorStatus_Name(proto.error()), name);
    Response read;
    ASSERT_THAT(FromProto(proto, &read), IsOk());
    EXPECT_EQ(Text(read), Text(response));
  }
  EXPECT_FALSE(debug::ErrorStatus_IsValid(19));
}

TEST(DebugResponsesTest, AnErrorOfALaterStandardIsGenErr) {
  Response response;
  ASSERT_THAT(FromProto(FromText<debug::Response>("error: 300"), &response),
              IsOk());
  EXPECT_EQ(response.error, ErrorStatus::kGenErr);
}

TEST(DebugResponsesTest, AnInvalidBindingIsReported) {
  Response response;
  EXPECT_THAT(
      FromProto(FromText<debug::Response>("bindings { oid: '.1' }"), &response),
      StatusIs(absl::StatusCode::kInvalidArgument,
               ".1: no value, or a value of an unknown type"));
  EXPECT_THAT(
      FromProto(FromText<debug::Response>("entries { }"), &response),
      StatusIs(absl::StatusCode::kInvalidArgument, "value without a name"));
}

}  // namespace
}  // namespace passpersist
