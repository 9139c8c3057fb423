// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_SNMPD_FIXTURE_H_
#define TOOLS_E2E_SNMPD_SNMPD_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tools/e2e/snmpd/private_snmpd.h"
#include "tools/e2e/snmpd/snmp_client.h"
#include "tools/process/process.h"
#include "tools/runfile.h"  // for the paths of options()

namespace passpersist_testing {

// A test with a private snmpd: of an agent as a program, end to end.
//
//   class DiskAgentTest : public SnmpdTest {
//    protected:
//     void SetUp() override {
//       options().mib_modules = {"ACME-DISK-MIB"};
//       options().mib_directories = {Runfile("disks/mibs")};
//       StartSnmpd({PassPersistLine(".1.3.6.1.4.1.32473.1", "disks/agent")});
//     }
//   };
//
//   TEST_F(DiskAgentTest, ServesADisk) {
//     EXPECT_THAT(client().Table("acmeDiskTable"),
//                 ElementsAre(ElementsAre("index", "acmeDiskModel"),
//                             ElementsAre("1", "WD40")));
//   }
//
// The cc_test has the agent and the MIB modules in `data`, and depends on
//
//   "//tools/e2e/snmpd:snmpd_fixture",
//   "@com_google_googletest//:gtest_main",
//
// The machine needs the Debian packages snmpd and snmp. All files are in
// directories of the test, all ports are free ones, and all processes end with
// the test. It also fails if snmpd ends before it, and if a sanitizer reports
// an error in an agent.
class SnmpdTest : public testing::Test {
 protected:
  SnmpdTest();
  ~SnmpdTest() override;

  void TearDown() override;

  // May be changed before StartSnmpd(), which sets the lines.
  PrivateSnmpd::Options& options() { return options_; }

  // Starts snmpd with these lines of snmpd.conf, or fails fatally.
  void StartSnmpd(const std::vector<std::string>& lines);

  // Like the other StartSnmpd(), with the lines of an example's snmpd.conf,
  // which the test depends on. `paths` are replacements for its paths: from,
  // to.
  void StartSnmpd(
      const std::string& configuration,
      const std::vector<std::pair<std::string, std::string>>& paths);

  bool snmpd_started() const { return snmpd_ != nullptr; }

  // Returns the path of a file for the test and its agents.
  std::string PathOf(const std::string& file) const;

  // Like PathOf(), for a socket: its path must be shorter than the paths of the
  // directories of tests.
  std::string SocketPathOf(const std::string& socket) const;

  PrivateSnmpd& snmpd() { return *snmpd_; }
  const SnmpClient& client() const { return snmpd_->client(); }

  // Returns the only agent that runs. The test fails if the number of agents is
  // not one.
  passpersist::tool::Process Agent() const;

  // Kill by SIGKILL and wait for the end.
  void KillAgent();
  void KillSnmpd();

 private:
  const std::string directory_;
  const std::string socket_directory_;
  PrivateSnmpd::Options options_;
  std::unique_ptr<PrivateSnmpd> snmpd_;
  bool snmpd_killed_ = false;
};

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_SNMPD_FIXTURE_H_
