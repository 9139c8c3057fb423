// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/pressure.h"

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

// The suffix of a name is a column, a resource and a kind.
class PressureTest : public ModuleTest {
 protected:
  PressureTest()
      : ModuleTest(AddPressure, &RecordedKernel::proc,
                   ".1.3.6.1.4.1.8072.9999.9999.10.1.3.1.1") {}
};

TEST_F(PressureTest, ShowsSharesInHundredthsOfAPercent) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(Get(snmpd, "3.1.1"), "GAUGE 116");  // cpu, some
  EXPECT_EQ(Get(snmpd, "4.1.1"), "GAUGE 409");
  EXPECT_EQ(Get(snmpd, "5.1.1"), "GAUGE 2294");
  EXPECT_EQ(Get(snmpd, "6.1.1"), "Counter64 12077712115");
  EXPECT_EQ(Get(snmpd, "6.2.2"), "Counter64 0");         // memory, full
  EXPECT_EQ(Get(snmpd, "6.3.2"), "Counter64 38913616");  // io, full
  EXPECT_EQ(Get(snmpd, "5.4.2"), "GAUGE 10000");         // irq, full
  EXPECT_EQ(Get(snmpd, "5.4.1"), "NONE") << "irq has no line \"some\"";
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(PressureTest, AKernelWithoutPressureFilesIsNotAnError) {
  kernel_.Remove("proc/pressure");
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.4.1.8072.9999.9999.10"), IsEmpty());
  EXPECT_THAT(errors_.Take(), IsEmpty());
  kernel_.Write("proc/pressure/io",
                "some avg10=0.01 avg60=0.00 avg300=0.00 total=7\n");
  snmpd.Advance(absl::Seconds(2));
  EXPECT_EQ(Get(snmpd, "3.3.1"), "GAUGE 1");
}

TEST_F(PressureTest, KeepsItsRowsAndNamesTheLineThatItCannotRead) {
  FakeSnmpd snmpd(Builder());
  for (const char* const line :
       {"some avg10=1 avg60=0.00 avg300=0.00 total=0",
        "some avg10=1.16 avg60=0.00 avg300=0.00", "some avg10=1.16",
        "some avg10=1.16 avg60=0.00 avg300=0.00 total=-1",
        "most avg10=1.16 avg60=0.00 avg300=0.00 total=0"}) {
    kernel_.Write("proc/pressure/cpu", line);
    snmpd.Advance(absl::Seconds(2));
    EXPECT_THAT(errors_.Take(),
                ElementsAre(AllOf(HasSubstr("pressure/cpu"), HasSubstr(line))));
    EXPECT_EQ(Get(snmpd, "4.1.1"), "GAUGE 409");
  }
}

}  // namespace
}  // namespace host_agent
