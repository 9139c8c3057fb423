// SPDX-License-Identifier: Apache-2.0

#include "transport/testing/fake_snmpd.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest-spi.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/value.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::Contents;
using passpersist::ErrorStatus;
using passpersist::Integer32;
using passpersist::MakeSetter;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::Value;
using testing::ElementsAre;
using testing::IsEmpty;

// Serves the number of its updates and a name; accepts sets below .2.
AgentBuilder Builder() {
  AgentBuilder builder;
  builder
      .AddSubtree(Oid({1, 3, 6, 1, 3, 53, 8}), absl::Seconds(10),
                  [count = 0](Contents& contents) mutable {
                    contents.Put({1, 0}, Integer32{++count});
                    contents.Put({2, 0}, OctetString{"eth0"});
                    return absl::OkStatus();
                  })
      .AddSetter(Oid({1, 3, 6, 1, 3, 53, 8, 2}),
                 MakeSetter([](const Oid&,
                               const Value&) { return ErrorStatus::kNoError; },
                            {/*allow_create=*/true}));
  return builder;
}

TEST(FakeSnmpdTest, AsksForOneInstance) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.1.0"), "INTEGER 1");
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.1"), "NONE");
}

TEST(FakeSnmpdTest, ARowThatCouldBeCreatedIsAbsentAsForSnmpd) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.2.7"), "NONE");
}

TEST(FakeSnmpdTest, AsksForTheNextInstance) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(snmpd.GetNext(".1.3.6.1.3.53.8.1.0"),
            ".1.3.6.1.3.53.8.2.0 = STRING eth0");
  EXPECT_EQ(snmpd.GetNext(".1.3.6.1.3.53.8.2.0"), "NONE");
}

TEST(FakeSnmpdTest, Walks) {
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.3.53"),
              ElementsAre(".1.3.6.1.3.53.8.1.0 = INTEGER 1",
                          ".1.3.6.1.3.53.8.2.0 = STRING eth0"));
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.3.53.9"), IsEmpty());
}

TEST(FakeSnmpdTest, AWalkEndsAtTheSubtree) {
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.3.53.8.1"),
              ElementsAre(".1.3.6.1.3.53.8.1.0 = INTEGER 1"));
  // An arc that begins with the same digits is another one.
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.3.5"), IsEmpty());
}

TEST(FakeSnmpdTest, SetsWhatExistsOrCanBeCreatedOnly) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.2.0", "string \"lo\""), "DONE");
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.2.0"), "STRING lo");
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.2.7", "integer 5"), "DONE");
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.2.7"), "INTEGER 5");
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.1.0", "integer 5"), "not-writable");
  EXPECT_EQ(snmpd.Set(".1.3.6.1.3.53.8.9.0", "integer 5"), "not-writable");
}

TEST(FakeSnmpdTest, AdvanceRunsTheUpdatesThatBecomeDue) {
  FakeSnmpd snmpd(Builder());
  snmpd.Advance(absl::Seconds(9));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.1.0"), "INTEGER 1");
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.3.53.8.1.0"), "INTEGER 2");
}

TEST(FakeSnmpdTest, TestFailsIfThereIsNoAgent) {
  EXPECT_NONFATAL_FAILURE({ FakeSnmpd snmpd((AgentBuilder())); }, "no subtree");
}

}  // namespace
}  // namespace passpersist_testing
