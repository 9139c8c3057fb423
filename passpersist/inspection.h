// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_INSPECTION_H_
#define PASSPERSIST_INSPECTION_H_

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/latency_histogram.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

// What a running agent tells of itself to whoever debugs it: the answers to
// Describe, GetStatistics and RunUpdate, and the events that an Observer is
// told of. All are value types.

// What an agent is made of.
struct Description {
  struct Subtree {
    Oid root;
    std::string store;      // its class: "passpersist::BtreeStore"
    absl::Duration period;  // of updates; zero if its owner keeps it up to date
  };

  std::string program;
  pid_t pid = 0;
  absl::Time started;
  std::string codec;              // that snmpd's side speaks: its class
  std::vector<Subtree> subtrees;  // in OID order
  std::vector<Oid> setters;       // their roots, in OID order
};

// How an agent has fared since it began.
struct Statistics {
  // Of one kind of request.
  struct Requests {
    uint64_t count = 0;    // of a dump: its pages
    uint64_t refused = 0;  // answered with an error
    uint64_t absent = 0;   // exceptions (noSuchInstance, …) among the answers
    // Of finding and encoding the answer; a Watch and a RunUpdate find it when
    // something has happened.
    LatencyHistogram latency;
  };

  // By the alternatives of Operation.
  using ByKind = std::array<Requests, std::variant_size_v<Operation>>;

  struct Subtree {
    Oid root;
    size_t rows = 0;    // instances
    size_t memory = 0;  // bytes, see OidStore::ApproximateMemory()

    // Nothing of the following if its owner keeps it up to date.
    uint64_t updates = 0;   // finished ones
    uint64_t failures = 0;  // among them
    bool updating = false;
    absl::Duration last_duration;
    std::optional<absl::Duration> age;  // since the last that did not fail
    absl::Status last_error;            // OK if none ever failed
    std::optional<absl::Duration> last_error_age;
  };

  // An error that was reported, and how often.
  struct Error {
    absl::Status status;
    uint64_t count = 0;
    absl::Time last;
  };

  absl::Duration uptime;
  ByKind peer;           // snmpd's requests
  ByKind debug_clients;  // those of the debug connections
  uint64_t open_connections = 0;
  uint64_t total_connections = 0;
  std::vector<Subtree> subtrees;  // in OID order
  std::vector<Error> errors;      // the latest ones, the last one last
};

// What snmpd said and what it got.
struct RequestEvent {
  std::string received;
  std::string sent;
  // None if the codec answered by itself: a PING, a line that means nothing.
  std::optional<Request> request;
  Response response;        // to `request`
  absl::Duration duration;  // of finding and encoding the answer
};

// A run of the update of a subtree.
struct UpdateEvent {
  Oid root;
  absl::Status status;
  absl::Duration duration;
  size_t rows = 0;  // that the subtree has now
};

// Something that happened; an absl::Status is an error that was reported.
struct Event {
  absl::Time time;
  std::variant<RequestEvent, UpdateEvent, absl::Status> what;
};

// The answer to Watch.
struct Events {
  std::vector<Event> events;
  uint64_t lost = 0;  // events that came too fast, before these
};

// What only a debugger asks for, as it stands in a Response.
struct Inspection {
  std::variant<Description, Statistics, Events, UpdateEvent> report;
};

}  // namespace passpersist

#endif  // PASSPERSIST_INSPECTION_H_
