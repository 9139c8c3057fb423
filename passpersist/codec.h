// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_CODEC_H_
#define PASSPERSIST_CODEC_H_

#include <atomic>
#include <cstddef>
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
#include "passpersist/value.h"

namespace passpersist {

// The OID regions that an agent serves, for protocols that announce them.
struct Regions {
  std::vector<Oid> roots;     // roots of the subtrees, in OID order
  std::vector<Oid> writable;  // roots of the setters, in OID order
};

class AgentMonitor;
class Clock;

// What an agent offers to the codec of a connection. The objects outlive the
// codec. In a test without an agent, the pointers are null.
struct CodecHost {
  Regions regions;
  AgentMonitor* monitor = nullptr;
  const Clock* clock = nullptr;
  // True while somebody observes the messages of the connection: a codec that
  // knows kConsumed then returns it after each message that needs no handler.
  // Otherwise the codec may go on with the next message, which costs less.
  const std::atomic<bool>* is_observed = nullptr;
};

// One protocol on one connection: decodes bytes to requests, and encodes
// responses to bytes. A codec does no I/O, so a test can use strings; the agent
// reads and writes the bytes.
//
// The caller collects incoming bytes in a buffer; Decode() removes the bytes
// that it has decoded from the front. Outgoing bytes are appended to `out`.
//
// Custom implementations should pass
// transport/testing/codec_conformance_test_lib.h. docs/writing_a_codec.md shows
// a small one.
//
// Used by one thread at a time.
class Codec {
 public:
  enum class Decoded {
    kRequest,     // Encode() follows, at once or later
    kPage,        // the same, and the next request may need no further bytes
    kConsumed,    // a message that needs no handler, such as a PING
    kIncomplete,  // more bytes are needed
  };

  virtual ~Codec() = default;

  // Called once, before any method but CheckRoot(). If the agent speaks first
  // in this protocol, appends the greeting. A codec that needs `host` later
  // keeps a copy.
  virtual void Open(const CodecHost& host, std::string* out) = 0;

  // Removes bytes from the front of *in up to the end of the first request, and
  // none after it. The codec itself answers messages that need no handler, such
  // as a malformed request, a PING, or a debug client's question about the
  // agent. It may return kConsumed after such a message, which makes an event
  // of its own then; otherwise it goes on with the next one. Fills `request` in
  // place and reuses its memory.
  //
  // The caller calls it again after kPage, and after kRequest and kConsumed if
  // *in is not empty.
  //
  // An error means that the connection cannot continue; call Close().
  virtual absl::StatusOr<Decoded> Decode(absl::string_view* in,
                                         Request* request,
                                         std::string* out) = 0;

  // How many requests may be without their response before the next Decode().
  // If it is more than one, responses may come in any order.
  virtual size_t MaxPendingRequests() const { return 1; }

  // True if a request has all names of the manager's PDU. False if the peer
  // asks for one name after the other: the agent then bounds the time that it
  // waits for user code by the second, not by the request.
  virtual bool RequestIsPdu() const { return true; }

  // How long the caller waits for more bytes after Decode() returned
  // kIncomplete, before it calls OnReadTimeout(). Finite in protocols that
  // don't mark the end of a message, and while the codec delays an answer of
  // its own until an event happens.
  virtual absl::Duration ReadTimeout() const {
    return absl::InfiniteDuration();
  }

  // Called instead of Decode() if no byte has arrived for ReadTimeout().
  virtual absl::StatusOr<Decoded> OnReadTimeout(absl::string_view* in,
                                                Request* request,
                                                std::string* out) {
    return Decode(in, request, out);
  }

  // Returns OK if a response of this protocol can carry this value of the
  // instance `oid`, otherwise an error that names the instance and the reason.
  // The request handler answers a get of an instance that fails the check with
  // noSuchInstance; a walk skips the instance. Called only for an OctetString,
  // an Opaque or an ObjectIdentifier, and a name of at most Oid::kMaxArcs arcs:
  // a protocol carries every number, below every root that CheckRoot() accepts.
  virtual absl::Status CheckBinding(const Oid& oid,
                                    const Value& value) const = 0;

  // Returns OK if a subtree can have this root. Called before Open(), by
  // AgentBuilder::Build().
  virtual absl::Status CheckRoot(const Oid& root) const = 0;

  // Appends the response to `request`, a request that Decode() or
  // OnReadTimeout() returned and that has no response yet. Appends nothing for
  // a CleanupSet. Requires that CheckBinding() returns OK for every value.
  virtual void Encode(const Request& request, const Response& response,
                      std::string* out) = 0;

  // Returns Unimplemented if the protocol has no notifications.
  virtual absl::Status EncodeNotification(const Notification& notification,
                                          std::string* out) = 0;

  // Called at most once, after an error of Decode() or OnReadTimeout(). If the
  // protocol has a closing message, appends it. Not called if the peer closes
  // its end or the connection breaks. Agent::Shutdown() closes the transport
  // without a closing message, because it must not wait for a peer that doesn't
  // read.
  virtual void Close(std::string* out) = 0;
};

// Makes the codec of a new connection. Never returns null. Must be safe for
// concurrent use.
using CodecFactory = std::function<std::unique_ptr<Codec>()>;

}  // namespace passpersist

#endif  // PASSPERSIST_CODEC_H_
