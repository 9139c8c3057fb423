// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_AGENT_CLIENT_H_
#define TOOLS_PASSPERSIST_CLIENT_AGENT_CLIENT_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "transport/debug/debug.pb.h"

namespace passpersist::tool {

// A connection of a command to an agent or a program. Requests and responses
// are the messages of transport/debug/debug.proto.
//
//   command --> AgentClient <-- SocketClient   a running agent's debug socket
//                           <-- ProgramClient  any pass_persist program
//
// A response with an error (Response.error) is OK. An error status means that
// there is no response. If the agent or the client can't carry out the request,
// the code is Unimplemented, InvalidArgument, FailedPrecondition or
// ResourceExhausted; any other code means that the connection failed.
//
// Used by one thread at a time, except Interrupt().
class AgentClient {
 public:
  virtual ~AgentClient() = default;

  // Sends a request other than a Dump and waits for the response.
  virtual absl::StatusOr<debug::Response> Call(debug::Request request) = 0;

  // Calls `take` for each entry, in OID order, and holds no more than a page in
  // memory. The first error of `take` ends the dump and is returned; the client
  // can't be used afterwards.
  virtual absl::Status Dump(
      const debug::Dump& dump,
      absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take) = 0;

  // Ends a Call() that waits for an event, as Watch does, with an error. The
  // client can't be used afterwards. May be called from any thread.
  virtual void Interrupt() = 0;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CLIENT_AGENT_CLIENT_H_
