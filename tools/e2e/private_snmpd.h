// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_PRIVATE_SNMPD_H_
#define TOOLS_E2E_PRIVATE_SNMPD_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/e2e/process.h"
#include "tools/e2e/snmp_client.h"
#include "tools/e2e/subprocess.h"

namespace passpersist_testing {

// The machine's own snmpd as a child of the test: on loopback, on a port that
// nobody else has, with a folder of its own and nothing from /etc. Any number
// of them may run at once, with or without root's rights.
//
// Used by one thread at a time.
class PrivateSnmpd {
 public:
  struct Options {
    // Of snmpd.conf. Who may ask and set is in it already.
    std::vector<std::string> lines;
    // The port that is tried first; 0 leaves the choice to the kernel.
    int first_port = 0;
  };

  // Returns once snmpd answers. An error has the end of its log.
  static absl::StatusOr<std::unique_ptr<PrivateSnmpd>> Start(
      const Options& options);

  // Like Stop(). Then it kills the agents that still run, and removes the
  // folder.
  ~PrivateSnmpd();

  PrivateSnmpd(const PrivateSnmpd&) = delete;
  PrivateSnmpd& operator=(const PrivateSnmpd&) = delete;

  const SnmpClient& client() const { return *client_; }
  const std::string& folder() const { return folder_; }
  const std::string& community() const { return community_; }
  int port() const { return port_; }
  pid_t pid() const { return process_->pid(); }

  // The programs of pass_persist lines that have been started and still run.
  std::vector<Process> Agents() const;

  std::string Log() const;

  // What a sanitizer found in one of the agents; empty if there is nothing. It
  // has no other way to tell: what an agent prints, it prints to nowhere.
  std::string SanitizerReport() const;

  // By SIGTERM, and if that isn't heard within `limit` by SIGKILL. OK if it
  // still ran, and ended in order.
  absl::Status Stop(absl::Duration limit = absl::Seconds(20));

  // By SIGKILL, without a word to the agents.
  void Kill();

 private:
  explicit PrivateSnmpd(std::string folder);

  absl::Status WriteConfiguration(const std::vector<std::string>& lines);
  absl::Status StartOnAnyPort(const std::string& program, int first_port);
  absl::Status StartOnPort(const std::string& program, int port);

  const std::string folder_;
  const std::string community_;
  int port_ = 0;
  std::unique_ptr<Subprocess> process_;
  std::vector<Process> agents_;  // when it was ended
  std::unique_ptr<SnmpClient> client_;
};

// The line of snmpd.conf for a program of this package. snmpd cuts arguments at
// blanks and knows no quotes.
std::string AgentLine(absl::string_view base, absl::string_view program,
                      const std::vector<std::string>& arguments = {});

// A new folder for what a test needs: in that of all tests, or in `parent`.
absl::StatusOr<std::string> MakeFolder();
absl::StatusOr<std::string> MakeFolder(absl::string_view parent);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_PRIVATE_SNMPD_H_
