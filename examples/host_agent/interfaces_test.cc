// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/interfaces.h"

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

// The suffix of a name is a column and an ifIndex.
class InterfacesTest : public ModuleTest {
 protected:
  InterfacesTest()
      : ModuleTest(AddInterfaces, &RecordedKernel::sys,
                   ".1.3.6.1.4.1.8072.9999.9999.10.1.1.1.1") {}
};

TEST_F(InterfacesTest, ShowsEveryColumnOfAnInterface) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(Get(snmpd, "2.4"), "STRING eth0");
  EXPECT_EQ(Get(snmpd, "3.4"), "OCTET 02 fc 00 00 00 01");
  EXPECT_EQ(Get(snmpd, "4.4"), "GAUGE 1400");
  EXPECT_EQ(Get(snmpd, "5.4"), "GAUGE 10000");
  EXPECT_EQ(Get(snmpd, "6.4"), "INTEGER 1");
  EXPECT_EQ(Get(snmpd, "7.4"), "Counter64 18446744073709551615");
  EXPECT_EQ(Get(snmpd, "8.4"), "Counter64 38812");
  EXPECT_EQ(Get(snmpd, "9.4"), "Counter64 0");
  EXPECT_EQ(Get(snmpd, "10.4"), "Counter64 3");
  EXPECT_EQ(Get(snmpd, "11.4"), "Counter64 1879613");
  EXPECT_EQ(Get(snmpd, "12.4"), "Counter64 23096");
  EXPECT_EQ(Get(snmpd, "13.4"), "Counter64 1");
  EXPECT_EQ(Get(snmpd, "14.4"), "Counter64 0");
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(InterfacesTest, LacksValuesThatTheKernelDoesNotKnow) {
  kernel_.Write("sys/class/net/eth0/speed", "-1\n");
  kernel_.Write("sys/class/net/eth0/carrier", "0\n");
  kernel_.Write("sys/class/net/ifb0/address", "\n");
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(Get(snmpd, "5.4"), "NONE");
  EXPECT_EQ(Get(snmpd, "6.4"), "INTEGER 2")
      << "the kernel knows that there is no carrier";
  EXPECT_EQ(Get(snmpd, "5.2"), "NONE");
  EXPECT_EQ(Get(snmpd, "6.2"), "NONE");
  EXPECT_EQ(Get(snmpd, "3.2"), "OCTET ") << "tunnels have no address";
  EXPECT_EQ(Get(snmpd, "4.2"), "GAUGE 1500");
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(InterfacesTest, AnInterfaceThatIsRemovedDuringAnUpdateHasNoRow) {
  FakeSnmpd snmpd(Builder());
  kernel_.Remove("sys/class/net/eth0/statistics");
  kernel_.Write("sys/class/net/bonding_masters", "bond0\n");
  kernel_.Write("sys/class/net/lo/mtu", "1280\n");
  snmpd.Advance(absl::Seconds(5));
  EXPECT_EQ(Get(snmpd, "2.4"), "NONE");
  EXPECT_EQ(Get(snmpd, "4.1"), "GAUGE 1280");
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(InterfacesTest, ARowBelongsToTheNumberNotToTheName) {
  FakeSnmpd snmpd(Builder());
  kernel_.Remove("sys/class/net/ifb0");
  kernel_.Write("sys/class/net/lo/ifindex", "2\n");
  snmpd.Advance(absl::Seconds(5));
  EXPECT_EQ(Get(snmpd, "2.1"), "NONE");
  EXPECT_EQ(Get(snmpd, "2.2"), "STRING lo");
}

TEST_F(InterfacesTest, KeepsItsRowsAndNamesTheFileThatItCannotRead) {
  FakeSnmpd snmpd(Builder());
  for (const char* const file : {"mtu", "address", "statistics/tx_bytes"}) {
    const std::string path = std::string("sys/class/net/eth0/") + file;
    kernel_.Write(path, "what?\n");
    snmpd.Advance(absl::Seconds(5));
    EXPECT_THAT(errors_.Take(),
                ElementsAre(AllOf(HasSubstr(path), HasSubstr("what?"))));
    EXPECT_EQ(Get(snmpd, "4.4"), "GAUGE 1400");
    kernel_.Write(path, file == std::string("address") ? "00:01" : "1400");
  }
  kernel_.Remove("sys/class");
  snmpd.Advance(absl::Seconds(5));
  EXPECT_THAT(errors_.Take(), ElementsAre(HasSubstr("sys/class/net")));
  EXPECT_EQ(Get(snmpd, "2.4"), "STRING eth0");
}

}  // namespace
}  // namespace host_agent
