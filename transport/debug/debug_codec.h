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

// The agent's end of the debug protocol, for connections of a debug listener:
//
//   builder.AddListener(std::move(listener), DebugCodec::Factory());
//
// The manual of the protocol is transport/debug/debug.proto.
//
// A message becomes a request unchanged, except where the request would cost
// much time or memory: the codec reduces the rounds of a GetBulk, the events
// and the waiting time of a Watch, and the waiting time of a RunUpdate to the
// limits in the manual. The memory that a client can occupy in the agent is
// therefore bounded for every request: one request, one answer, a few sets in
// phases, and the watched events.
//
// The answer to a Dump consists of pages. The codec requests the pages from the
// agent one after the other before it decodes further messages:
//
//   Decode()  Dump, 32 instances after .1        consumes the message
//   Encode()  32 entries, more
//   Decode()  Dump, 64 instances after .1.3.7    consumes nothing
//   Encode()  20 entries, more                   64 kB are full
//   Decode()  Dump, 40 instances after .1.3.9    consumes nothing
//   Encode()  3 entries                          the last page
//
// The agent thus sends pages as fast as the client reads them, and holds about
// as many instances in memory as fit into a page.
//
// Used by one thread at a time.
class DebugCodec : public Codec {
 public:
  static CodecFactory Factory();

  void Open(const Regions& regions, std::string* out) override;
  absl::StatusOr<Decoded> Decode(absl::string_view* in, Request* request,
                                 std::string* out) override;

  // Always OK: the protocol can carry every value and every root.
  absl::Status CheckBinding(const VarBind& binding) const override;
  absl::Status CheckRoot(const Oid& root) const override;

  void Encode(const Request& request, const Response& response,
              std::string* out) override;
  absl::Status EncodeNotification(const Notification& notification,
                                  std::string* out) override;
  void Close(std::string* out) override;

 private:
  // The remainder of a Dump whose last page has not been sent.
  struct Pages {
    Request next;           // requests the next page
    uint32_t entries_left;  // up to the client's limit
  };

  // (session, transaction)
  using TransactionKey = std::pair<uint32_t, uint32_t>;

  absl::Status CheckTransaction(const Request& request) const;
  // Adds the transaction of a successful TestSet to open_transactions_, and
  // removes that of a finished one.
  void UpdateTransactions(const Request& request, const Response& response);
  Decoded Begin(Request* request);
  void EncodePage(const Response& response, std::string* out);

  std::optional<Pages> pages_;
  std::set<TransactionKey> open_transactions_;  // held by the agent
};

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_CODEC_H_
