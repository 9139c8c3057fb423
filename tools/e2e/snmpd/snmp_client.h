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
#include "absl/time/time.h"
#include "tools/process/subprocess.h"

namespace passpersist_testing {

// netSnmpPlaypen, the part of the tree that Net-SNMP leaves to experiments.
// A client takes and prints names below it relative to it: "1.0" is
// ".1.3.6.1.4.1.8072.9999.9999.1.0".
inline constexpr char kPlaypen[] = ".1.3.6.1.4.1.8072.9999.9999";

// The output of one of Net-SNMP's tools.
struct SnmpResult {
  int exit_status = 0;
  std::vector<std::string> bindings;  // "1.0 = INTEGER: 5"
  std::string error;                  // "notWritable"; empty without an error
  std::string failed_object;
  std::string diagnostics;  // its standard error

  friend std::ostream& operator<<(std::ostream& os, const SnmpResult& result);
};

struct SnmpAssignment {
  std::string name;
  std::string type;  // a letter of snmpset
  std::string value;
};

// Sends requests to a private snmpd with Net-SNMP's own tools. They send each
// request once, with a long time-out, so that no request is repeated.
//
// A value type.
class SnmpClient {
 public:
  // The tools look for configuration files in `directory`. Returns NotFound if
  // one of the tools is missing.
  static absl::StatusOr<SnmpClient> Create(int port, std::string community,
                                           std::string directory);

  // Returns the same client for SNMPv1 instead of SNMPv2c.
  SnmpClient V1() const;

  SnmpResult Get(const std::vector<std::string>& names) const;
  SnmpResult GetNext(const std::vector<std::string>& names) const;
  SnmpResult BulkGet(int non_repeaters, int max_repetitions,
                     const std::vector<std::string>& names) const;
  SnmpResult Set(const std::vector<SnmpAssignment>& assignments) const;
  SnmpResult Set(const std::string& name, const std::string& type,
                 const std::string& value) const;

  // An empty name is the playpen.
  SnmpResult Walk(const std::string& name) const;
  SnmpResult BulkWalk(const std::string& name, int max_repetitions = 10) const;

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
  SnmpClient() = default;

  std::unique_ptr<passpersist::tool::Subprocess> Start(
      const std::string& tool, const std::vector<std::string>& options,
      const std::vector<std::string>& names, absl::Duration limit) const;
  SnmpResult Run(const std::string& tool,
                 const std::vector<std::string>& options,
                 const std::vector<std::string>& names) const;

  std::string version_ = "2c";
  std::string community_;
  std::string peer_;
  std::string directory_;
};

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SNMPD_SNMP_CLIENT_H_
