// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_values.h"

#include <string>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist {
namespace {

using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::HasSubstr;

// Returns the binding that `text`, a debug::VarBind, is converted to.
absl::StatusOr<ResponseVarBind> Read(const std::string& text) {
  ResponseVarBind binding = {{9, 9}, Counter32{9}};
  const absl::Status status =
      FromProto(FromText<debug::VarBind>(text), &binding);
  if (!status.ok()) return status;
  return binding;
}

TEST(DebugValuesTest, EachValueHasAFieldOfItsOwn) {
  const struct {
    ValueOrException value;
    const char* text;
  } kCases[] = {
      {Integer32{-5}, "integer: -5"},
      {Counter32{0xffffffff}, "counter32: 4294967295"},
      {Counter64{0xffffffffffffffff}, "counter64: 18446744073709551615"},
      {Gauge32{0}, "gauge32: 0"},
      {TimeTicks{100}, "time_ticks: 100"},
      {IpAddress{{10, 1, 2, 255}}, "ip_address: '10.1.2.255'"},
      {ObjectIdentifier{{1, 3, 6}}, "object_identifier: '.1.3.6'"},
      {ObjectIdentifier{}, "object_identifier: ''"},
      {OctetString{std::string("\0\xff", 2)}, "octet_string: '\\0\\377'"},
      {Opaque::FromFloat(1.5f), "opaque: '\\237x\\004?\\300\\0\\0'"},
      {Exception::kNoSuchObject, "exception: NO_SUCH_OBJECT"},
      {Exception::kNoSuchInstance, "exception: NO_SUCH_INSTANCE"},
      {Exception::kEndOfMibView, "exception: END_OF_MIB_VIEW"},
  };
  for (const auto& test_case : kCases) {
    const std::string text = std::string("oid: '.1.3' ") + test_case.text;
    const ResponseVarBind binding = {{1, 3}, test_case.value};
    debug::VarBind proto;
    ToProto(binding, &proto);
    EXPECT_THAT(proto, IsMessage(text));
    EXPECT_EQ(Read(text).value(), binding) << text;
  }
}

TEST(DebugValuesTest, AnInvalidBindingIsReported) {
  EXPECT_THAT(Read("integer: 1"), StatusIs(absl::StatusCode::kInvalidArgument,
                                           "value without a name"));
  EXPECT_THAT(Read("oid: '1.x' integer: 1"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("\"1.x\": not a digit")));
  EXPECT_THAT(Read("oid: '.1.3'"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ".1.3: no value, or a value of an unknown type"));
  EXPECT_THAT(
      Read("oid: '.1.3' ip_address: '10.1.2.256'"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("10.1.2.256")));
  EXPECT_THAT(Read("oid: '.1.3' object_identifier: 'x'"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("invalid OID \"x\"")));
  EXPECT_THAT(Read("oid: '.1.3' exception: 131"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       ".1.3: unknown exception 131"));
}

TEST(DebugValuesTest, DoesNotQuoteATextLongerThanAnyOid) {
  Oid oid;
  EXPECT_THAT(FromProto(std::string(1 << 20, 'x'), &oid),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "too long for an OID: 1048576 characters"));
  std::string longest;
  for (size_t i = 0; i < Oid::kMaxArcs; ++i) longest += ".4294967295";
  EXPECT_THAT(FromProto(longest, &oid), IsOk());
  EXPECT_EQ(ToProto(oid), longest);
}

TEST(DebugValuesTest, ARangeMayHaveNoBounds) {
  const SearchRange bounded = {{1, 3}, true, {1, 4}};
  debug::SearchRange proto;
  ToProto(bounded, &proto);
  EXPECT_THAT(proto, IsMessage("start: '.1.3' inclusive: true end: '.1.4'"));
  SearchRange range;
  ASSERT_THAT(FromProto(proto, &range), IsOk());
  EXPECT_EQ(range.start, bounded.start);
  EXPECT_TRUE(range.inclusive);
  EXPECT_EQ(range.end, bounded.end);

  proto.Clear();
  ToProto(SearchRange(), &proto);
  EXPECT_THAT(proto, IsMessage(""));
  ASSERT_THAT(FromProto(proto, &range), IsOk());
  EXPECT_EQ(range.start, Oid());
  EXPECT_FALSE(range.inclusive);
  EXPECT_EQ(range.end, Oid());
}

TEST(DebugValuesTest, Utf8TextIsUnchanged) {
  for (const std::string text :
       {"", "eth0", "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
        "\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf",
        "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf"}) {
    EXPECT_EQ(ToUtf8(text), text);
  }
  EXPECT_EQ(ToUtf8(std::string("a\0b", 3)), std::string("a\0b", 3));
}

TEST(DebugValuesTest, EachByteThatIsNotUtf8IsReplaced) {
  const std::string mark = "\xef\xbf\xbd";
  EXPECT_EQ(ToUtf8("a\xff\x80z"), "a" + mark + mark + "z");
  EXPECT_EQ(ToUtf8("\xc3("
                   "\xe2\x82"),
            mark + "(" + mark + mark);
  // Overlong forms, surrogates, characters above U+10FFFF.
  for (const char* const text : {"\xc0\x80", "\xc1\xbf"}) {
    EXPECT_EQ(ToUtf8(text), mark + mark);
  }
  for (const char* const text : {"\xe0\x9f\xbf", "\xed\xa0\x80"}) {
    EXPECT_EQ(ToUtf8(text), mark + mark + mark);
  }
  for (const char* const text :
       {"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80"}) {
    EXPECT_EQ(ToUtf8(text), mark + mark + mark + mark);
  }
}

TEST(DebugValuesTest, DurationsAndTimesAreExact) {
  for (const absl::Duration duration :
       {absl::ZeroDuration(), absl::Nanoseconds(1), absl::Milliseconds(1500),
        -absl::Milliseconds(1500), absl::Hours(24 * 365)}) {
    google::protobuf::Duration proto;
    ToProto(duration, &proto);
    EXPECT_EQ(FromProto(proto), duration);
    EXPECT_GE(proto.seconds() * proto.nanos(), 0);  // the same sign
  }
  const absl::Time epoch = absl::UnixEpoch();
  for (const absl::Time time : {epoch, epoch + absl::Nanoseconds(1500000001),
                                epoch - absl::Milliseconds(1500)}) {
    google::protobuf::Timestamp proto;
    ToProto(time, &proto);
    EXPECT_EQ(FromProto(proto), time);
    EXPECT_GE(proto.nanos(), 0);
  }
}

TEST(DebugValuesTest, InfinityBecomesTheBoundOfTheMessage) {
  google::protobuf::Duration duration;
  ToProto(absl::InfiniteDuration(), &duration);
  EXPECT_THAT(duration, IsMessage("seconds: 315576000000"));
  ToProto(-absl::InfiniteDuration(), &duration);
  EXPECT_THAT(duration, IsMessage("seconds: -315576000000"));
  google::protobuf::Timestamp time;
  ToProto(absl::InfinitePast(), &time);
  EXPECT_THAT(time, IsMessage("seconds: -62135596800"));
  ToProto(absl::InfiniteFuture(), &time);
  EXPECT_THAT(time, IsMessage("seconds: 253402300799"));
}

TEST(DebugValuesTest, AStatusKeepsCodeAndMessage) {
  debug::Status proto;
  ToProto(absl::NotFoundError("no \xff"), &proto);
  EXPECT_THAT(proto, IsMessage("code: 5 message: 'no \\357\\277\\275'"));
  EXPECT_THAT(FromProto(proto),
              StatusIs(absl::StatusCode::kNotFound, "no \xef\xbf\xbd"));
}

}  // namespace
}  // namespace passpersist
