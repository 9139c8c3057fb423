// SPDX-License-Identifier: Apache-2.0
//
// TimeStamps beside the sysUpTime.0 of snmpd.

#include <signal.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using testing::AllOf;
using testing::Ge;
using testing::Le;

// In hundredths of a second: more than a busy machine takes from the start of
// snmpd's process to the first statement of its main(). It took 2.
constexpr int64_t kStartOfSnmpd = 150;

class TimeStampTest : public PlaypenTest {
 protected:
  static std::string Line() {
    return AgentLine(kPlaypen, "reads/time_stamp_agent");
  }

  // The number in "1 = Timeticks: (150) 0:00:01.50".
  int64_t Get(const std::string& name) {
    const SnmpResult result = client().Get({name});
    int64_t ticks = -1;
    if (result.bindings.size() == 1) {
      const std::vector<absl::string_view> parts =
          absl::StrSplit(result.bindings[0], absl::ByAnyChar("()"));
      if (parts.size() == 3 && absl::SimpleAtoi(parts[1], &ticks)) return ticks;
    }
    ADD_FAILURE() << result;
    return -1;
  }
  int64_t SysUpTime() { return Get(".1.3.6.1.2.1.1.3.0"); }

  // Starts snmpd, and returns when an agent that is started now is so much
  // younger than snmpd that the two cannot be confused.
  void StartOldSnmpd(const std::string& line) {
    StartSnmpd({line});
    ASSERT_TRUE(Eventually([&] { return SysUpTime() > 2 * kStartOfSnmpd; }));
  }

  void ExpectTimeStampsOfSnmpd() {
    const int64_t before = SysUpTime();
    const int64_t time_stamp = Get("1");
    const int64_t after = SysUpTime();
    RecordProperty("sysUpTime.0 before", absl::StrCat(before));
    RecordProperty("TimeStamp", absl::StrCat(time_stamp));
    RecordProperty("sysUpTime.0 after", absl::StrCat(after));
    EXPECT_THAT(time_stamp, AllOf(Ge(before - 1), Le(after + kStartOfSnmpd)));
    EXPECT_EQ(Get("2"), 0);
  }
};

TEST_F(TimeStampTest, ATimeStampIsTheSysUpTimeOfItsEvent) {
  StartOldSnmpd(Line());
  ExpectTimeStampsOfSnmpd();
}

TEST_F(TimeStampTest, AShellBetweenSnmpdAndTheAgentChangesNothing) {
  // snmpd splits the line at blanks. The shell stays: it has another command.
  const std::string line = Line();
  const auto program = line.rfind(' ') + 1;
  std::ofstream(PathOf("wrapper"))
      << "sh -c '" << line.substr(program) << "; true'\ntrue\n";
  StartOldSnmpd(
      absl::StrCat(line.substr(0, program), "/bin/sh ", PathOf("wrapper")));
  ExpectTimeStampsOfSnmpd();
}

TEST_F(TimeStampTest, ASighupChangesNeither) {
  StartOldSnmpd(Line());
  ExpectTimeStampsOfSnmpd();
  ASSERT_EQ(kill(snmpd().pid(), SIGHUP), 0);
  ASSERT_TRUE(Eventually([&] {
    return absl::StrContains(snmpd().Log(), "Reconfiguring daemon");
  }));
  EXPECT_GT(SysUpTime(), 2 * kStartOfSnmpd);
  ExpectTimeStampsOfSnmpd();
}

}  // namespace
}  // namespace passpersist_testing
