// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_CLIENT_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_CLIENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/monotonic_clock.h"
#include "passpersist/transport.h"
#include "transport/pass_persist/pass_persist_reply.h"
#include "transport/pass_persist/pass_persist_set.h"

namespace passpersist {

// snmpd's end of pass_persist: sends a program the requests of snmpd, in the
// same bytes. PassPersistCodec is the other end.
//
//   PING            before each request
//         PONG
//   getnext         one write
//   .1.3.6.1.3.53.8
//         .1.3.6.1.3.53.8.0.1
//         INTEGER
//         123
//
// There are two forms of requests: as text, whose result is the lines of the
// answer, and by value, whose result is the value that snmpd reads from them.
//
// snmpd waits for an answer without a limit; PassPersistClient has a limit. The
// errors are:
//
//   FailedPrecondition           `no PONG: "pong"`, or a second PONG
//   Unavailable                  "the program has ended"
//   DeadlineExceeded             "no answer to get .1.3 within 5s"
//   DataLoss                     only a part of the answer arrived
//   InvalidArgument, OutOfRange  snmpd cannot use the answer
//
// After an error it is unknown which request a line belongs to, so the
// connection cannot be used any further: snmpd kills the program then.
//
// Used by one thread at a time.
class PassPersistClient {
 public:
  struct Options {
    // How long to wait for a whole answer.
    absl::Duration limit = absl::Seconds(5);
    // The default is the ending that Debian 12's release sends.
    SetEnding set_ending = SetEnding::kTwoNewlines593;
  };

  // Communicates over `transport`, which must outlive the client.
  explicit PassPersistClient(Transport* transport);
  PassPersistClient(Transport* transport, Options options);

  // Changes the options for the next requests.
  void set_options(Options options) { options_ = options; }

  // --- As text ---

  absl::StatusOr<PassPersistReply> Get(absl::string_view name);
  absl::StatusOr<PassPersistReply> GetNext(absl::string_view name);

  // `text` is the third line, "integer 5" or "string \"text\"". Returns the
  // line of the answer. Does not send a get first.
  absl::StatusOr<std::string> Set(absl::string_view name,
                                  absl::string_view text);

  // --- By value ---

  // Returns noSuchInstance for an absent instance, and for a type unknown to
  // snmpd. The returned name is that of the answer, which snmpd ignores.
  absl::StatusOr<ResponseVarBind> GetValue(const Oid& oid);

  // Returns endOfMibView after the last instance. An unknown type is an error:
  // snmpd drops the value and everything after it.
  absl::StatusOr<ResponseVarBind> GetNextValue(const Oid& oid);

  // Sends a get first, as snmpd does, and returns kNotWritable if the answer is
  // NONE.
  absl::StatusOr<ErrorStatus> SetValue(const VarBind& binding);

  // --- Below requests ---

  // Sends PING and requires a PONG.
  absl::Status Ping();

  // Writes `bytes` unchanged.
  absl::Status Send(absl::string_view bytes);

  // Returns the next line, without its newline. As with fgets(), bytes without
  // a newline before the end of the program are a line.
  absl::StatusOr<std::string> ReadLine(absl::Duration limit);

 private:
  // Starts a request; the limit of its answer counts from here.
  absl::Status Begin(std::string request, absl::string_view bytes);
  // Returns the first line of the answer to that request, unless it is a PONG.
  absl::StatusOr<std::string> ReadFirstAnswerLine();
  // Returns the next line of the answer to that request.
  absl::StatusOr<std::string> ReadAnswerLine();
  absl::StatusOr<PassPersistReply> Ask(absl::string_view command,
                                       absl::string_view name);
  absl::StatusOr<std::string> ReadLineUntil(absl::Duration deadline);

  Transport* const transport_;
  Options options_;
  const MonotonicClock clock_;
  std::string pending_input_;  // received, not yet consumed
  std::string request_;        // "get .1.3"
  std::string answer_;         // the lines received in answer to request_
  absl::Duration deadline_;
};

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_CLIENT_H_
