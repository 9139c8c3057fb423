// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_CODEC_H_
#define TRANSPORT_DEBUG_DEBUG_CODEC_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

namespace debug {
class Response;
}  // namespace debug

namespace transport_internal {
class MonitorRequests;
}  // namespace transport_internal

// The agent's end of the debug protocol, for connections of a debug listener:
//
//   builder.AddListener(std::move(listener), DebugCodec::Factory());
//
// The manual of the protocol is transport/debug/debug.proto.
//
// The SNMP operations become requests for the handler. The codec itself answers
// the requests about the agent (Describe, GetStatistics, Watch, RunUpdate) from
// the agent's monitor, as PassPersistCodec answers a PING.
//
// While a Watch or a RunUpdate waits for its answer, the connection reads on,
// so that it notices when the client closes its end: ReadTimeout() is then
// kPollInterval, and OnReadTimeout() answers as soon as there is an answer. The
// messages that follow wait in the input, at most a mebibyte of them.
//
// The codec reduces the rounds of a GetBulk, the events and the waiting time of
// a Watch, and the waiting time of a RunUpdate to the limits in the manual. The
// memory that a client can occupy in the agent is therefore bounded for every
// request: one request, one answer, a few sets in phases, and the watched
// events.
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
  static constexpr absl::Duration kPollInterval = absl::Milliseconds(20);

  static CodecFactory Factory();

  DebugCodec();
  ~DebugCodec() override;

  void Open(const CodecHost& host, std::string* out) override;
  absl::StatusOr<Decoded> Decode(absl::string_view* in, Request* request,
                                 std::string* out) override;
  absl::Duration ReadTimeout() const override;

  // Always OK: the protocol can carry every value and every root.
  absl::Status CheckBinding(const Oid& oid, const Value& value) const override;
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

  // Answers the request that waits, if it can be answered. An error, which is
  // answered, if too many bytes `in` follow the request.
  absl::Status PollMonitorRequest(absl::string_view in, std::string* out);

  absl::Status CheckTransaction(const Request& request) const;
  // Adds the transaction of a successful TestSet to open_transactions_, and
  // removes that of a finished one.
  void UpdateTransactions(const Request& request, const Response& response);
  Decoded Begin(Request* request);
  // Replaces the bindings of *answer by entries with their InstanceInfo.
  void MoveToEntries(const Response& response, debug::Response* answer) const;
  void EncodePage(const Response& response, std::string* out);

  CodecHost host_;
  std::unique_ptr<transport_internal::MonitorRequests> monitor_requests_;
  bool wants_instance_info_ = false;  // by the last request
  std::optional<Pages> pages_;
  std::set<TransactionKey> open_transactions_;  // held by the agent
};

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_CODEC_H_
