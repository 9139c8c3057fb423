// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_SOCKET_CLIENT_H_
#define TOOLS_PASSPERSIST_CLIENT_SOCKET_CLIENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/transport.h"
#include "tools/passpersist/client/agent_client.h"
#include "transport/debug/debug_client.h"

namespace passpersist::tool {

// A connection to a running agent that has a UnixListener with the DebugCodec.
//
// Used by one thread at a time, except Interrupt().
class SocketClient : public AgentClient {
 public:
  // Connects to the socket at `path`. `limit` is the longest wait for each
  // answer. The errors are those of ConnectUnix().
  static absl::StatusOr<std::unique_ptr<SocketClient>> Connect(
      const std::string& path, absl::Duration limit);

  absl::StatusOr<debug::Response> Call(debug::Request request) override;
  absl::Status Dump(
      const debug::Dump& dump,
      absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take) override;
  void Interrupt() override;

 private:
  SocketClient(std::unique_ptr<Transport> transport, absl::Duration limit);

  const std::unique_ptr<Transport> transport_;
  DebugClient client_;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CLIENT_SOCKET_CLIENT_H_
