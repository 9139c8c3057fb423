// SPDX-License-Identifier: Apache-2.0

#include "simple/simple_contents.h"

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"
#include "passpersist/read_contents.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/status_matchers.h"
#include "store/btree_store.h"
#include "transport/testing/fake_snmpd.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::BtreeStore;
using passpersist::Contents;
using passpersist::EncodeString;
using passpersist::MakeSimpleUpdate;
using passpersist::Oid;
using passpersist::SimpleContents;
using passpersist::StoredValue;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

constexpr char kRoot[] = ".1.3.6.1.3.53.8";

template <typename Function>
AgentBuilder Builder(Function update) {
  AgentBuilder builder;
  builder.SetStoreFactory(BtreeStore::Factory())
      .AddSubtree(Oid::Parse(kRoot), absl::Seconds(30),
                  MakeSimpleUpdate(std::move(update)));
  return builder;
}

// The instances that snmpd receives: "0.1 = INTEGER 123".
template <typename Function>
std::vector<std::string> WalkOf(Function update) {
  FakeSnmpd snmpd(Builder(std::move(update)));
  std::vector<std::string> instances = snmpd.Walk(kRoot);
  for (std::string& instance : instances) {
    instance =
        std::string(absl::StripPrefix(instance, absl::StrCat(kRoot, ".")));
  }
  return instances;
}

// The first error of `update`.
template <typename Function>
absl::Status ErrorOf(Function update) {
  Contents contents;
  return MakeSimpleUpdate(std::move(update))(contents);
}

TEST(SimpleContentsTest, HasAFunctionForEachTypeOfThePythonLibrary) {
  EXPECT_THAT(
      WalkOf([](SimpleContents& contents) {
        contents.AddInt("0.1", 123);
        contents.AddString("0.2", "A string");
        contents.AddHex("0.3", "01 00 1f 0b 00 0b");
        contents.AddCounter32("0.4", 4294967295u);
        contents.AddCounter64("0.5", 18446744073709551615u);
        contents.AddGauge32("0.6", 7);
        contents.AddIpAddress("0.7", "10.0.0.1");
        contents.AddOid("0.8", "0.0");
        contents.AddOid("0.9", ".1.3.6");
        contents.AddTimeTicks("0.10", 6000);
      }),
      ElementsAre("0.1 = INTEGER 123", "0.2 = STRING A string",
                  "0.3 = OCTET 01 00 1f 0b 00 0b", "0.4 = Counter32 4294967295",
                  "0.5 = Counter64 18446744073709551615", "0.6 = GAUGE 7",
                  "0.7 = IPADDRESS 10.0.0.1", "0.8 = OBJECTID .0.0",
                  "0.9 = OBJECTID .1.3.6", "0.10 = TIMETICKS 6000"));
}

TEST(SimpleContentsTest, HasTheTypesThatThePythonLibraryLacks) {
  EXPECT_THAT(
      WalkOf([](SimpleContents& contents) {
        contents.AddUnsigned("1", 4294967295u);
        contents.AddOpaque("2", "9f7a0105");
        contents.AddFloat("3", 1.5f);
        contents.AddDouble("4", -0.5);
        contents.AddInt64("5", int64_t{-2});
        contents.AddUint64("6", uint64_t{255});
      }),
      ElementsAre("1 = GAUGE 4294967295", "2 = OPAQUE 9f 7a 01 05",
                  "3 = OPAQUE 9f 78 04 3f c0 00 00",
                  "4 = OPAQUE 9f 79 08 bf e0 00 00 00 00 00 00",
                  "5 = OPAQUE 9f 7a 01 fe", "6 = OPAQUE 9f 7b 02 00 ff"));
}

// snmp_passpersist 2.1.0, README.md, "add_oid()", which passes the base as the
// first argument.
TEST(SimpleContentsTest, TakesTheEntryOfTheReadmeThatIsAnOid) {
  AgentBuilder builder;
  builder.SetStoreFactory(BtreeStore::Factory())
      .AddSubtree(Oid::Parse(".1.3.6.1.2.1.47"), absl::Seconds(30),
                  MakeSimpleUpdate([](SimpleContents& contents) {
                    contents.AddOid("1.1.1.1.3.1", "0.0");
                  }));
  FakeSnmpd snmpd(std::move(builder));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.2.1.47.1.1.1.1.3.1"), "OBJECTID .0.0");
}

TEST(SimpleContentsTest, TakesNamesInAnyOrderWithAndWithoutALeadingDot) {
  EXPECT_THAT(
      WalkOf([](SimpleContents& contents) {
        contents.AddInt("10", 3);
        contents.AddInt(".2.1", 2);
        contents.AddInt("2", 1);
      }),
      ElementsAre("2 = INTEGER 1", "2.1 = INTEGER 2", "10 = INTEGER 3"));
}

TEST(SimpleContentsTest, TakesAnEncodedStringForTheIndexOfARow) {
  EXPECT_THAT(WalkOf([](SimpleContents& contents) {
                const Oid index = EncodeString("eth0");
                contents.AddInt(absl::StrCat("2", index.ToString()), 1500);
              }),
              ElementsAre("2.4.101.116.104.48 = INTEGER 1500"));
}

TEST(SimpleContentsTest, PassesLabelsToTheContents) {
  Contents contents;
  SimpleContents simple(&contents);
  simple.AddInt("1", 1, "an int");
  simple.AddUnsigned("2", 1, "an unsigned");
  simple.AddString("3", "", "a string");
  simple.AddTimeTicks("4", absl::Seconds(1), "a time");
  simple.AddUint64("5", 1, "a uint64");
  simple.AddOid("6", "0.0", "an oid");
  simple.AddInt("7", 1);
  std::vector<std::string> labels;
  EXPECT_THAT(passpersist::ReadContents(
                  contents,
                  [&](const Oid&, const StoredValue&, absl::string_view label) {
                    labels.emplace_back(label);
                  }),
              IsOk());
  EXPECT_THAT(labels, ElementsAre("an int", "an unsigned", "a string", "a time",
                                  "a uint64", "an oid", ""));
}

TEST(SimpleContentsTest, CountersWrapAtTheirOwnSize) {
  EXPECT_THAT(
      WalkOf([](SimpleContents& contents) {
        contents.AddCounter32("1", 4294967296);
        contents.AddCounter32("2", -1);
        contents.AddCounter32("3", 7.9);
        contents.AddCounter64("4", 0x1p64);
        contents.AddCounter64("5", -1);
        contents.AddTimeTicks("6", 4294967297);
      }),
      ElementsAre("1 = Counter32 0", "2 = Counter32 4294967295",
                  "3 = Counter32 7", "4 = Counter64 0",
                  "5 = Counter64 18446744073709551615", "6 = TIMETICKS 1"));
}

TEST(SimpleContentsTest, GaugesStayAtTheirBounds) {
  EXPECT_THAT(
      WalkOf([](SimpleContents& contents) {
        contents.AddGauge32("1", -5);
        contents.AddGauge32("2", 5e9);
        contents.AddGauge32("3", 2.9f);
      }),
      ElementsAre("1 = GAUGE 0", "2 = GAUGE 4294967295", "3 = GAUGE 2"));
}

TEST(SimpleContentsTest, TakesADurationForTimeTicks) {
  EXPECT_THAT(WalkOf([](SimpleContents& contents) {
                contents.AddTimeTicks("1", absl::Minutes(1));
                contents.AddTimeTicks("2", absl::Milliseconds(19));
              }),
              ElementsAre("1 = TIMETICKS 6000", "2 = TIMETICKS 1"));
}

TEST(SimpleContentsTest, AnIntegerThatDoesNotFitIsAnError) {
  EXPECT_THAT(
      ErrorOf([](SimpleContents& c) { c.AddInt("0.1", 3000000000); }),
      StatusIs(absl::StatusCode::kOutOfRange,
               StartsWith("AddInt(\"0.1\"): 3000000000 is not an Integer32")));
  EXPECT_THAT(ErrorOf([](SimpleContents& c) { c.AddInt("0.1", -0x1p31); }),
              IsOk());
  EXPECT_THAT(ErrorOf([](SimpleContents& c) { c.AddUnsigned("0.2", -1); }),
              StatusIs(absl::StatusCode::kOutOfRange,
                       "AddUnsigned(\"0.2\"): -1 is out of range: "
                       "0..4294967295"));
  EXPECT_THAT(
      ErrorOf([](SimpleContents& c) {
        c.AddInt64("0.3", std::numeric_limits<uint64_t>::max());
      }),
      StatusIs(absl::StatusCode::kOutOfRange,
               "AddInt64(\"0.3\"): 18446744073709551615 is out of range: "
               "-9223372036854775808..9223372036854775807"));
  EXPECT_THAT(ErrorOf([](SimpleContents& c) { c.AddUint64("0.4", -7); }),
              StatusIs(absl::StatusCode::kOutOfRange,
                       StartsWith("AddUint64(\"0.4\"): -7 is out of range")));
}

TEST(SimpleContentsTest, ANumberThatIsNotFiniteIsAnErrorForIntegerTypes) {
  for (const double number : {std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity()}) {
    const auto is_error_of = [&](const std::string& method) {
      return StatusIs(
          absl::StatusCode::kInvalidArgument,
          absl::StrCat(method, "(\"1\"): ", number, " is not an integer"));
    };
    EXPECT_THAT(ErrorOf([&](SimpleContents& c) { c.AddInt("1", number); }),
                is_error_of("AddInt"));
    EXPECT_THAT(
        ErrorOf([&](SimpleContents& c) { c.AddCounter32("1", number); }),
        is_error_of("AddCounter32"));
    EXPECT_THAT(
        ErrorOf([&](SimpleContents& c) { c.AddCounter64("1", number); }),
        is_error_of("AddCounter64"));
    EXPECT_THAT(ErrorOf([&](SimpleContents& c) { c.AddGauge32("1", number); }),
                is_error_of("AddGauge32"));
    EXPECT_THAT(ErrorOf([&](SimpleContents& c) { c.AddUnsigned("1", number); }),
                is_error_of("AddUnsigned"));
    EXPECT_THAT(
        ErrorOf([&](SimpleContents& c) { c.AddTimeTicks("1", number); }),
        is_error_of("AddTimeTicks"));
    EXPECT_THAT(ErrorOf([&](SimpleContents& c) { c.AddInt64("1", number); }),
                is_error_of("AddInt64"));
    EXPECT_THAT(ErrorOf([&](SimpleContents& c) { c.AddUint64("1", number); }),
                is_error_of("AddUint64"));
    EXPECT_THAT(ErrorOf([&](SimpleContents& c) { c.AddFloat("1", number); }),
                IsOk());
    EXPECT_THAT(ErrorOf([&](SimpleContents& c) { c.AddDouble("1", number); }),
                IsOk());
  }
}

TEST(SimpleContentsTest, AnErrorInATextNamesTheCallTheEntryAndTheText) {
  const auto names = [](const std::string& call, const std::string& problem) {
    return StatusIs(absl::StatusCode::kInvalidArgument,
                    StartsWith(absl::StrCat(call, ": ", problem)));
  };
  EXPECT_THAT(
      ErrorOf([](SimpleContents& c) { c.AddIpAddress("0.7", "10.0.0"); }),
      names("AddIpAddress(\"0.7\", \"10.0.0\")",
            "invalid IpAddress \"10.0.0\""));
  EXPECT_THAT(ErrorOf([](SimpleContents& c) { c.AddHex("0.3", "01 0g"); }),
              names("AddHex(\"0.3\", \"01 0g\")", "invalid hex text"));
  EXPECT_THAT(ErrorOf([](SimpleContents& c) { c.AddOpaque("0.3", "9"); }),
              names("AddOpaque(\"0.3\", \"9\")", "invalid hex text"));
  EXPECT_THAT(ErrorOf([](SimpleContents& c) { c.AddOid("0.8", "1..3"); }),
              names("AddOid(\"0.8\", \"1..3\")", "invalid OID \"1..3\""));
  EXPECT_THAT(ErrorOf([](SimpleContents& c) { c.AddIpAddress("0.7", "\n"); }),
              names("AddIpAddress(\"0.7\", \"\\n\")", "invalid IpAddress"));
}

TEST(SimpleContentsTest, ANameThatIsNotAnOidIsAnError) {
  for (const char* const name : {"", "1..2", "1.a", "1.", "4294967296"}) {
    EXPECT_THAT(
        ErrorOf([&](SimpleContents& c) { c.AddInt(name, 1); }),
        StatusIs(absl::StatusCode::kInvalidArgument,
                 AllOf(StartsWith(absl::StrCat("AddInt(\"", name, "\"): ")),
                       HasSubstr("invalid OID"))));
  }
}

TEST(SimpleContentsTest, KeepsTheFirstMistakeAndGoesOn) {
  Contents contents;
  SimpleContents simple(&contents);
  EXPECT_THAT(simple.status(), IsOk());
  simple.AddInt("1.a", 1);
  simple.AddIpAddress("2", "nowhere");
  simple.AddInt("3", 3);
  EXPECT_THAT(simple.status().message(), StartsWith("AddInt(\"1.a\")"));
  EXPECT_EQ(contents.size(), 1u);
}

TEST(SimpleContentsTest, GivesAccessToTheFullContents) {
  EXPECT_THAT(WalkOf([](SimpleContents& contents) {
                contents.AddInt("1", 1);
                contents.full().PutComputed(
                    {2}, [] { return passpersist::Counter64{2}; });
              }),
              ElementsAre("1 = INTEGER 1", "2 = Counter64 2"));
}

TEST(MakeSimpleUpdateTest, AcceptsAFunctionThatReturnsAStatus) {
  EXPECT_THAT(ErrorOf([](SimpleContents&) { return absl::OkStatus(); }),
              IsOk());
  EXPECT_THAT(
      ErrorOf([](SimpleContents&) { return absl::DataLossError("torn"); }),
      StatusIs(absl::StatusCode::kDataLoss, "torn"));
  EXPECT_THAT(ErrorOf([](SimpleContents& contents) {
                contents.AddInt("a", 1);
                return absl::OkStatus();
              }),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       StartsWith("AddInt(\"a\")")));
  EXPECT_THAT(ErrorOf([](SimpleContents& contents) {
                contents.AddInt("a", 1);
                return absl::DataLossError("torn");
              }),
              StatusIs(absl::StatusCode::kDataLoss, "torn"));
}

TEST(MakeSimpleUpdateTest, AnErrorKeepsTheOldValuesAndIsReportedOnce) {
  ErrorLog log;
  std::string address = "10.0.0.1";
  AgentBuilder builder = Builder([&](SimpleContents& contents) {
    contents.AddIpAddress("0.7", address);
    contents.AddIpAddress("0.8", address);
  });
  builder.OnError(log.Hook());
  FakeSnmpd snmpd(std::move(builder));
  EXPECT_THAT(log.Take(), IsEmpty());
  address = "10.0.0";
  snmpd.Advance(absl::Seconds(30));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.7"), "IPADDRESS 10.0.0.1");
  EXPECT_THAT(log.Take(),
              ElementsAre(StartsWith("INVALID_ARGUMENT: update of "
                                     ".1.3.6.1.3.53.8: AddIpAddress(\"0.7\", "
                                     "\"10.0.0\"): invalid IpAddress")));
  address = "10.0.0.2";
  snmpd.Advance(absl::Seconds(30));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.8"), "IPADDRESS 10.0.0.2");
}

TEST(MakeSimpleUpdateTest, ANameThatIsAddedTwiceFailsTheUpdate) {
  ErrorLog log;
  AgentBuilder builder = Builder([](SimpleContents& contents) {
    contents.AddInt("0.1", 1);
    contents.AddString(".0.1", "one");
  });
  builder.OnError(log.Hook());
  FakeSnmpd snmpd(std::move(builder));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.1"), "NONE");
  EXPECT_THAT(log.Take(),
              ElementsAre("ALREADY_EXISTS: update of .1.3.6.1.3.53.8: .0.1: "
                          "put twice"));
}

}  // namespace
}  // namespace passpersist_testing
