// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/processes.h"

#include <unistd.h>

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
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

// The suffix of a name is a table, 1, a column and an index.
class ProcessesTest : public ModuleTest {
 protected:
  ProcessesTest()
      : ModuleTest(AddProcesses, &RecordedKernel::proc,
                   ".1.3.6.1.4.1.8072.9999.9999.10.1.5") {}
};

TEST_F(ProcessesTest, CountsTheProcessesInEachState) {
  FakeSnmpd snmpd(Builder());
  std::string counts;
  for (const char* const state : {"1", "2", "3", "4", "5", "6", "7", "8"}) {
    counts += " " + Get(snmpd, std::string("1.1.2.") + state);
  }
  EXPECT_EQ(counts,
            " GAUGE 0 GAUGE 3 GAUGE 1 GAUGE 0 GAUGE 0 GAUGE 1 GAUGE 0 GAUGE 0");
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(ProcessesTest, AnUnknownStateCountsAsOther) {
  kernel_.Write("proc/3/stat",
                "3 (x) ? 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 1 0 0 0 0\n");
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(Get(snmpd, "1.1.2.8"), "GAUGE 1");
}

TEST_F(ProcessesTest, SumsTheProcessesOfEachName) {
  FakeSnmpd snmpd(Builder());
  const std::string bash = "4.98.97.115.104";
  EXPECT_EQ(Get(snmpd, "2.1.2." + bash), "GAUGE 2");
  EXPECT_EQ(Get(snmpd, "2.1.3." + bash), "GAUGE 2");
  EXPECT_EQ(Get(snmpd, "2.1.4." + bash),
            absl::StrCat("GAUGE ", 2 * 972 * sysconf(_SC_PAGESIZE) / 1024));
  EXPECT_EQ(Get(snmpd, "2.1.3.7.115.121.115.116.101.109.100"), "GAUGE 14");
  EXPECT_EQ(Get(snmpd, "2.1.2.4.97.41.32.98"), "GAUGE 1") << "\"a) b\"";
  const std::string kthreadd = "8.107.116.104.114.101.97.100.100";
  EXPECT_EQ(Get(snmpd, "2.1.2." + kthreadd), "NONE") << "a kernel thread";
}

TEST_F(ProcessesTest, RemovesAProcessThatHasEnded) {
  FakeSnmpd snmpd(Builder());
  kernel_.Remove("proc/131");      // before the update
  kernel_.Remove("proc/77/stat");  // during the update
  snmpd.Advance(absl::Seconds(10));
  EXPECT_EQ(Get(snmpd, "1.1.2.3"), "GAUGE 0");
  EXPECT_EQ(Get(snmpd, "1.1.2.6"), "GAUGE 0");
  EXPECT_EQ(Get(snmpd, "2.1.2.4.98.97.115.104"), "GAUGE 1");
  EXPECT_EQ(Get(snmpd, "2.1.2.4.97.41.32.98"), "NONE");
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(ProcessesTest, KeepsItsRowsAndNamesTheLineThatItCannotRead) {
  FakeSnmpd snmpd(Builder());
  kernel_.Write("proc/130/stat", "130 (bash) S what?\n");
  snmpd.Advance(absl::Seconds(10));
  EXPECT_THAT(errors_.Take(), ElementsAre(AllOf(HasSubstr("proc/130/stat"),
                                                HasSubstr("S what?"))));
  EXPECT_EQ(Get(snmpd, "1.1.2.2"), "GAUGE 3");
  EXPECT_EQ(Get(snmpd, "2.1.2.4.98.97.115.104"), "GAUGE 2");
}

}  // namespace
}  // namespace host_agent
