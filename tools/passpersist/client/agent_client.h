// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_AGENT_CLIENT_H_
#define TOOLS_PASSPERSIST_CLIENT_AGENT_CLIENT_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// Whom a command asks, in the messages of transport/debug/debug.proto:
//
//   command --> AgentClient <-- SocketClient   a running agent, by its side
//   door
//                         <-- ProgramClient  any program of a pass_persist line
//
// A refusal is an answer (Response.error). Errors are for what has no answer;
// those of a link that can't do what is asked are Unimplemented,
// InvalidArgument, FailedPrecondition or ResourceExhausted, all others say that
// the two don't talk.
//
// Used by one thread at a time, but for Interrupt().
class AgentClient {
 public:
  virtual ~AgentClient() = default;

  // Anything but a Dump.
  virtual absl::StatusOr<debug::Response> Call(debug::Request request) = 0;

  // Calls `take` for each entry, in OID order, with no more than a page in
  // memory. The first error of `take` ends it and is returned; nothing can be
  // asked for afterwards.
  virtual absl::Status Dump(
      const debug::Dump& dump,
      absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take) = 0;

  // Ends a Call() that waits for something to happen, as Watch does, with an
  // error. Nothing can be asked for afterwards. From any thread.
  virtual void Interrupt() = 0;
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CLIENT_AGENT_CLIENT_H_
