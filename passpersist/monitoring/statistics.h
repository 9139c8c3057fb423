// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_MONITORING_STATISTICS_H_
#define PASSPERSIST_MONITORING_STATISTICS_H_

#include <sys/types.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/monitoring/latency_histogram.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

// What AgentMonitor reports about a running agent. All are value types.

// The configuration of an agent.
struct Description {
  struct Subtree {
    Oid root;
    std::string store;  // class name, such as "passpersist::BtreeStore"
    // Of updates, or the time to live of values that are filled on demand; zero
    // for a store without updates.
    absl::Duration period;
    bool is_on_demand = false;
  };

  std::string program;
  pid_t pid = 0;
  absl::Time started;
  std::string codec;              // class name of the codec that snmpd uses
  std::vector<Subtree> subtrees;  // in OID order
  std::vector<Oid> setters;       // roots of the setters, in OID order
};

// The counters of an agent since it started.
struct Statistics {
  // The requests of one kind.
  struct Requests {
    uint64_t count = 0;    // for a dump: its pages
    uint64_t refused = 0;  // answered with an error status
    uint64_t absent = 0;   // exceptions (noSuchInstance, …) in the responses
    LatencyHistogram latency;  // the time to make and encode a response
  };

  // Indexed by the alternatives of Operation.
  using ByKind = std::array<Requests, std::variant_size_v<Operation>>;

  struct Subtree {
    Oid root;
    size_t instances = 0;
    size_t memory = 0;  // bytes, see OidStore::ApproximateMemory()

    // The following fields keep their initial values if the subtree has no
    // update.
    bool has_update = false;
    uint64_t updates = 0;    // finished runs, including failures
    uint64_t failures = 0;   // runs that failed
    uint64_t unchanged = 0;  // runs that called Contents::SetUnchanged()
    // Errors of single instances in the run that the present instances are
    // from: see Contents::error_count().
    size_t instance_errors = 0;
    bool updating = false;
    std::optional<absl::Duration> running_time;  // of the run in progress
    absl::Duration last_duration;
    // Since the end of the last successful run, if there was one.
    std::optional<absl::Duration> age;
    absl::Status last_error;  // OK if no run has failed
    std::optional<absl::Duration> last_error_age;
  };

  // A reported error and its number of reports.
  struct Error {
    absl::Status status;
    uint64_t count = 0;
    absl::Time last;
  };

  absl::Duration uptime;
  ByKind peer;  // snmpd's requests
  // Requests of snmpd that waited for user code until the waiting limit
  // (AgentBuilder::SetWaitingLimit()).
  uint64_t late_answers = 0;
  // Requests of the connections that listeners accepted, except those that the
  // codec answers itself.
  ByKind debug_clients;
  uint64_t open_connections = 0;
  uint64_t total_connections = 0;
  std::vector<Subtree> subtrees;  // in OID order
  uint64_t error_count = 0;       // reports of errors, of all kinds
  std::vector<Error> errors;  // the 32 most recent different ones, oldest first
};

}  // namespace passpersist

#endif  // PASSPERSIST_MONITORING_STATISTICS_H_
