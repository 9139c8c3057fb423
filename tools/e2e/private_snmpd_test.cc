// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/private_snmpd.h"

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/process.h"
#include "tools/e2e/wait.h"

namespace passpersist_testing {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::unique_ptr<PrivateSnmpd> Start(const PrivateSnmpd::Options& options) {
  absl::StatusOr<std::unique_ptr<PrivateSnmpd>> snmpd =
      PrivateSnmpd::Start(options);
  EXPECT_TRUE(snmpd.ok()) << snmpd.status();
  return snmpd.ok() ? *std::move(snmpd) : nullptr;
}

TEST(PrivateSnmpdTest, AnswersAndIsStopped) {
  const auto snmpd = Start({});
  ASSERT_NE(snmpd, nullptr);
  EXPECT_THAT(snmpd->Agents(), IsEmpty());
  EXPECT_TRUE(snmpd->client().IsAnswered(kPatience));
  const absl::Status stopped = snmpd->Stop();
  EXPECT_TRUE(stopped.ok()) << stopped;
  EXPECT_FALSE(snmpd->Stop().ok());
}

TEST(PrivateSnmpdTest, SeveralRunSideBySide) {
  std::vector<std::unique_ptr<PrivateSnmpd>> snmpds;
  for (int i = 0; i < 3; ++i) {
    snmpds.push_back(Start({}));
    ASSERT_NE(snmpds.back(), nullptr);
  }
  snmpds[1].reset();
  EXPECT_TRUE(snmpds[0]->client().IsAnswered(kPatience));
  EXPECT_TRUE(snmpds[2]->client().IsAnswered(kPatience));
  EXPECT_NE(snmpds[0]->port(), snmpds[2]->port());
}

TEST(PrivateSnmpdTest, TakesAnotherPortIfTheFirstIsTaken) {
  const auto first = Start({});
  ASSERT_NE(first, nullptr);
  PrivateSnmpd::Options options;
  options.first_port = first->port();
  const auto second = Start(options);
  ASSERT_NE(second, nullptr);
  EXPECT_NE(second->port(), first->port());
  EXPECT_TRUE(first->client().IsAnswered(kPatience));
}

TEST(PrivateSnmpdTest, LeavesNoFolderBehind) {
  auto snmpd = Start({});
  ASSERT_NE(snmpd, nullptr);
  const std::string folder = snmpd->folder();
  EXPECT_TRUE(std::filesystem::exists(folder));
  snmpd.reset();
  EXPECT_FALSE(std::filesystem::exists(folder));
}

// The agent stops while snmpd waits for it, which hears nothing meanwhile.
TEST(PrivateSnmpdTest, EndsAnSnmpdThatHangs) {
  const absl::StatusOr<std::string> folder = MakeFolder();
  ASSERT_TRUE(folder.ok()) << folder.status();
  PrivateSnmpd::Options options;
  options.lines = {
      AgentLine(kPlaypen, "stopping_agent", {absl::StrCat(*folder, "/file")})};
  auto snmpd = Start(options);
  ASSERT_NE(snmpd, nullptr);
  const std::unique_ptr<Subprocess> walk = snmpd->client().StartWalk("");
  ASSERT_TRUE(Eventually([&] { return !snmpd->Agents().empty(); }));
  const Process agent = snmpd->Agents()[0];
  ASSERT_TRUE(agent.AwaitStop());
  EXPECT_THAT(snmpd->Stop(absl::Milliseconds(100)).message(),
              HasSubstr("SIGTERM"));
  snmpd.reset();
  EXPECT_TRUE(agent.AwaitEnd());
  std::filesystem::remove_all(*folder);
}

}  // namespace
}  // namespace passpersist_testing
