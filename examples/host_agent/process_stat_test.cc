// SPDX-License-Identifier: Apache-2.0

#include "examples/host_agent/process_stat.h"

#include <optional>
#include <string>

#include "gtest/gtest.h"

namespace host_agent {
namespace {

constexpr char kRest[] =
    " 0 28739 28739 19711 0 -1 4194304 101 0 0 0 0 0 0 0 20 0 3 0 2904016"
    " 3133440 388 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0\n";

std::string LineOf(const std::string& name, char state) {
  std::string rest = kRest;
  return "28797 (" + name + ") " + state + rest.substr(2);
}

TEST(ProcessStatTest, ReadsNameStateThreadsAndMemory) {
  const std::optional<ProcessStat> stat =
      ProcessStat::Parse(LineOf("cat", 'R'));
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->name, "cat");
  EXPECT_EQ(stat->state, 'R');
  EXPECT_FALSE(stat->is_kernel_thread);
  EXPECT_EQ(stat->threads, 3u);
  EXPECT_EQ(stat->resident_pages, 388u);
}

TEST(ProcessStatTest, KnowsAKernelThreadByItsFlags) {
  const std::optional<ProcessStat> stat = ProcessStat::Parse(
      "2 (kthreadd) S 0 0 0 0 -1 2129984 0 0 0 0 0 1 0 0 20 0 1 0 21 0 0 "
      "18446744073709551615 0 0 0 0 0 0 0 2147483647 0 0 0 0 0 1 0 0\n");
  ASSERT_TRUE(stat);
  EXPECT_TRUE(stat->is_kernel_thread);
}

TEST(ProcessStatTest, ANameMayLookLikeTheRestOfTheLine) {
  for (const char* const name :
       {"", "a b", ") R 1 (", "(sd-pam)", "a\nb", ")"}) {
    const std::optional<ProcessStat> stat =
        ProcessStat::Parse(LineOf(name, 'S'));
    ASSERT_TRUE(stat) << name;
    EXPECT_EQ(stat->name, name);
    EXPECT_EQ(stat->state, 'S') << name;
  }
}

TEST(ProcessStatTest, RejectsOtherLines) {
  const std::string whole = LineOf("cat", 'R');
  for (const std::string& line :
       {std::string(), std::string(")("), whole.substr(0, 40),
        LineOf("cat", 'R').replace(whole.find("4194304"), 7, "flags")}) {
    EXPECT_FALSE(ProcessStat::Parse(line)) << line;
  }
}

}  // namespace
}  // namespace host_agent
