// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_CLIENT_H_
#define TRANSPORT_DEBUG_DEBUG_CLIENT_H_

#include <cstdint>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/clock.h"
#include "passpersist/transport.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// The other end of transport/debug/debug.proto, which is the protocol's manual:
// asks a running agent. DebugCodec is the agent's end.
//
//   DebugClient client(&transport);
//   debug::Request request;
//   request.mutable_get()->add_oids(".1.3.6.1.4.1.8072.9999.9999.1.0");
//   absl::StatusOr<debug::Response> response = client.Call(request);
//
// That an agent refuses a request is a response: see its `error`. A Status is
// for what keeps the two from talking:
//
//   Unavailable        "the agent closed the connection"; before its first
//                      answer also what the reason may be
//   DeadlineExceeded   "no answer from the agent within 5s"; further requests
//                      may be made, an answer that comes late is left out
//   InvalidArgument    the agent does not understand the request; what it says
//   ResourceExhausted  the request or its answer is larger than is allowed
//   DataLoss           what came is no answer: the conversation is over
//
// Used by one thread at a time.
class DebugClient {
 public:
  struct Options {
    // For an answer, or a page of one. What a Watch or RunUpdate waits for
    // comes on top.
    absl::Duration limit = absl::Seconds(5);
  };

  // Talks over `transport`, which the caller keeps.
  explicit DebugClient(Transport* transport);
  DebugClient(Transport* transport, Options options);

  // Asks for anything but a Dump. The client chooses the id. A CleanupSet has
  // no answer: the response is empty.
  absl::StatusOr<debug::Response> Call(debug::Request request);

  // Calls `take` for each entry, in OID order, with no more than a page in
  // memory. The first error of `take` ends it and is returned; what the agent
  // goes on to send has to be read by the next call, so it is better to part.
  // If the agent refuses, FailedPrecondition with the error's name.
  absl::Status Dump(
      const debug::Dump& dump,
      absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take);

 private:
  // Chooses the id.
  absl::Status Send(debug::Request* request);
  // The next answer to the request sent last.
  absl::StatusOr<debug::Response> Receive(absl::Duration limit);
  // That the agent is gone, which `what` tells.
  absl::Status Gone(std::string what) const;
  // The next message, whatever it answers.
  absl::StatusOr<debug::Response> ReadMessage(absl::Duration deadline);

  Transport* const transport_;
  const Options options_;
  const MonotonicClock clock_;
  uint32_t id_ = 0;     // of the request sent last
  bool heard_ = false;  // anything of the agent
  std::string received_;
};

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_CLIENT_H_
