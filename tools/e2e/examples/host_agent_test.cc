// SPDX-License-Identifier: Apache-2.0
//
// examples/host_agent with the names of its MIB and the line of its own
// snmpd.conf.

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "examples/host_agent/disks.h"
#include "examples/host_agent/interfaces.h"
#include "examples/host_agent/pressure.h"
#include "examples/host_agent/processes.h"
#include "examples/host_agent/recorded_kernel.h"
#include "examples/host_agent/sockets.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "store/trie_store.h"
#include "tools/e2e/examples/mib_objects.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/runfile.h"
#include "transport/testing/fake_snmpd.h"

namespace passpersist_testing {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::StartsWith;

constexpr char kMib[] = "PASSPERSIST-HOST-MIB";
constexpr char kBase[] = ".1.3.6.1.4.1.8072.9999.9999.10";

std::vector<std::string> LinesOf(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

// --- The module ---

TEST(HostMibTest, HasExactlyTheServedObjects) {
  const host_agent::RecordedKernel kernel;
  passpersist::AgentBuilder builder;
  builder.SetStoreFactory(passpersist::TrieStore::Factory());
  host_agent::AddInterfaces(builder, kernel.sys());
  host_agent::AddDisks(builder, kernel.proc());
  host_agent::AddPressure(builder, kernel.proc());
  host_agent::AddSockets(builder, kernel.proc());
  host_agent::AddProcesses(builder, kernel.proc());
  FakeSnmpd snmpd(std::move(builder));

  std::map<std::string, std::string> unserved =
      AccessibleObjects(kMib, {"hostIfIndex", "hostDiskMajor", "hostDiskMinor",
                               "hostPressureResource", "hostPressureKind",
                               "hostProcState", "hostProcName"});
  const std::map<std::string, std::string> objects = unserved;
  EXPECT_THAT(objects, Contains(Key(absl::StrCat(kBase, ".1.1.1.1.2"))));
  for (const std::string& instance : snmpd.Walk(kBase)) {
    const auto owner =
        std::find_if(objects.begin(), objects.end(), [&](const auto& object) {
          return absl::StartsWith(instance, object.first + ".");
        });
    if (owner == objects.end()) {
      ADD_FAILURE() << instance << " isn't in the MIB";
    } else {
      unserved.erase(owner->first);
    }
  }
  EXPECT_THAT(unserved, IsEmpty());
}

// --- Under snmpd ---

// Returns the first number in a text; 0 if there is none.
uint64_t NumberIn(const std::string& text) {
  uint64_t number = 0;
  std::istringstream(text) >> number;
  return number;
}

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

class HostAgentTest : public PlaypenTest {
 protected:
  void SetUp() override {
    const std::string mibs = Runfile("testdata/mibs");
    options().mib_modules = {kMib};
    options().mib_directories = {mibs, mibs + "/stand_ins"};
    StartSnmpd("examples/host_agent/snmpd.conf",
               {{"/usr/local/lib/snmp", Runfile("examples/host_agent")},
                {"/run/host_agent/", SocketPathOf("")}});
  }

  uint64_t Number(const std::string& name) {
    return NumberIn(client().Run("snmpget", {"-Oqv"}, {name}).output);
  }
};

TEST_F(HostAgentTest, AWalkShowsNamesAndTheTypesThatTheyHave) {
  const std::string walk =
      client().Run("snmpwalk", {"-OS"}, {"passpersistHostMIB"}).output;
  EXPECT_THAT(walk, Not(HasSubstr("Wrong Type")));
  for (const std::string& line : LinesOf(walk)) {
    EXPECT_THAT(line, StartsWith("PASSPERSIST-HOST-MIB::host"));
  }
  EXPECT_THAT(walk, HasSubstr("::hostIfName.1 = STRING: lo\n"));
  EXPECT_THAT(walk, HasSubstr("::hostIfAddress.1 = STRING: 0:0:0:0:0:0\n"));
  EXPECT_THAT(walk, HasSubstr("::hostIfCarrier.1 = INTEGER: true(1)\n"));
  EXPECT_THAT(walk, HasSubstr("::hostSocketsUsed.0 = Gauge32: "));
  EXPECT_THAT(walk, HasSubstr("::hostProcStateCount.sleeping = Gauge32: "));
  EXPECT_THAT(walk, HasSubstr("::hostProcCount.\"host_agent\" = Gauge32: "));
}

// A counter has a value that the kernel's counter had during the test.
TEST_F(HostAgentTest, TheLoopbackHasTheCountersOfTheKernel) {
  const std::string lo = "/sys/class/net/lo/";
  const uint64_t before = NumberIn(TextOf(lo + "statistics/rx_bytes"));
  const std::string index = absl::StrCat(NumberIn(TextOf(lo + "ifindex")));
  const uint64_t octets = Number("hostIfInOctets." + index);
  EXPECT_GE(octets, before);
  EXPECT_LE(octets, NumberIn(TextOf(lo + "statistics/rx_bytes")));
  EXPECT_EQ(Number("hostIfMtu." + index), NumberIn(TextOf(lo + "mtu")));
}

TEST_F(HostAgentTest, SnmptableHasARowForEachInterface) {
  const std::vector<std::vector<std::string>> table =
      client().Table("hostIfTable");
  ASSERT_THAT(table, Not(IsEmpty()));
  EXPECT_THAT(table[0],
              ElementsAre("index", "hostIfName", "hostIfAddress", "hostIfMtu",
                          "hostIfSpeed", "hostIfCarrier", "hostIfInOctets",
                          "hostIfInPackets", "hostIfInErrors", "hostIfInDrops",
                          "hostIfOutOctets", "hostIfOutPackets",
                          "hostIfOutErrors", "hostIfOutDrops"));
  for (const auto& directory :
       std::filesystem::directory_iterator("/sys/class/net")) {
    if (!std::filesystem::exists(directory.path() / "ifindex")) continue;
    const uint64_t index = NumberIn(TextOf(directory.path() / "ifindex"));
    EXPECT_THAT(
        table, Contains(AllOf(Contains(absl::StrCat(index)),
                              Contains(directory.path().filename().string()))));
  }
}

TEST_F(HostAgentTest, SnmptableHasARowForEachDisk) {
  const std::string before = TextOf("/proc/diskstats");
  const std::vector<std::vector<std::string>> table =
      client().Table("hostDiskTable");
  const std::vector<std::string> after = LinesOf(TextOf("/proc/diskstats"));
  ASSERT_EQ(table.size(), after.size() + 1) << "the first row has the names";
  size_t i = 0;
  for (const std::string& line : LinesOf(before)) {
    const std::vector<std::string> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    const std::vector<std::string> last =
        absl::StrSplit(after[i++], ' ', absl::SkipEmpty());
    const std::string index = absl::StrCat(words[0], ".", words[1]);
    const auto row =
        std::find_if(table.begin(), table.end(),
                     [&](const auto& cells) { return cells[0] == index; });
    ASSERT_NE(row, table.end()) << index;
    EXPECT_EQ((*row)[1], words[2]);
    const uint64_t reads = NumberIn((*row)[2]);
    EXPECT_GE(reads, NumberIn(words[3])) << index;
    EXPECT_LE(reads, NumberIn(last[3])) << index;
  }
}

TEST_F(HostAgentTest, OpensTheGivenDebugSocket) {
  client().Get({"hostSocketsUsed.0"});
  EXPECT_TRUE(std::filesystem::is_socket(SocketPathOf("debug.sock")));
}

}  // namespace
}  // namespace passpersist_testing
