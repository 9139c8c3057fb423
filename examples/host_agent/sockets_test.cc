// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/sockets.h"

#include <string>
#include <utility>

#include "absl/time/time.h"
#include "examples/host_agent/module_fixture.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "transport/testing/fake_snmpd.h"

namespace host_agent {
namespace {

using passpersist_testing::FakeSnmpd;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The suffix of a name is a scalar and 0.
class SocketsTest : public ModuleTest {
 protected:
  SocketsTest()
      : ModuleTest(AddSockets, &RecordedKernel::proc,
                   ".1.3.6.1.4.1.8072.9999.9999.10.1.4") {}
};

TEST_F(SocketsTest, ShowsEveryNumberUnderItsName) {
  kernel_.Write("proc/net/sockstat",
                "sockets: used 47\nTCP: inuse 1 orphan 2 tw 3 alloc 8 mem 100\n"
                "UDP: inuse 4 mem 5\nUDPLITE: inuse 6\nRAW: inuse 7\n"
                "FRAG: inuse 9 memory 10\n");
  kernel_.Write("proc/net/sockstat6",
                "TCP6: inuse 11\nUDP6: inuse 12\nUDPLITE6: inuse 13\n"
                "RAW6: inuse 14\nFRAG6: inuse 15 memory 16\n");
  FakeSnmpd snmpd(Builder());
  std::string values;
  for (const std::string& line : snmpd.Walk(".1.3.6.1.4.1.8072.9999.9999.10")) {
    values += line.substr(line.rfind(' '));
  }
  EXPECT_EQ(values, " 47 1 2 3 8 100 4 5 7 9 10 11 12 14 15 16 1234 262144");
  EXPECT_EQ(Get(snmpd, "17.0"), "GAUGE 1234");
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(SocketsTest, LacksNumbersThatTheKernelDoesNotHave) {
  kernel_.Remove("proc/net/sockstat6");
  kernel_.Remove("proc/sys/net/netfilter");
  kernel_.Write("proc/net/sockstat", "sockets: used 5\nMPTCP: inuse 1\n");
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.4.1.8072.9999.9999.10"),
              ElementsAre(HasSubstr(".10.1.4.1.0 = GAUGE 5")));
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(SocketsTest, KeepsItsValuesAndNamesTheLineThatItCannotRead) {
  FakeSnmpd snmpd(Builder());
  for (const char* const line :
       {"TCP: inuse", "TCP inuse 1", "TCP: inuse one"}) {
    kernel_.Write("proc/net/sockstat", line);
    snmpd.Advance(absl::Seconds(5));
    EXPECT_THAT(errors_.Take(), ElementsAre(AllOf(HasSubstr("net/sockstat:"),
                                                  HasSubstr(line))));
    EXPECT_EQ(Get(snmpd, "5.0"), "GAUGE 8");
  }
  kernel_.Remove("proc/net/sockstat");
  snmpd.Advance(absl::Seconds(5));
  EXPECT_THAT(errors_.Take(), ElementsAre(HasSubstr("net/sockstat")));
  EXPECT_EQ(Get(snmpd, "5.0"), "GAUGE 8");
}

TEST_F(SocketsTest, AMalformedConntrackFileIsAnErrorToo) {
  FakeSnmpd snmpd(Builder());
  kernel_.Write("proc/sys/net/netfilter/nf_conntrack_count", "many");
  snmpd.Advance(absl::Seconds(5));
  EXPECT_THAT(errors_.Take(), ElementsAre(AllOf(HasSubstr("nf_conntrack_count"),
                                                HasSubstr("many"))));
  EXPECT_EQ(Get(snmpd, "17.0"), "GAUGE 1234");
}

}  // namespace
}  // namespace host_agent
