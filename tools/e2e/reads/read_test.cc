// SPDX-License-Identifier: Apache-2.0
//
// Values of every type, read by every tool.

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// The values of types_agent.
const char* const kEverything[] = {
    "1.0 = INTEGER: -5",
    "2.0 = Gauge32: 5",
    "3.0 = Timeticks: (100) 0:00:01.00",
    "4.0 = IpAddress: 10.1.2.3",
    "5.0 = OID: .1.3.6.1.4.1.8072",
    "6.0 = STRING: \"text\"",
    "7.0 = Hex-STRING: 00 FF 0A",
    "8.0 = Hex-STRING: 81",
    "9.0 = \"\"",
    "10.0 = Counter32: 4294967295",
    "11.0 = Counter64: 18446744073709551615",
    "12.0 = Opaque: Float: 1.500000",
    "13.0 = Opaque: Float: -2.500000",
    "14.0 = Opaque: Int64: -5",
    "15.0 = Opaque: UInt64: 18446744073709551615",
    "16.0 = INTEGER: 1",
};

class ReadTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "sets/types_agent", {PathOf("journal")})});
  }
};

TEST_F(ReadTest, WalkShowsEveryType) {
  const SnmpResult walk = client().Walk("");
  EXPECT_THAT(walk.bindings, ElementsAreArray(kEverything)) << walk;
  EXPECT_EQ(walk.exit_status, 0);
}

TEST_F(ReadTest, BulkWalkShowsTheSame) {
  for (const int max_repetitions : {1, 3, 10, 100}) {
    const SnmpResult walk = client().BulkWalk("", max_repetitions);
    EXPECT_THAT(walk.bindings, ElementsAreArray(kEverything)) << walk;
    EXPECT_EQ(walk.exit_status, 0);
  }
}

TEST_F(ReadTest, GetReadsEachType) {
  for (const std::string binding : kEverything) {
    const SnmpResult get = client().Get({binding.substr(0, binding.find(' '))});
    EXPECT_THAT(get.bindings, ElementsAre(binding)) << get;
    EXPECT_EQ(get.exit_status, 0);
  }
}

TEST_F(ReadTest, OneGetReadsSeveralInstances) {
  EXPECT_THAT(client().Get({"10.0", "1.0", "3.7", "6.0", "1.0"}).bindings,
              ElementsAre("10.0 = Counter32: 4294967295", "1.0 = INTEGER: -5",
                          "3.7 = No Such Instance currently exists at this OID",
                          "6.0 = STRING: \"text\"", "1.0 = INTEGER: -5"));
}

TEST_F(ReadTest, OneGetNextReadsSeveralInstances) {
  EXPECT_THAT(client().GetNext({"", "9.0", "1.0"}).bindings,
              ElementsAre("1.0 = INTEGER: -5", "10.0 = Counter32: 4294967295",
                          "2.0 = Gauge32: 5"));
}

TEST_F(ReadTest, WalkAfterTheLastInstanceEnds) {
  const SnmpResult next = client().GetNext({"16.0"});
  EXPECT_EQ(next.exit_status, 0);
  ASSERT_EQ(next.bindings.size(), 1u);
  EXPECT_THAT(next.bindings[0], Not(HasSubstr("8072.9999.9999"))) << next;
  EXPECT_THAT(client().Walk("17").bindings, IsEmpty());
}

TEST_F(ReadTest, WalkOfOneInstanceStaysWithinIt) {
  EXPECT_THAT(client().Walk("1").bindings, ElementsAre("1.0 = INTEGER: -5"));
}

// SNMPv1 has no Counter64 (RFC 2089).
TEST_F(ReadTest, V1WalkShowsAllExceptCounter64) {
  std::vector<std::string> expected;
  for (const std::string binding : kEverything) {
    if (binding.substr(0, 4) != "11.0") expected.push_back(binding);
  }
  const SnmpResult walk = client().V1().Walk("");
  EXPECT_THAT(walk.bindings, ElementsAreArray(expected)) << walk;
  EXPECT_EQ(walk.exit_status, 0);
}

TEST_F(ReadTest, V1GetReadsAndNamesTheAbsentObject) {
  EXPECT_THAT(client().V1().Get({"1.0", "6.0"}).bindings,
              ElementsAre("1.0 = INTEGER: -5", "6.0 = STRING: \"text\""));
  const SnmpResult get = client().V1().Get({"1.0", "1.1"});
  EXPECT_EQ(get.error, "noSuchName") << get;
  EXPECT_EQ(get.failed_object, "1.1");
}

TEST_F(ReadTest, OneAgentAnswersEverything) {
  EXPECT_THAT(snmpd().Agents(), IsEmpty());  // before the first request
  client().Get({"1.0"});
  const pid_t pid = Agent().pid();
  client().Walk("");
  client().BulkWalk("");
  client().Get({"0.0", "1.1", "99.0"});
  client().GetNext({"99.0"});
  client().V1().Walk("");
  EXPECT_EQ(Agent().pid(), pid);
}

}  // namespace
}  // namespace passpersist_testing
