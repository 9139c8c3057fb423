// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_LISTENER_H_
#define PASSPERSIST_LISTENER_H_

#include <memory>

#include "absl/status/statusor.h"
#include "passpersist/transport.h"

namespace passpersist {

// A side door of an agent: accepts peers beside the one that the agent was
// started for, each of them served on a thread of its own.
//
// Accept() is used by one thread at a time; Shutdown() may be called from any.
class Listener {
 public:
  virtual ~Listener() = default;

  // Waits for the next peer. Cancelled once Shutdown() was called; after any
  // other error no further peer can be accepted.
  virtual absl::StatusOr<std::unique_ptr<Transport>> Accept() = 0;

  // Makes an Accept() that waits, and all later ones, return Cancelled. Leaves
  // the accepted transports alone. May be called again.
  virtual void Shutdown() = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_LISTENER_H_
