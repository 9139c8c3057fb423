// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_LISTENER_H_
#define PASSPERSIST_LISTENER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "passpersist/transport.h"

namespace passpersist {

// Accepts connections to an agent, such as those to a debug socket. The agent
// serves each connection on its own thread, in addition to the peer of its
// transport.
//
// Accept() is used by one thread at a time; any thread may call Shutdown().
class Listener {
 public:
  virtual ~Listener() = default;

  // Waits for the next connection. Returns Cancelled once Shutdown() was
  // called; after any other error no further connection can be accepted.
  virtual absl::StatusOr<std::unique_ptr<Transport>> Accept() = 0;

  // Makes a blocked Accept() and all later calls return Cancelled. Does not
  // affect the accepted transports. May be called again.
  virtual void Shutdown() = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_LISTENER_H_
