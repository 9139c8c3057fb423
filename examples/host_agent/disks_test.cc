// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/disks.h"

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

// The suffix of a name is a column, a major and a minor number.
class DisksTest : public ModuleTest {
 protected:
  DisksTest()
      : ModuleTest(AddDisks, &RecordedKernel::proc,
                   ".1.3.6.1.4.1.8072.9999.9999.10.1.2.1.1") {}
};

TEST_F(DisksTest, ShowsEveryColumnOfADisk) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(Get(snmpd, "3.254.0"), "STRING vda");
  EXPECT_EQ(Get(snmpd, "4.254.0"), "Counter64 1235748");
  EXPECT_EQ(Get(snmpd, "5.254.0"), "Counter64 18762560512");  // 36645626 * 512
  EXPECT_EQ(Get(snmpd, "6.254.0"), "Counter32 1370735");
  EXPECT_EQ(Get(snmpd, "7.254.0"), "Counter64 1857745");
  EXPECT_EQ(Get(snmpd, "8.254.0"), "Counter64 134047465472");
  EXPECT_EQ(Get(snmpd, "9.254.0"), "Counter32 1640592");
  EXPECT_EQ(Get(snmpd, "10.254.0"), "GAUGE 2");
  EXPECT_EQ(Get(snmpd, "11.254.0"), "Counter32 285136");
  EXPECT_EQ(Get(snmpd, "12.254.0"), "Counter32 3108349");
  EXPECT_EQ(Get(snmpd, "13.254.0"), "Counter64 477004");
  EXPECT_EQ(Get(snmpd, "14.254.0"), "Counter64 413759");
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(DisksTest, LacksCountersThatAnOlderKernelDoesNotHave) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(Get(snmpd, "12.254.1"), "Counter32 3108300")
      << "of Linux before 4.18";
  EXPECT_EQ(Get(snmpd, "13.254.1"), "NONE");
  EXPECT_EQ(Get(snmpd, "13.253.0"), "Counter64 0") << "of Linux before 5.5";
  EXPECT_EQ(Get(snmpd, "14.253.0"), "NONE");
}

TEST_F(DisksTest, ADiskKeepsItsRowWhenAnEarlierDiskIsRemoved) {
  kernel_.Write("proc/diskstats",
                "8 0 sda 1 0 0 0 0 0 0 0 0 0 0\n"
                "8 16 sdb 2 0 0 0 0 0 0 0 0 0 0\n");
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(Get(snmpd, "4.8.0"), "Counter64 1");
  kernel_.Write("proc/diskstats", "8 16 sdb 2 0 0 0 0 0 0 0 0 0 0\n");
  snmpd.Advance(absl::Seconds(5));
  EXPECT_EQ(Get(snmpd, "4.8.0"), "NONE");
  EXPECT_EQ(Get(snmpd, "4.8.16"), "Counter64 2");
}

TEST_F(DisksTest, ShowsTheLongestTimeThatTheKernelCounts) {
  kernel_.Write("proc/diskstats", "8 0 sda 0 0 0 4294967295 0 0 0 0 0 0 0\n");
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(Get(snmpd, "6.8.0"), "Counter32 4294967295");
}

TEST_F(DisksTest, KeepsItsRowsAndNamesTheLineThatItCannotRead) {
  FakeSnmpd snmpd(Builder());
  for (const char* const line :
       {"8 0 sda", "8 x sda 1 2 3 4 5 6 7 8 9 10 11",
        "8 0 sda 1 2 3 4 5 6 7 8 9 10", "8 0 sda 1 2 3 4 five 6 7 8 9 10 11"}) {
    kernel_.Write("proc/diskstats", line);
    snmpd.Advance(absl::Seconds(5));
    EXPECT_THAT(errors_.Take(), ElementsAre(AllOf(HasSubstr("proc/diskstats"),
                                                  HasSubstr(line))));
  }
  kernel_.Remove("proc/diskstats");
  snmpd.Advance(absl::Seconds(5));
  EXPECT_THAT(errors_.Take(), ElementsAre(HasSubstr("proc/diskstats")));
  EXPECT_EQ(Get(snmpd, "3.254.0"), "STRING vda");
}

}  // namespace
}  // namespace host_agent
