// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SNMPD_SNMP_CLIENT_H_
#define TOOLS_E2E_SNMPD_SNMP_CLIENT_H_

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/process/subprocess.h"

namespace passpersist_testing {

// The output of one of Net-SNMP's tools.
struct SnmpResult {
  int exit_status = 0;
  std::string output;                 // its standard output
  std::vector<std::string> bindings;  // ".1.3.6.1.2.1.1.7.0 = INTEGER: 72"
  std::string error;                  // "notWritable"; empty without an error
  std::string failed_object;
  std::string diagnostics;  // its standard error

  // Prints the bindings and the diagnostics.
  friend std::ostream& operator<<(std::ostream& os, const SnmpResult& result);
};

struct SnmpAssignment {
  std::string name;
  std::string type;  // a letter of snmpset; "=" takes it from the MIB
  std::string value;
};

// Sends requests to a private snmpd with Net-SNMP's own tools. They send each
// request once, with a long time-out, so that no request is repeated.
//
// A name is numeric, with a leading dot or relative to Options::base, or the
// name of an object of a loaded MIB module, such as "ifDescr.1". Names in
// bindings are always numeric, and relative to the base if they are below it.
// With a base of .1.3.6.1.4.1.8072.9999.9999, "1.0" is
// .1.3.6.1.4.1.8072.9999.9999.1.0.
//
// A value type. Safe for concurrent use.
class SnmpClient {
 public:
  struct Options {
    int port = 0;
    std::string community;
    // The tools look for configuration files there.
    std::string directory;
    // With a leading dot, or empty: all names are then absolute.
    std::string base;
    // MIB modules that the tools load, with all modules that these import.
    // Without any, they load none.
    std::vector<std::string> mib_modules;
    // Directories to look for modules in, after the usual ones.
    std::vector<std::string> mib_directories;
  };

  // Returns NotFound if one of the tools is missing.
  static absl::StatusOr<SnmpClient> Create(Options options);

  // Returns the same client for SNMPv1 instead of SNMPv2c.
  SnmpClient V1() const;

  SnmpResult Get(const std::vector<std::string>& names) const;
  SnmpResult GetNext(const std::vector<std::string>& names) const;
  SnmpResult BulkGet(int non_repeaters, int max_repetitions,
                     const std::vector<std::string>& names) const;
  SnmpResult Set(const std::vector<SnmpAssignment>& assignments) const;
  SnmpResult Set(const std::string& name, const std::string& type,
                 const std::string& value) const;

  // An empty name is the base.
  SnmpResult Walk(const std::string& name) const;
  SnmpResult BulkWalk(const std::string& name, int max_repetitions = 10) const;

  // The cells that snmptable prints: the heading, which begins with "index",
  // then the rows. Requires a loaded module that defines the table. Fails the
  // test if snmptable fails. An absent cell is "?".
  std::vector<std::vector<std::string>> Table(const std::string& name) const;

  // Runs any tool, such as "snmptranslate", with these options and names.
  SnmpResult Run(const std::string& tool,
                 const std::vector<std::string>& options,
                 const std::vector<std::string>& names) const;

  // Start and finish a Walk().
  std::unique_ptr<passpersist::tool::Subprocess> StartWalk(
      const std::string& name) const;
  SnmpResult Finish(std::unique_ptr<passpersist::tool::Subprocess> walk) const;

  // Returns the bytes of a string, which Walk() and Get() print in various
  // forms; nullopt if the value is not a string.
  std::optional<std::string> GetBytes(const std::string& name) const;
  using Strings = std::vector<std::pair<std::string, std::string>>;
  Strings WalkBytes(const std::string& name) const;
  Strings BulkWalkBytes(const std::string& name) const;

  // Returns true if snmpd answers within `limit`.
  bool IsAnswered(absl::Duration limit) const;

 private:
  explicit SnmpClient(Options options);

  std::string AbsoluteName(const std::string& name) const;
  absl::string_view ShortName(absl::string_view name) const;
  std::vector<std::string> ParseBindings(absl::string_view output) const;

  std::unique_ptr<passpersist::tool::Subprocess> Start(
      const std::string& tool, const std::vector<std::string>& options,
      const std::vector<std::string>& names, absl::Duration limit) const;

  Options options_;
  std::string version_ = "2c";
};

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_SNMP_CLIENT_H_
