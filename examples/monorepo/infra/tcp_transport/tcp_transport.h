// SPDX-License-Identifier: Apache-2.0

#ifndef INFRA_TCP_TRANSPORT_TCP_TRANSPORT_H_
#define INFRA_TCP_TRANSPORT_TCP_TRANSPORT_H_

#include <atomic>
#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/transport.h"

namespace acme {

// Moves bytes over a TCP connection. Shutdown() also ends the connection, which
// wakes a Read() or Write() that waits.
//
// Read() and Write() are each used by one thread at a time; Shutdown() is safe
// for concurrent use.
class TcpTransport : public passpersist::Transport {
 public:
  // Takes ownership of a connected socket.
  explicit TcpTransport(int socket);
  ~TcpTransport() override;

  TcpTransport(const TcpTransport&) = delete;
  TcpTransport& operator=(const TcpTransport&) = delete;

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override;
  absl::Status Write(absl::string_view bytes) override;
  void Shutdown() override;

 private:
  const int socket_;
  std::atomic<bool> shut_down_ = false;
};

}  // namespace acme

#endif  // INFRA_TCP_TRANSPORT_TCP_TRANSPORT_H_
