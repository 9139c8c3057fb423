// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_PRIVATE_SNMPD_H_
#define TOOLS_E2E_SNMPD_PRIVATE_SNMPD_H_

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/e2e/snmpd/snmp_client.h"
#include "tools/process/process.h"
#include "tools/process/subprocess.h"

namespace passpersist_testing {

// The machine's snmpd as a child of the test: on loopback, on a free port, with
// a directory of its own and no configuration from /etc. Any number of them may
// run at once, with or without root's rights.
//
// Used by one thread at a time.
class PrivateSnmpd {
 public:
  struct Options {
    // More lines of snmpd.conf. The access rights are in it already.
    std::vector<std::string> lines;
    // The port that is tried first; 0 lets the kernel choose.
    int first_port = 0;
    // Those of client(): see SnmpClient::Options.
    std::string base;
    std::vector<std::string> mib_modules;
    std::vector<std::string> mib_directories;
  };

  // Returns once snmpd answers. The message of an error has the end of snmpd's
  // log.
  static absl::StatusOr<std::unique_ptr<PrivateSnmpd>> Start(
      const Options& options);

  // Calls Stop(), kills the agents that still run, and removes the directory.
  ~PrivateSnmpd();

  PrivateSnmpd(const PrivateSnmpd&) = delete;
  PrivateSnmpd& operator=(const PrivateSnmpd&) = delete;

  const SnmpClient& client() const { return *client_; }
  const std::string& directory() const { return directory_; }
  const std::string& community() const { return community_; }
  int port() const { return port_; }
  pid_t pid() const { return process_->pid(); }

  // Returns the programs of pass_persist lines that still run.
  std::vector<passpersist::tool::Process> Agents() const;

  std::string Log() const;

  // Returns what a sanitizer found in the agents; empty if it found nothing.
  // The sanitizers write to files, since the standard error of an agent is
  // discarded.
  std::string SanitizerReport() const;

  // Ends snmpd by SIGTERM, and by SIGKILL if it still runs after `limit`.
  // Returns OK if snmpd was running and ended normally.
  absl::Status Stop(absl::Duration limit = absl::Seconds(20));

  // Ends snmpd by SIGKILL, so it can't notify its agents.
  void Kill();

 private:
  explicit PrivateSnmpd(std::string directory);

  absl::Status WriteConfiguration(const std::vector<std::string>& lines);
  absl::Status StartOnAnyPort(const std::string& program,
                              const Options& options);
  absl::Status StartOnPort(const std::string& program, int port,
                           const Options& options);

  const std::string directory_;
  const std::string community_;
  int port_ = 0;
  std::unique_ptr<passpersist::tool::Subprocess> process_;
  std::vector<passpersist::tool::Process>
      agents_;  // those that ran when snmpd was ended
  std::unique_ptr<SnmpClient> client_;
};

// Returns the line of snmpd.conf for a program, which the test depends on.
// `program` is its path relative to the workspace, or absolute. snmpd splits
// arguments at blanks and has no quotes.
std::string PassPersistLine(absl::string_view base, absl::string_view program,
                            const std::vector<std::string>& arguments = {});

// Makes a new directory for the files of a test, in the directory of all tests
// or in `parent`.
absl::StatusOr<std::string> MakeDirectory();
absl::StatusOr<std::string> MakeDirectory(absl::string_view parent);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_PRIVATE_SNMPD_H_
