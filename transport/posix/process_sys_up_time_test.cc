// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/process_sys_up_time.h"

#include <time.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;

// The rest of a file /proc/PID/stat of Linux 6.1 after the parent and before
// the start time.
constexpr char kFields5To21[] =
    "1 1 0 -1 4194560 2217 0 36 0 139 94 0 0 20 0 1 0";

// A recorded tree: self is the process 100, whose ancestors are 30, 20 and 1.
class ProcessSysUpTimeTest : public testing::Test {
 protected:
  ProcessSysUpTimeTest() {
    Record("self", 100, "agent", 30, 5000);
    Record("30", 30, "sh", 20, 4000);
    Record("20", 20, "sh", 1, 3000);
    Record("1", 1, "systemd", 0, 10);
  }

  // `start`: in seconds since the boot.
  static void Record(const std::string& directory, int pid,
                     const std::string& name, int parent, int start) {
    RecordText(
        directory,
        absl::StrCat(pid, " (", name, ") S ", parent, " ", kFields5To21, " ",
                     start * sysconf(_SC_CLK_TCK),
                     " 20037632 4006 18446744073709551615 1 1 0 0 0 0\n"));
  }
  static void RecordText(const std::string& directory, absl::string_view text) {
    std::filesystem::create_directory(directory);
    std::ofstream(directory + "/stat") << text;
  }

  // The seconds between the boot and the time at which sysUpTime was 0, rounded
  // to thousands, since the clocks are read one after the other; or the error.
  static std::string Start(pid_t pid = 0) {
    const absl::StatusOr<absl::Time> zero = ProcessSysUpTime({pid, "."}).Zero();
    if (!zero.ok()) return zero.status().ToString();
    timespec since_boot;
    EXPECT_EQ(clock_gettime(CLOCK_BOOTTIME, &since_boot), 0);
    const absl::Time boot =
        absl::Now() - absl::DurationFromTimespec(since_boot);
    return absl::StrCat(
        std::llround(absl::ToDoubleSeconds(*zero - boot) / 1000) * 1000);
  }

 private:
  const passpersist_testing::ScopedTempDir directory_;
};

TEST_F(ProcessSysUpTimeTest, CountsFromTheNearestAncestorThatIsSnmpd) {
  Record("20", 20, "snmpd", 1, 3000);
  EXPECT_EQ(Start(), "3000");
  Record("30", 30, "snmpd", 20, 4000);
  EXPECT_EQ(Start(), "4000");
}

TEST_F(ProcessSysUpTimeTest, WithoutSnmpdCountsFromTheParent) {
  EXPECT_EQ(Start(), "4000");
  Record("30", 30, "snmpd-like", 20, 4000);
  Record("20", 20, "not snmpd", 1, 3000);
  EXPECT_EQ(Start(), "4000");
}

TEST_F(ProcessSysUpTimeTest, CountsFromAnyProcess) {
  EXPECT_EQ(Start(20), "3000");
  EXPECT_EQ(Start(21), "NOT_FOUND: ./21/stat cannot be read");
}

TEST_F(ProcessSysUpTimeTest, ReadsNamesWithBlanksAndParentheses) {
  for (const std::string name :
       {"a b", "a) S 1 (b", "()", "", ") S 7 7 7 7 7 7 7 7 7"}) {
    Record("30", 30, name, 20, 4000);
    Record("20", 20, "snmpd", 1, 3000);
    EXPECT_EQ(Start(), "3000") << name;
    EXPECT_EQ(Start(30), "4000") << name;
  }
}

TEST_F(ProcessSysUpTimeTest, AnAncestorThatCannotBeReadIsAnError) {
  std::filesystem::remove("20/stat");
  EXPECT_EQ(Start(), "NOT_FOUND: ./20/stat cannot be read");
  std::filesystem::remove("self/stat");
  EXPECT_EQ(Start(), "NOT_FOUND: ./self/stat cannot be read");
}

TEST_F(ProcessSysUpTimeTest, AProcessWithoutAVisibleParentIsAnError) {
  Record("self", 1, "agent", 0, 5000);
  EXPECT_EQ(Start(), "NOT_FOUND: this process has no visible parent");
}

TEST_F(ProcessSysUpTimeTest, AnUnknownFormIsAnError) {
  for (const char* const text :
       {"", "20", "20 (sh", "20 (sh)", "20 (sh) S 1 1 1", ")20 (sh S 1",
        "20 (sh) S x 1 1 0 -1 4194560 2217 0 36 0 139 94 0 0 20 0 1 0 300",
        "20 (sh) S 1 1 1 0 -1 4194560 2217 0 36 0 139 94 0 0 20 0 1 0 -3"}) {
    RecordText("20", text);
    EXPECT_EQ(Start(20), "DATA_LOSS: ./20/stat has an unknown form") << text;
  }
}

TEST_F(ProcessSysUpTimeTest, EndsWhereProcessNumbersMakeACircle) {
  Record("20", 20, "sh", 30, 3000);
  EXPECT_EQ(Start(), "4000");
}

TEST_F(ProcessSysUpTimeTest, ReadsTheSystem) {
  ProcessSysUpTime of_this_process({getpid()});
  const absl::StatusOr<absl::Time> start = of_this_process.Zero();
  ASSERT_THAT(start, IsOk());
  EXPECT_LE(*start, absl::Now());
  const absl::StatusOr<absl::Time> zero = ProcessSysUpTime().Zero();
  ASSERT_THAT(zero, IsOk());
  EXPECT_LE(*zero, absl::Now());
}

}  // namespace
}  // namespace passpersist
