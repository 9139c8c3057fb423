// SPDX-License-Identifier: Apache-2.0
//
// examples/settings: a file that people edit and managers set.

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/process/process.h"
#include "tools/process/testing/wait.h"
#include "tools/runfile.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Process;
using testing::ElementsAre;
using testing::IsSubsetOf;

// The root of the agent's table, below the playpen.
constexpr char kTable[] = "5";
constexpr char kValues[] = "5.1.3.";

constexpr char kFile[] =
    "; our phones\n"
    "\n"
    "[voip]\n"
    "  port = 5060\n"
    "  host=10.0.0.1\n"
    "# nothing below\n"
    "[mail]\n"
    "port = 25\n";

// Returns an index as Net-SNMP's tools read and print it.
constexpr char kPort[] = R"(5.1.3."voip"."port")";
constexpr char kPortPrinted[] = "5.1.3.4.118.111.105.112.4.112.111.114.116";

class SettingsTest : public PlaypenTest {
 protected:
  void SetUp() override {
    ASSERT_TRUE(std::filesystem::create_directory(PathOf("etc")));
    Write(kFile);
    StartSnmpd({absl::StrCat("pass_persist ", kPlaypen, ".", kTable, " ",
                             Runfile("examples/settings"), " ", File())});
  }

  std::string File() const { return PathOf("etc/settings.ini"); }

  // Replaces the file as editors do: an update never sees half of a file.
  void Write(absl::string_view text) const {
    std::ofstream(PathOf("edited")) << text;
    std::filesystem::rename(PathOf("edited"), File());
  }

  std::string Read() const {
    std::ifstream file(File());
    return {std::istreambuf_iterator<char>(file), {}};
  }

  // Returns the file's text with another port for phones.
  static std::string FileWith(absl::string_view port) {
    return absl::StrReplaceAll(kFile, {{"5060", port}});
  }

  static std::string PortIs(absl::string_view port) {
    return absl::StrCat(kPortPrinted, " = STRING: \"", port, "\"");
  }

  std::vector<std::string> NamesInTheFolder() const {
    std::vector<std::string> names;
    for (const auto& entry :
         std::filesystem::directory_iterator(PathOf("etc"))) {
      names.push_back(entry.path().filename());
    }
    return names;
  }
};

TEST_F(SettingsTest, WalkShowsEverySetting) {
  const auto settings =
      ElementsAre("5.1.3.4.109.97.105.108.4.112.111.114.116 = STRING: \"25\"",
                  "5.1.3.4.118.111.105.112.4.104.111.115.116 = "
                  "STRING: \"10.0.0.1\"",
                  PortIs("5060"));
  EXPECT_THAT(client().Walk(kTable).bindings, settings);
  EXPECT_THAT(client().BulkWalk(kTable).bindings, settings);
}

TEST_F(SettingsTest, SetChangesOneLineOfTheFile) {
  const SnmpResult set = client().Set(kPort, "s", "5061 ; \"tls\"");
  EXPECT_EQ(set.exit_status, 0) << set;
  EXPECT_EQ(Read(), FileWith("5061 ; \"tls\""));
  EXPECT_EQ(client().GetBytes(kPort), "5061 ; \"tls\"");
  EXPECT_EQ(client().Set(kPort, "s", "").exit_status, 0);
  EXPECT_EQ(Read(), FileWith(""));
  EXPECT_EQ(client().GetBytes(kPort), "");
  EXPECT_THAT(NamesInTheFolder(), ElementsAre("settings.ini"));
}

TEST_F(SettingsTest, RefusesValuesThatTheFileCanNotHold) {
  const struct {
    std::string key;
    std::string type;
    std::string value;
    std::string error;
  } kSets[] = {
      {"\"voip\".\"port\"", "i", "5061", "wrongType"},
      {"\"voip\".\"port\"", "s", std::string(256, '5'), "wrongLength"},
      {"\"voip\".\"port\"", "s", "5061\n[mail]", "wrongValue"},
      {"\"voip\".\"port\"", "s", " 5061", "wrongValue"},
      {"\"voip\".\"port\"", "x", "3500", "wrongValue"},
      {"\"voip\".\"colour\"", "s", "blue", "noCreation"},
      {"\"fax\".\"port\"", "s", "1", "noCreation"},
  };
  for (const auto& set : kSets) {
    const SnmpResult result =
        client().Set(kValues + set.key, set.type, set.value);
    EXPECT_EQ(result.error, set.error) << set.key << " = " << set.value;
  }
  EXPECT_EQ(client().Set("5.1.2.1", "s", "x").error, "notWritable");
  EXPECT_EQ(Read(), kFile);
}

TEST_F(SettingsTest, ShowsAndKeepsManualEdits) {
  EXPECT_THAT(client().Get({kPort}).bindings, ElementsAre(PortIs("5060")));
  const auto appears = [&](const std::string& port) {
    return Eventually([&] {
      return client().Get({kPort}).bindings == std::vector{PortIs(port)};
    });
  };
  Write("[new]\nport = 1\n" + FileWith("5062"));
  EXPECT_TRUE(appears("5062"));
  EXPECT_EQ(client().Set(kPort, "s", "5063").exit_status, 0);
  EXPECT_EQ(Read(), "[new]\nport = 1\n" + FileWith("5063"));

  Write("no settings\n");
  EXPECT_EQ(client().Set(kPort, "s", "5064").error, "resourceUnavailable");
  EXPECT_THAT(client().Get({kPort}).bindings, ElementsAre(PortIs("5063")));
  EXPECT_EQ(Read(), "no settings\n");

  Write(FileWith("5065"));
  EXPECT_TRUE(appears("5065"));
}

TEST_F(SettingsTest, KillLosesNothingThatWasAcknowledged) {
  for (int port = 1; port <= 10; ++port) {
    const SnmpResult set = client().Set(kPort, "s", absl::StrCat(port));
    ASSERT_EQ(set.exit_status, 0) << set;
    KillAgent();
    EXPECT_THAT(client().Get({kPort}).bindings,
                ElementsAre(PortIs(absl::StrCat(port))));
  }
}

TEST_F(SettingsTest, KillDuringSetsLeavesTheFileComplete) {
  // So large that many kills occur while the agent writes it.
  std::string comments;
  for (int line = 0; line < 20'000; ++line) {
    absl::StrAppend(&comments, "; line ", line, " of what people know\n");
  }
  Write(kFile + comments);
  // Each value has another length, so that a torn file is detected.
  const auto value = [](int set) {
    return absl::StrCat(set, std::string(set % 200, '.'));
  };
  ASSERT_EQ(client().Set(kPort, "s", value(0)).exit_status, 0);
  int acknowledged = 0;
  int sent = 0;
  for (int i = 0; i < 30; ++i) {
    client().Get({kPort});  // starts an agent
    const Process agent = Agent();
    std::thread killer([&] {
      absl::SleepFor(i * absl::Milliseconds(1));
      agent.Signal(SIGKILL);
    });
    do {
      ++sent;
      const SnmpResult set = client().Set(kPort, "s", value(sent));
      if (set.exit_status == 0) acknowledged = sent;
    } while (!agent.AwaitEnd(absl::ZeroDuration()));
    killer.join();

    std::vector<std::string> allowed;
    for (int set = acknowledged; set <= sent; ++set) {
      allowed.push_back(FileWith(value(set)) + comments);
    }
    const std::string file = Read();
    EXPECT_TRUE(std::count(allowed.begin(), allowed.end(), file))
        << "torn by kill " << i << ", or older than set " << acknowledged;
    const std::string answer = client().GetBytes(kPort).value_or("absent");
    EXPECT_TRUE(FileWith(answer) + comments == file) << answer;
    EXPECT_THAT(NamesInTheFolder(),
                IsSubsetOf({"settings.ini", ".settings.ini.new"}));
  }
  EXPECT_EQ(client().Set(kPort, "s", "5060").exit_status, 0);
  EXPECT_THAT(NamesInTheFolder(), ElementsAre("settings.ini"));
}

}  // namespace
}  // namespace passpersist_testing
