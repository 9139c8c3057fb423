// SPDX-License-Identifier: Apache-2.0
//
// An agent gives the same answers over each protocol.

#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/value.h"
#include "store/btree_store.h"
#include "tools/e2e/protocols/in_memory_manager.h"
#include "tools/e2e/protocols/manager.h"
#include "tools/e2e/protocols/same_objects.h"
#include "tools/e2e/protocols/snmp_manager.h"
#include "tools/e2e/snmpd/playpen.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::Gauge32;
using passpersist::Integer32;
using passpersist::IpAddress;
using passpersist::ObjectIdentifier;
using passpersist::OctetString;
using passpersist::TimeTicks;
using passpersist::Value;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::IsEmpty;

const char* const kTypes[] = {
    "1.1.0 = INTEGER: -5",
    "1.2.0 = Gauge32: 4294967295",
    "1.3.0 = Timeticks: (12345) 0:02:03.45",
    "1.4.0 = IpAddress: 10.1.2.3",
    "1.5.0 = OID: .1.3.6.1.4.1.8072",
    "1.6.0 = STRING: \"text\"",
    "1.7.0 = Hex-STRING: 00 FF 0A",
    "1.8.0 = \"\"",
    "1.9.0 = Counter32: 4294967295",
    "1.10.0 = Counter64: 18446744073709551615",
    "1.11.0 = Opaque: Float: 1.5",
    "1.12.0 = Opaque: Float: -20",
    "1.13.0 = Opaque: Int64: -5",
    "1.14.0 = Opaque: UInt64: 18446744073709551615",
    "1.15.0 = STRING: \"lazy\"",
};

enum class Carrier { kPassPersist, kDebug, kSnmpd };

class SameAgentTest : public PlaypenTest,
                      public testing::WithParamInterface<Carrier> {
 protected:
  void SetUp() override {
    switch (GetParam()) {
      case Carrier::kPassPersist:
        manager_ = PassPersistManager(Builder());
        break;
      case Carrier::kDebug:
        manager_ = DebugManager(Builder());
        break;
      case Carrier::kSnmpd:
        StartSnmpd({AgentLine(kPlaypen, "protocols/same_agent")});
        ASSERT_FALSE(HasFatalFailure());
        manager_ = SnmpManager(client());
        break;
    }
  }

  Manager& manager() { return *manager_; }

 private:
  static AgentBuilder Builder() {
    AgentBuilder builder;
    builder.SetStoreFactory(passpersist::BtreeStore::Factory())
        .SetScheduler(std::make_unique<passpersist::ThreadScheduler>())
        .SetFirstUpdateTimeout(absl::InfiniteDuration());
    AddSameObjects(builder);
    return builder;
  }

  std::unique_ptr<Manager> manager_;
};

TEST_P(SameAgentTest, GetReadsEachType) {
  for (const std::string binding : kTypes) {
    EXPECT_EQ(manager().Get(binding.substr(0, binding.find(' '))), binding);
  }
}

TEST_P(SameAgentTest, GetOfAnAbsentNameSaysSo) {
  // Names between, above and below instances, where a set can't and where it
  // can create rows, between the subtrees and after them.
  for (const std::string name : {"1.1.1", "1.1", "1.1.0.0", "1", "3.1.1",
                                 "3.2.1", "3.4.1", "2", "2.1.0", "4.1.0"}) {
    EXPECT_EQ(manager().Get(name), name + " is absent");
  }
}

TEST_P(SameAgentTest, AWalkContinuesInTheNextSubtree) {
  std::vector<std::string> all(std::begin(kTypes), std::end(kTypes));
  all.push_back("3.1.0 = INTEGER: 1");
  all.push_back("3.4.0 = INTEGER: 4");
  EXPECT_THAT(manager().Walk(""), ElementsAreArray(all));
}

TEST_P(SameAgentTest, AWalkStaysBelowItsName) {
  EXPECT_THAT(manager().Walk("1"), ElementsAreArray(kTypes));
  EXPECT_THAT(manager().Walk("1.10"),
              ElementsAre("1.10.0 = Counter64: 18446744073709551615"));
  EXPECT_THAT(manager().Walk("1.10.0"), IsEmpty());
  EXPECT_THAT(manager().Walk("2"), IsEmpty());
}

TEST_P(SameAgentTest, GetNextStartsAnywhere) {
  const struct {
    const char* name;
    const char* next;
  } kSteps[] = {
      {"", "1.1.0 = INTEGER: -5"},
      {"0", "1.1.0 = INTEGER: -5"},
      {"1.1", "1.1.0 = INTEGER: -5"},
      {"1.1.0", "1.2.0 = Gauge32: 4294967295"},
      {"1.5.0.7", "1.6.0 = STRING: \"text\""},
      {"1.9.4294967295", "1.10.0 = Counter64: 18446744073709551615"},
      {"1.15.0", "3.1.0 = INTEGER: 1"},
      {"2.7.7", "3.1.0 = INTEGER: 1"},
      {"3.1.0", "3.4.0 = INTEGER: 4"},
      {"3.3", "3.4.0 = INTEGER: 4"},
      {"3.4.0", "the end"},
      {"3.5", "the end"},
      {"9", "the end"},
  };
  for (const auto& step : kSteps) {
    EXPECT_EQ(manager().GetNext(step.name), step.next) << step.name;
  }
}

TEST_P(SameAgentTest, GetReturnsTheValueThatWasSet) {
  EXPECT_EQ(manager().Set("3.1.0", Integer32{-7}), "noError");
  EXPECT_EQ(manager().Get("3.1.0"), "3.1.0 = INTEGER: -7");
  EXPECT_THAT(manager().Walk("3"),
              ElementsAre("3.1.0 = INTEGER: -7", "3.4.0 = INTEGER: 4"));
}

TEST_P(SameAgentTest, NamesBelowAScalarAreNotCreated) {
  for (const char* name : {"3.1", "3.1.1", "3.1.0.7"}) {
    EXPECT_EQ(manager().Set(name, Integer32{9}), "noCreation") << name;
    EXPECT_EQ(manager().Set(name, OctetString{"x"}), "noCreation") << name;
  }
  EXPECT_THAT(manager().Walk("3"),
              ElementsAre("3.1.0 = INTEGER: 1", "3.4.0 = INTEGER: 4"));
}

TEST_P(SameAgentTest, RowsAreCreatedInAnyOrder) {
  for (const std::string row : {"10", "2", "2.3"}) {
    EXPECT_EQ(manager().Set("3.2." + row, OctetString{"row " + row}),
              "noError");
  }
  EXPECT_THAT(
      manager().Walk("3.2"),
      ElementsAre("3.2.2 = STRING: \"row 2\"", "3.2.2.3 = STRING: \"row 2.3\"",
                  "3.2.10 = STRING: \"row 10\""));
  EXPECT_EQ(manager().GetNext("3.1.0"), "3.2.2 = STRING: \"row 2\"");
}

TEST_P(SameAgentTest, EachTypeThatSnmpdCanSendIsSet) {
  const struct {
    Value value;
    const char* printed;
  } kValues[] = {
      {Integer32{-2147483647 - 1}, "INTEGER: -2147483648"},
      {Gauge32{4294967295}, "Gauge32: 4294967295"},
      {TimeTicks{100}, "Timeticks: (100) 0:00:01.00"},
      {IpAddress{{192, 168, 0, 255}}, "IpAddress: 192.168.0.255"},
      {ObjectIdentifier{{1, 3, 6, 1, 2, 1}}, "OID: .1.3.6.1.2.1"},
      {OctetString{"say \"hi\""}, "STRING: \"say \\\"hi\\\"\""},
      {OctetString{}, "\"\""},
      {OctetString{std::string("\x00\xff\n", 3)}, "Hex-STRING: 00 FF 0A"},
  };
  int row = 0;
  for (const auto& value : kValues) {
    const std::string name = absl::StrCat("3.2.", ++row);
    EXPECT_EQ(manager().Set(name, value.value), "noError") << name;
    EXPECT_EQ(manager().Get(name), absl::StrCat(name, " = ", value.printed));
  }
}

TEST_P(SameAgentTest, AnotherTypeIsWrong) {
  EXPECT_EQ(manager().Set("3.1.0", OctetString{"text"}), "wrongType");
  EXPECT_EQ(manager().Set("3.1.0", Gauge32{7}), "wrongType");
  EXPECT_EQ(manager().Get("3.1.0"), "3.1.0 = INTEGER: 1");
}

TEST_P(SameAgentTest, NamesWithoutASetterAreNotWritable) {
  for (const std::string name :
       {"1.1.0", "1.1.1", "3.4.0", "3.4.1", "2.1.0", "9.1.0"}) {
    EXPECT_EQ(manager().Set(name, Integer32{7}), "notWritable") << name;
  }
  EXPECT_EQ(manager().Get("1.1.0"), "1.1.0 = INTEGER: -5");
}

TEST_P(SameAgentTest, EveryErrorOfASetterArrives) {
  const char* const kErrors[] = {
      "tooBig",
      "noSuchName",
      "badValue",
      "readOnly",
      "genErr",
      "noAccess",
      "wrongType",
      "wrongLength",
      "wrongEncoding",
      "wrongValue",
      "noCreation",
      "inconsistentValue",
      "resourceUnavailable",
      "commitFailed",
      "undoFailed",
      "authorizationError",
      "notWritable",
      "inconsistentName",
  };
  int row = 0;
  for (const char* const error : kErrors) {
    EXPECT_EQ(manager().Set(absl::StrCat("3.3.", ++row), Integer32{7}), error);
  }
  EXPECT_THAT(manager().Walk("3.3"), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Carriers, SameAgentTest,
                         testing::Values(Carrier::kPassPersist, Carrier::kDebug,
                                         Carrier::kSnmpd),
                         [](const testing::TestParamInfo<Carrier>& info) {
                           switch (info.param) {
                             case Carrier::kPassPersist:
                               return "PassPersist";
                             case Carrier::kDebug:
                               return "Debug";
                             case Carrier::kSnmpd:
                               return "Snmpd";
                           }
                           return "";
                         });

}  // namespace
}  // namespace passpersist_testing
