// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_FIXTURE_H_
#define TOOLS_E2E_SNMPD_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "gtest/gtest.h"
#include "tools/e2e/private_snmpd.h"
#include "tools/e2e/process.h"
#include "tools/e2e/snmp_client.h"

namespace passpersist_testing {

// A test in front of a private snmpd. Also fails when snmpd doesn't outlive it,
// and when a sanitizer complains in an agent.
class SnmpdTest : public testing::Test {
 protected:
  SnmpdTest();
  ~SnmpdTest() override;

  void TearDown() override;

  // Starts snmpd with these lines of snmpd.conf, or fails fatally.
  void StartSnmpd(const std::vector<std::string>& lines);

  // The same with those of an example's snmpd.conf, which the test depends on,
  // and with what is there in the place of its paths: from, to.
  void StartSnmpd(
      const std::string& configuration,
      const std::vector<std::pair<std::string, std::string>>& paths);

  bool snmpd_started() const { return snmpd_ != nullptr; }

  // A file that the test may write to, and tell its agents to.
  std::string PathOf(const std::string& file) const;

  // The same for a socket, whose path must be shorter than those of the folders
  // of tests are.
  std::string SocketPathOf(const std::string& socket) const;

  PrivateSnmpd& snmpd() { return *snmpd_; }
  const SnmpClient& client() const { return snmpd_->client(); }

  // The only agent that runs. The test fails if there is none, or more.
  Process Agent() const;

  // By SIGKILL; return when that is done.
  void KillAgent();
  void KillSnmpd();

 private:
  const std::string folder_;
  const std::string socket_folder_;
  std::unique_ptr<PrivateSnmpd> snmpd_;
  bool snmpd_killed_ = false;
};

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_FIXTURE_H_
