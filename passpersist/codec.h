// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_CODEC_H_
#define PASSPERSIST_CODEC_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

// What an agent serves, for protocols that announce or need it.
struct Regions {
  std::vector<Oid> roots;     // of its subtrees, in OID order
  std::vector<Oid> writable;  // the roots of its setters, in OID order
};

// One protocol on one connection: turns bytes into requests, and answers into
// bytes. It does no I/O, so it can be tested with strings; the agent moves
// the bytes.
//
// Incoming bytes are collected in a buffer, of which every Decode() takes away
// what it has understood. Outgoing bytes are appended to `out`.
//
// Used by one thread at a time.
class Codec {
 public:
  enum class Decoded {
    kRequest,     // *request is to be answered by Encode(), then Decode() again
    kIncomplete,  // more bytes are needed
  };

  virtual ~Codec() = default;

  // Called once, before anything else. A protocol in which the agent speaks
  // first appends its greeting.
  virtual void Open(const Regions& regions, std::string* out) = 0;

  // Takes bytes from the front of *in up to the end of the first request, not
  // beyond. What needs no handler is answered on the way: a malformed request,
  // a PING. `request` is filled in place, with the memory that it has.
  //
  // An error says that the conversation can't go on; call Close().
  virtual absl::StatusOr<Decoded> Decode(absl::string_view* in,
                                         Request* request,
                                         std::string* out) = 0;

  // After Decode() found the input incomplete: how long the peer may stay
  // silent before OnReadTimeout() is called. Infinite, except for protocols
  // that don't mark the end of a message.
  virtual absl::Duration ReadTimeout() const {
    return absl::InfiniteDuration();
  }

  // Like Decode(), knowing that nothing comes behind *in.
  virtual absl::StatusOr<Decoded> OnReadTimeout(absl::string_view* in,
                                                Request* request,
                                                std::string* out) {
    return Decode(in, request, out);
  }

  // OK if this protocol can carry `binding` in an answer; else why not, naming
  // it. The request handler leaves out what can't be sent.
  virtual absl::Status CheckBinding(const VarBind& binding) const = 0;

  // OK if a subtree can have this root.
  virtual absl::Status CheckRoot(const Oid& root) const = 0;

  // Appends the answer to `request`, which is the one that Decode() or
  // OnReadTimeout() returned last: nothing for a CleanupSet. Requires that
  // CheckBinding() holds for every binding.
  virtual void Encode(const Request& request, const Response& response,
                      std::string* out) = 0;

  // Unimplemented where the protocol has no notifications.
  virtual absl::Status EncodeNotification(const Notification& notification,
                                          std::string* out) = 0;

  // Called once, when the conversation can't go on (see Decode()). A protocol
  // that takes leave appends its farewell. An agent that is shut down cuts the
  // transport off without one: it must not wait for a peer that doesn't read.
  virtual void Close(std::string* out) = 0;
};

// Makes the codec of a new connection, never null. Must be safe for concurrent
// use.
using CodecFactory = std::function<std::unique_ptr<Codec>()>;

}  // namespace passpersist

#endif  // PASSPERSIST_CODEC_H_
