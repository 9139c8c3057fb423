// SPDX-License-Identifier: Apache-2.0

#include "simple/simple_contents.h"

#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"
#include "passpersist/read_contents.h"
#include "passpersist/stored_value.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"
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
using passpersist::Value;
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

// The instances and then the errors that `update` leaves in Contents:
// "0.1 = Integer32 123", "OUT_OF_RANGE: .0.2 is left out: …".
template <typename Function>
std::vector<std::string> ResultOf(Function update) {
  Contents contents;
  EXPECT_THAT(MakeSimpleUpdate(std::move(update))(contents), IsOk());
  std::vector<std::string> result;
  EXPECT_THAT(
      passpersist::ReadContents(
          contents,
          [&](const Oid& suffix, const StoredValue& stored, absl::string_view) {
            result.push_back(
                absl::StrCat(absl::StripPrefix(suffix.ToString(), "."), " = ",
                             ToString(std::get<Value>(stored))));
          }),
      IsOk());
  for (const absl::Status& error : contents.errors()) {
    result.push_back(error.ToString());
  }
  return result;
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
        contents.AddCounter32("3", 7.5);
        contents.AddCounter64("4", 0x1p64);
        contents.AddCounter64("5", -1);
        contents.AddTimeTicks("6", 4294967297);
      }),
      ElementsAre("1 = Counter32 0", "2 = Counter32 4294967295",
                  "3 = Counter32 8", "4 = Counter64 0",
                  "5 = Counter64 18446744073709551615", "6 = TIMETICKS 1"));
}

TEST(SimpleContentsTest, GaugesStayAtTheirBounds) {
  EXPECT_THAT(
      WalkOf([](SimpleContents& contents) {
        contents.AddGauge32("1", -5);
        contents.AddGauge32("2", 5e9);
        contents.AddGauge32("3", 2.5f);
      }),
      ElementsAre("1 = GAUGE 0", "2 = GAUGE 4294967295", "3 = GAUGE 3"));
  EXPECT_THAT(ResultOf([](SimpleContents& c) { c.AddGauge32("1", -5); }),
              ElementsAre("1 = Gauge32 0",
                          "OUT_OF_RANGE: .1: -5 is not a Gauge32: "
                          "0..4294967295; the nearest is 0"));
}

TEST(SimpleContentsTest, SendsABoolAsATruthValue) {
  EXPECT_THAT(WalkOf([](SimpleContents& contents) {
                contents.AddBool("1", true);
                contents.AddBool("2", false);
              }),
              ElementsAre("1 = INTEGER 1", "2 = INTEGER 2"));
}

template <typename Number>
using AddIntResult =
    decltype(std::declval<SimpleContents&>().AddInt("1", Number()));
template <typename Number>
using AddFloatResult =
    decltype(std::declval<SimpleContents&>().AddFloat("1", Number()));
template <typename Bool>
using AddBoolResult =
    decltype(std::declval<SimpleContents&>().AddBool("1", Bool()));

template <template <typename> class Result, typename T, typename = void>
constexpr bool kCompiles = false;
template <template <typename> class Result, typename T>
constexpr bool kCompiles<Result, T, std::void_t<Result<T>>> = true;

TEST(SimpleContentsTest, ABoolIsNotANumber) {
  static_assert(kCompiles<AddIntResult, int>);
  static_assert(!kCompiles<AddIntResult, bool>);
  static_assert(!kCompiles<AddFloatResult, bool>);
  static_assert(kCompiles<AddBoolResult, bool>);
  static_assert(!kCompiles<AddBoolResult, int>);
}

TEST(SimpleContentsTest, RoundsToTheNearestHalvesAwayFromZero) {
  EXPECT_THAT(
      ResultOf([](SimpleContents& contents) {
        contents.AddInt("1", 0.29 * 100);
        contents.AddInt("2", -2.5);
        contents.AddUnsigned("3", 4.35 * 100);
        contents.AddTimeTicks("4", 0.5);
        contents.AddInt64("5", 1.5);
      }),
      ElementsAre("1 = Integer32 29", "2 = Integer32 -3", "3 = Gauge32 435",
                  "4 = TimeTicks 1", "5 = Opaque 2"));
}

TEST(SimpleContentsTest, TakesADurationForTimeTicks) {
  EXPECT_THAT(WalkOf([](SimpleContents& contents) {
                contents.AddTimeTicks("1", absl::Minutes(1));
                contents.AddTimeTicks("2", absl::Milliseconds(19));
              }),
              ElementsAre("1 = TIMETICKS 6000", "2 = TIMETICKS 1"));
}

TEST(SimpleContentsTest, AnIntegerThatDoesNotFitIsLeftOutAlone) {
  EXPECT_THAT(
      ResultOf([](SimpleContents& contents) {
        contents.AddInt("1", 3000000000);
        contents.AddInt("2", -0x1p31);
        contents.AddUnsigned("3", -1);
        contents.AddInt64("4", std::numeric_limits<uint64_t>::max());
        contents.AddUint64("5", -7);
        contents.AddUint64("6", 7);
      }),
      ElementsAre(
          "2 = Integer32 -2147483648", "6 = Opaque 7",
          "OUT_OF_RANGE: .1 is left out: 3000000000 is not an Integer32: "
          "-2147483648..2147483647",
          "OUT_OF_RANGE: .3 is left out: -1 is not a Gauge32: 0..4294967295",
          "OUT_OF_RANGE: .4 is left out: 18446744073709551615 is not an "
          "Integer64: -9223372036854775808..9223372036854775807",
          "OUT_OF_RANGE: .5 is left out: -7 is not an Unsigned64: "
          "0..18446744073709551615"));
}

TEST(SimpleContentsTest, ANumberThatIsNotFiniteIsLeftOutForIntegerTypes) {
  for (const double number : {std::numeric_limits<double>::quiet_NaN(),
                              std::numeric_limits<double>::infinity(),
                              -std::numeric_limits<double>::infinity()}) {
    const std::string reason = absl::StrCat(
        "INVALID_ARGUMENT: .1 is left out: ", number, " is not an integer");
    const auto leaves_out = [&](auto add) {
      EXPECT_THAT(ResultOf(add), ElementsAre(reason));
    };
    leaves_out([&](SimpleContents& c) { c.AddInt("1", number); });
    leaves_out([&](SimpleContents& c) { c.AddCounter32("1", number); });
    leaves_out([&](SimpleContents& c) { c.AddCounter64("1", number); });
    leaves_out([&](SimpleContents& c) { c.AddGauge32("1", number); });
    leaves_out([&](SimpleContents& c) { c.AddUnsigned("1", number); });
    leaves_out([&](SimpleContents& c) { c.AddTimeTicks("1", number); });
    leaves_out([&](SimpleContents& c) { c.AddInt64("1", number); });
    leaves_out([&](SimpleContents& c) { c.AddUint64("1", number); });
    EXPECT_THAT(
        ResultOf([&](SimpleContents& c) {
          c.AddFloat("1", number);
          c.AddDouble("2", number);
        }),
        ElementsAre(absl::StrCat("1 = Opaque ", static_cast<float>(number)),
                    absl::StrCat("2 = Opaque ", number)));
  }
}

TEST(SimpleContentsTest, ATextThatIsNotAValueIsLeftOutAndNamed) {
  EXPECT_THAT(
      ResultOf([](SimpleContents& contents) {
        contents.AddIpAddress("0.1", "10.0.0");
        contents.AddIpAddress("0.2", "fe80::1");
        contents.AddHex("0.3", "01 0g");
        contents.AddOpaque("0.4", "9");
        contents.AddOid("0.5", "1..3");
        contents.AddIpAddress("0.6", "\n");
        contents.AddIpAddress("0.7", "10.0.0.7");
      }),
      ElementsAre("0.7 = IpAddress 10.0.0.7",
                  HasSubstr(".0.1 is left out: invalid IpAddress \"10.0.0\""),
                  HasSubstr(".0.2 is left out: invalid IpAddress \"fe80::1\""),
                  HasSubstr(".0.3 is left out: invalid hex text \"01 0g\""),
                  HasSubstr(".0.4 is left out: invalid hex text \"9\""),
                  HasSubstr(".0.5 is left out: invalid OID \"1..3\""),
                  HasSubstr(".0.6 is left out: invalid IpAddress \"\\n\"")));
}

TEST(SimpleContentsTest, ANameThatIsNotAnOidCostsItsInstance) {
  for (const char* const name : {"", "1..2", "1.a", "1.", "4294967296"}) {
    EXPECT_THAT(
        ResultOf([&](SimpleContents& contents) {
          contents.AddInt(name, 1);
          contents.AddInt("2", 2);
        }),
        ElementsAre("2 = Integer32 2",
                    AllOf(StartsWith(absl::StrCat("INVALID_ARGUMENT: AddInt(\"",
                                                  name, "\"): ")),
                          HasSubstr("invalid OID"))));
  }
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
  EXPECT_THAT(ResultOf([](SimpleContents&) { return absl::OkStatus(); }),
              IsEmpty());
  Contents contents;
  EXPECT_THAT(MakeSimpleUpdate([](SimpleContents&) {
                return absl::DataLossError("torn");
              })(contents),
              StatusIs(absl::StatusCode::kDataLoss, "torn"));
}

TEST(MakeSimpleUpdateTest, AnErrorCostsOneInstanceAndIsReportedOnce) {
  ErrorLog log;
  std::string address = "10.0.0.1";
  AgentBuilder builder = Builder([&](SimpleContents& contents) {
    contents.AddIpAddress("0.7", address);
    contents.AddIpAddress("0.8", "10.0.0.8");
    contents.AddInt(address == "10.0.0.1" ? "0.9" : "0.9.", 9);
  });
  builder.OnError(log.Hook());
  FakeSnmpd snmpd(std::move(builder));
  EXPECT_THAT(log.Take(), IsEmpty());
  address = "10.0.0";
  snmpd.Advance(absl::Seconds(30));
  EXPECT_THAT(snmpd.Walk(kRoot),
              ElementsAre(".1.3.6.1.3.53.8.0.8 = IPADDRESS 10.0.0.8"));
  EXPECT_THAT(
      log.Take(),
      ElementsAre(StartsWith("INVALID_ARGUMENT: .1.3.6.1.3.53.8.0.7 is left "
                             "out: invalid IpAddress \"10.0.0\""),
                  StartsWith("INVALID_ARGUMENT: update of .1.3.6.1.3.53.8: "
                             "AddInt(\"0.9.\"): invalid OID")));
  snmpd.Advance(absl::Seconds(30));
  EXPECT_THAT(log.Take(), IsEmpty());
  address = "10.0.0.1";
  snmpd.Advance(absl::Seconds(30));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.7"), "IPADDRESS 10.0.0.1");
}

TEST(MakeSimpleUpdateTest, OfANameThatIsAddedTwiceTheLaterValueIsServed) {
  ErrorLog log;
  AgentBuilder builder = Builder([](SimpleContents& contents) {
    contents.AddInt("0.1", 1);
    contents.AddString(".0.1", "one");
  });
  builder.OnError(log.Hook());
  FakeSnmpd snmpd(std::move(builder));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.0.1"), "STRING one");
  EXPECT_THAT(log.Take(),
              ElementsAre("ALREADY_EXISTS: .1.3.6.1.3.53.8.0.1: put twice"));
}

}  // namespace
}  // namespace passpersist_testing
