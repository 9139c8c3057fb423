// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TRANSPORT_H_
#define PASSPERSIST_TRANSPORT_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace passpersist {

// Moves bytes between the agent and one peer. A transport does not interpret
// the bytes. Custom implementations should pass
// transport/testing/transport_conformance_test_lib.h.
//
// Read() and Write() are each used by one thread at a time; any thread may call
// Wake() and Shutdown().
class Transport {
 public:
  virtual ~Transport() = default;

  // Waits for bytes and appends them to *buffer. Returns
  //
  //   the number of bytes  at least one
  //   0                    the peer has closed its end
  //   DeadlineExceeded     no bytes arrived within `timeout`
  //   Aborted              Wake() was called
  //   Cancelled            Shutdown() was called
  //   any other error      the connection is broken
  //
  // An error leaves *buffer unchanged.
  virtual absl::StatusOr<size_t> Read(std::string* buffer,
                                      absl::Duration timeout) = 0;

  // Writes all of `bytes` and waits as long as that takes. Returns
  //
  //   Unavailable          the peer has closed its end and reads no more
  //   Cancelled            Shutdown() was called
  //   any other error      the connection is broken
  virtual absl::Status Write(absl::string_view bytes) = 0;

  // Makes the Read() in progress return Aborted, or the next one if there is
  // none. Reads without a timeout need not be interrupted. A transport that
  // does nothing delays the answers of protocols that allow more than one
  // pending request by up to 20 ms, if they wait for user code.
  virtual void Wake() {}

  // Ends the connection: a blocked Read() or Write() and all later calls return
  // Cancelled. May be called again. A transport that cannot be interrupted may
  // let a blocked call return only when the peer acts.
  virtual void Shutdown() = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_TRANSPORT_H_
