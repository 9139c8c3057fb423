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

// Moves bytes between the agent and one peer, without knowing what they mean.
// To pass as a transport, an implementation of your own runs
// transport/testing/transport_conformance_test_lib.h.
//
// Read() and Write() are each used by one thread at a time; PeerHasGone() and
// Shutdown() may be called from any.
class Transport {
 public:
  virtual ~Transport() = default;

  // Waits until there is something to read and appends it to *buffer. Returns
  // the number of bytes, at least one; 0 if the peer has closed its end.
  //
  // DeadlineExceeded if nothing comes within `timeout`, Cancelled once
  // Shutdown() was called; any other error ends the conversation. *buffer is
  // as before after an error.
  virtual absl::StatusOr<size_t> Read(std::string* buffer,
                                      absl::Duration timeout) = 0;

  // Writes all of `bytes`, waiting as long as it takes. After an error the
  // conversation is over.
  virtual absl::Status Write(absl::string_view bytes) = 0;

  // True once nobody reads any more what is written, as far as that is known
  // without writing it: whoever works for the peer can stop. A peer that only
  // says nothing more, or doesn't read just now, has not gone; there may be
  // something to read of one that has.
  //
  // A transport that can't tell says false, and an answer that takes long is
  // waited for to its end.
  virtual bool PeerHasGone() const { return false; }

  // Ends the conversation: a Read() or Write() that waits, and all later ones,
  // return Cancelled. May be called again. Where nobody but the peer ends the
  // conversation, one that waits may be left alone until the peer acts.
  virtual void Shutdown() = 0;
};

}  // namespace passpersist

#endif  // PASSPERSIST_TRANSPORT_H_
