// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_set.h"

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::StatusIs;
using testing::EndsWith;
using testing::HasSubstr;
using testing::SizeIs;

constexpr SetEnding kAllEndings[] = {
    SetEnding::kNewlineUpTo57, SetEnding::kTwoNewlines593,
    SetEnding::kNewlineUnlessCut, SetEnding::kNone510};

TEST(PassPersistSetTest, WritesValuesAsSnmpdDoes) {
  struct {
    Value value;
    const char* expected;
  } const cases[] = {
      {Integer32{-5}, "integer -5"},
      {Counter32{5}, "counter 5"},
      {Counter32{4294967295}, "counter -1"},
      {Gauge32{2147483648}, "gauge -2147483648"},
      {TimeTicks{100}, "timeticks 100"},
      {IpAddress{{10, 1, 2, 3}}, "ipaddress 10.1.2.3"},
      {OctetString{"text"}, "string \"text\""},
      {OctetString{"with \"quotes\" inside"},
       "string \"with \"quotes\" inside\""},
      {OctetString{""}, "string \"\""},
      {OctetString{"li\n"}, "octet \"6c 69 0a\""},
      {OctetString{"\xc3\xbc"}, "octet \"c3 bc\""},
      {OctetString{"Z"}, "string \"Z\""},
      {ObjectIdentifier{{1, 3, 6, 1, 4, 1}}, "objectid \".1.3.6.1.4.1\""},
  };
  for (const auto& c : cases) {
    const absl::StatusOr<std::string> text = PassPersistSetText(c.value);
    EXPECT_EQ(text.value_or(""), c.expected);
  }
}

TEST(PassPersistSetTest, HasNoTextWhereSnmpdHasNone) {
  EXPECT_THAT(
      PassPersistSetText(Counter64{5}),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("Counter64")));
  EXPECT_THAT(
      PassPersistSetText(Opaque::FromFloat(1)),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("Opaque")));
}

TEST(PassPersistSetTest, LongPrintableStringsAreCalledOctets) {
  const auto text = [](size_t size) {
    return PassPersistSetText(OctetString{std::string(size, 'a')}).value();
  };
  EXPECT_TRUE(absl::StartsWith(text(4095), "string \"aaa"));
  EXPECT_TRUE(absl::StartsWith(text(4096), "octet \"aaa"));
}

TEST(PassPersistSetTest, EndsAsEachReleaseDoes) {
  const auto message = [](SetEnding ending) {
    return PassPersistSetMessage(".1.3", "integer 5", ending);
  };
  EXPECT_EQ(message(SetEnding::kNewlineUpTo57), "set\n.1.3\ninteger 5\n");
  EXPECT_EQ(message(SetEnding::kTwoNewlines593), "set\n.1.3\ninteger 5\n\n");
  EXPECT_EQ(message(SetEnding::kNewlineUnlessCut), "set\n.1.3\ninteger 5\n");
  EXPECT_EQ(message(SetEnding::kNone510), "set\n.1.3\ninteger 5");
}

TEST(PassPersistSetTest, CutsLongValuesAsEachReleaseDoes) {
  const std::string text = absl::StrCat("string \"", std::string(5000, 'a'));
  const auto message = [&text](SetEnding ending) {
    return PassPersistSetMessage(".1.3", text, ending);
  };
  const size_t head = std::string("set\n.1.3\n").size();
  EXPECT_THAT(message(SetEnding::kNewlineUpTo57), SizeIs(1023));
  EXPECT_THAT(message(SetEnding::kNewlineUpTo57), EndsWith("a\n"));
  EXPECT_THAT(message(SetEnding::kTwoNewlines593), SizeIs(head + 4096));
  EXPECT_THAT(message(SetEnding::kTwoNewlines593), EndsWith("a\n"));
  EXPECT_THAT(message(SetEnding::kNewlineUnlessCut), SizeIs(head + 4095));
  EXPECT_THAT(message(SetEnding::kNewlineUnlessCut), EndsWith("aa"));
  EXPECT_THAT(message(SetEnding::kNone510), SizeIs(head + 4095));
}

TEST(PassPersistSetTest, TheLongestUncutStringHas4085BytesUpTo593) {
  for (const size_t size : {4085, 4086}) {
    const std::string text =
        PassPersistSetText(OctetString{std::string(size, 'a')}).value();
    const std::string message =
        PassPersistSetMessage(".1.3", text, SetEnding::kTwoNewlines593);
    const bool cut = !absl::EndsWith(message, "\"\n\n");
    EXPECT_EQ(cut, size > 4085);
  }
}

TEST(PassPersistSetTest, NamesTheReleasesOfEachEnding) {
  for (const SetEnding ending : kAllEndings) {
    EXPECT_THAT(std::string(ReleasesWith(ending)), HasSubstr("5."));
  }
}

}  // namespace
}  // namespace passpersist
