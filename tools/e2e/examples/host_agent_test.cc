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
#include <set>
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
#include "tools/e2e/snmpd/find_program.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/wait.h"
#include "tools/runfile.h"
#include "transport/testing/fake_snmpd.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Subprocess;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;
using testing::Not;
using testing::StartsWith;

constexpr char kMib[] = "testdata/mibs/PASSPERSIST-HOST-MIB.txt";
constexpr char kBase[] = ".1.3.6.1.4.1.8072.9999.9999.10";

// The modules of this project and the free modules of Debian's libsnmp-base.
std::string MibFolders() {
  return absl::StrCat(Runfile("testdata/mibs"), ":",
                      Runfile("testdata/mibs/stand_ins"),
                      ":/usr/share/snmp/mibs");
}

// Runs a program, which must succeed. Returns its output and standard error.
std::string OutputOf(const std::string& tool, const std::string& package,
                     const std::vector<std::string>& arguments) {
  const auto program = FindProgram(tool, package);
  if (!program.ok()) {
    ADD_FAILURE() << program.status();
    return "";
  }
  Subprocess::Options options;
  options.command = {*program};
  options.command.insert(options.command.end(), arguments.begin(),
                         arguments.end());
  options.environment = {"LC_ALL=C", absl::StrCat("MIBDIRS=", MibFolders()),
                         absl::StrCat("SMIPATH=", MibFolders()),
                         "MIBS=PASSPERSIST-HOST-MIB",
                         "SNMPCONFPATH=/nonexistent"};
  const auto process = Subprocess::Start(options);
  if (!process.ok()) {
    ADD_FAILURE() << process.status();
    return "";
  }
  EXPECT_EQ((*process)->Wait(kTimeout), 0)
      << tool << ": " << (*process)->standard_error();
  return absl::StrCat((*process)->standard_output(),
                      (*process)->standard_error());
}

std::vector<std::string> LinesOf(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

// --- The module ---

// Returns the accessible objects, by OID. Each line of smidump begins with the
// module and ends with the OID; indexes come first in their rows.
std::map<std::string, std::string> ObjectsOfTheMib() {
  const std::set<std::string> indexes = {
      "hostIfIndex",          "hostDiskMajor",    "hostDiskMinor",
      "hostPressureResource", "hostPressureKind", "hostProcState",
      "hostProcName"};
  std::map<std::string, std::string> objects;
  for (const std::string& line :
       LinesOf(OutputOf("smidump", "smitools",
                        {"-c/dev/null", "-fidentifiers", Runfile(kMib)}))) {
    const std::vector<std::string> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    if (words.size() == 4 && (words[2] == "column" || words[2] == "scalar") &&
        indexes.count(words[1]) == 0) {
      objects["." + words[3]] = words[1];
    }
  }
  return objects;
}

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

  std::map<std::string, std::string> unserved = ObjectsOfTheMib();
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
    StartSnmpd("examples/host_agent/snmpd.conf",
               {{"/usr/local/lib/snmp", Runfile("examples/host_agent")},
                {"/run/host_agent/", SocketPathOf("")}});
  }

  std::string Ask(const std::string& tool, std::vector<std::string> options,
                  const std::string& name) {
    options.insert(options.begin(), {"-v2c", "-c", snmpd().community()});
    options.push_back(absl::StrCat("127.0.0.1:", snmpd().port()));
    options.push_back(name);
    return OutputOf(tool, "snmp", options);
  }

  uint64_t Number(const std::string& name) {
    return NumberIn(Ask("snmpget", {"-Oqv"}, name));
  }

  // Returns the lines of snmptable: values separated by '|', the index first,
  // and the names in the first line.
  std::vector<std::string> Table(const std::string& name) {
    return LinesOf(Ask("snmptable", {"-Ci", "-CB", "-Cf", "|"}, name));
  }
};

TEST_F(HostAgentTest, AWalkShowsNamesAndTheTypesThatTheyHave) {
  const std::string walk = Ask("snmpwalk", {}, "passpersistHostMIB");
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
  const std::vector<std::string> table = Table("hostIfTable");
  ASSERT_THAT(table, Not(IsEmpty()));
  EXPECT_EQ(table[1],
            "index|hostIfName|hostIfAddress|hostIfMtu|hostIfSpeed|"
            "hostIfCarrier|hostIfInOctets|hostIfInPackets|hostIfInErrors|"
            "hostIfInDrops|hostIfOutOctets|hostIfOutPackets|hostIfOutErrors|"
            "hostIfOutDrops");
  for (const auto& directory :
       std::filesystem::directory_iterator("/sys/class/net")) {
    if (!std::filesystem::exists(directory.path() / "ifindex")) continue;
    const uint64_t index = NumberIn(TextOf(directory.path() / "ifindex"));
    EXPECT_THAT(table,
                Contains(StartsWith(absl::StrCat(
                    index, "|", directory.path().filename().string(), "|"))));
  }
}

TEST_F(HostAgentTest, SnmptableHasARowForEachDisk) {
  const std::string before = TextOf("/proc/diskstats");
  const std::vector<std::string> table = Table("hostDiskTable");
  const std::vector<std::string> after = LinesOf(TextOf("/proc/diskstats"));
  EXPECT_EQ(table.size(), after.size() + 2)
      << "the first two lines are the title and the names";
  size_t i = 0;
  for (const std::string& line : LinesOf(before)) {
    const std::vector<std::string> words =
        absl::StrSplit(line, ' ', absl::SkipEmpty());
    const std::vector<std::string> last =
        absl::StrSplit(after[i++], ' ', absl::SkipEmpty());
    const std::string head =
        absl::StrCat(words[0], ".", words[1], "|", words[2], "|");
    const auto row = std::find_if(
        table.begin(), table.end(),
        [&](const std::string& r) { return absl::StartsWith(r, head); });
    ASSERT_NE(row, table.end()) << head;
    const uint64_t reads = NumberIn(row->substr(head.size()));
    EXPECT_GE(reads, NumberIn(words[3])) << head;
    EXPECT_LE(reads, NumberIn(last[3])) << head;
  }
}

TEST_F(HostAgentTest, OpensTheGivenDebugSocket) {
  Ask("snmpget", {}, "hostSocketsUsed.0");
  EXPECT_TRUE(std::filesystem::is_socket(SocketPathOf("debug.sock")));
}

}  // namespace
}  // namespace passpersist_testing
