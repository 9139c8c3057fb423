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

namespace passpersist_testing {

// A test with a private snmpd. The test also fails if snmpd ends before it, and
// if a sanitizer reports an error in an agent.
class SnmpdTest : public testing::Test {
 protected:
  SnmpdTest();
  ~SnmpdTest() override;

  void TearDown() override;

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
  std::unique_ptr<PrivateSnmpd> snmpd_;
  bool snmpd_killed_ = false;
};

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_SNMPD_FIXTURE_H_
