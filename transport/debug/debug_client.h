// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_CLIENT_H_
#define TRANSPORT_DEBUG_DEBUG_CLIENT_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/scheduling/monotonic_clock.h"
#include "passpersist/transport.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// The client's end of the debug protocol: sends requests to a running agent.
// The manual of the protocol is transport/debug/debug.proto. DebugCodec is the
// agent's end.
//
//   DebugClient client(&transport);
//   debug::Request request;
//   request.mutable_get()->add_oids(".1.3.6.1.4.1.8072.9999.9999.1.0");
//   absl::StatusOr<debug::Response> response = client.Call(request);
//
// A request that the agent refuses yields a response: see its `error`. A Status
// reports a failure of the communication:
//
//   Unavailable        "the agent closed the connection"; before the agent's
//                      first answer, the message also names possible reasons
//   DeadlineExceeded   "no answer from the agent within 5s"; the client may
//                      send further requests, a late answer is skipped
//   InvalidArgument    the agent does not understand the request; the message
//                      is the agent's
//   ResourceExhausted  the request or its answer exceeds the size limit
//   DataLoss           the received bytes are not an answer; the connection
//                      cannot be used any further
//
// Used by one thread at a time.
class DebugClient {
 public:
  struct Options {
    // How long to wait for an answer, or for a page of an answer. The `wait` of
    // a Watch or RunUpdate is added to it.
    absl::Duration limit = absl::Seconds(5);
  };

  // Communicates over `transport`, which must outlive the client.
  explicit DebugClient(Transport* transport);
  DebugClient(Transport* transport, Options options);

  // Sends a request other than a Dump and returns its response. The client
  // chooses the id. A CleanupSet has no answer: the response is empty.
  absl::StatusOr<debug::Response> Call(debug::Request request);

  // Calls `take` for each entry, in OID order, with at most one page in memory.
  // The first error of `take` ends the dump and is returned. The agent
  // continues to send, and the next call must read the remaining pages, so it
  // is better to close the connection then. If the agent refuses the dump,
  // returns FailedPrecondition with the name of the error.
  absl::Status Dump(
      const debug::Dump& dump,
      absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take);

 private:
  // Sets the request's id, then sends the request.
  absl::Status Send(debug::Request* request);
  // Returns the next answer to the most recent request.
  absl::StatusOr<debug::Response> Receive(absl::Duration limit);
  // Returns Unavailable; `what` tells how the agent closed the connection.
  absl::Status Gone(std::string what) const;
  // Returns the next message, an answer to any request.
  absl::StatusOr<debug::Response> ReadMessage(absl::Duration deadline);

  Transport* const transport_;
  const Options options_;
  const MonotonicClock clock_;
  uint32_t id_ = 0;            // of the most recent request
  bool received_any_ = false;  // the agent has sent at least one byte
  std::string pending_input_;  // received, not yet parsed
};

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_CLIENT_H_
