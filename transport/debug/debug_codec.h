// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_CODEC_H_
#define TRANSPORT_DEBUG_DEBUG_CODEC_H_

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

// The agent's end of transport/debug/debug.proto, which is the protocol's
// manual. For those who come by a side door:
//
//   builder.AddListener(std::move(listener), DebugCodec::Factory());
//
// A message becomes a request as it is, but for what would take much time or
// memory: the rounds of a GetBulk, the events and the patience of a Watch, the
// patience of a RunUpdate are cut to what the manual says. So what a client
// takes of the agent's memory is bounded, whatever it asks for: a request, an
// answer, a few sets in phases, and the events that it watches.
//
// A Dump is answered by pages. The codec asks the agent for one after the other
// before it looks at further messages:
//
//   Decode()  Dump, 32 instances behind .1       takes the message
//   Encode()  32 entries, more
//   Decode()  Dump, 64 instances behind .1.3.7   takes nothing
//   Encode()  20 entries, more                   64 kB are full
//   Decode()  Dump, 40 instances behind .1.3.9   takes nothing
//   Encode()  3 entries                          that was all
//
// so that the pages go out as fast as the client reads, and the agent keeps
// about as many instances in memory as a page takes.
//
// Used by one thread at a time.
class DebugCodec : public Codec {
 public:
  static CodecFactory Factory();

  void Open(const Regions& regions, std::string* out) override;
  absl::StatusOr<Decoded> Decode(absl::string_view* in, Request* request,
                                 std::string* out) override;

  // The protocol carries everything.
  absl::Status CheckBinding(const VarBind& binding) const override;
  absl::Status CheckRoot(const Oid& root) const override;

  void Encode(const Request& request, const Response& response,
              std::string* out) override;
  absl::Status EncodeNotification(const Notification& notification,
                                  std::string* out) override;
  void Close(std::string* out) override;

 private:
  // What is left of a Dump that goes on.
  struct Pages {
    Request next;           // asks for the next page
    uint32_t entries_left;  // until the client's limit
  };

  // Session and transaction.
  using TransactionKey = std::pair<uint32_t, uint32_t>;

  absl::Status CheckTransaction(const Request& request) const;
  void NoteTransaction(const Request& request, const Response& response);
  Decoded Begin(Request* request);
  void EncodePage(const Response& response, std::string* out);

  std::optional<Pages> pages_;
  std::set<TransactionKey> open_transactions_;  // that the agent keeps
};

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_CODEC_H_
