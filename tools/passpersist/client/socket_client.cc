// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/client/socket_client.h"

#include <utility>

#include "transport/posix/unix_client.h"

namespace passpersist::tool {

absl::StatusOr<std::unique_ptr<SocketClient>> SocketClient::Connect(
    const std::string& path, absl::Duration limit) {
  absl::StatusOr<std::unique_ptr<Transport>> transport = ConnectUnix(path);
  if (!transport.ok()) return transport.status();
  return std::unique_ptr<SocketClient>(
      new SocketClient(*std::move(transport), limit));
}

SocketClient::SocketClient(std::unique_ptr<Transport> transport,
                           absl::Duration limit)
    : transport_(std::move(transport)), client_(transport_.get(), {limit}) {}

absl::StatusOr<debug::Response> SocketClient::Call(debug::Request request) {
  return client_.Call(std::move(request));
}

absl::Status SocketClient::Dump(
    const debug::Dump& dump,
    absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take) {
  return client_.Dump(dump, take);
}

void SocketClient::Interrupt() { transport_->Shutdown(); }

}  // namespace passpersist::tool
