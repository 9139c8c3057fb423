// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_CLIENT_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_CLIENT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/clock.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/transport.h"
#include "transport/pass_persist/pass_persist_reply.h"
#include "transport/pass_persist/pass_persist_set.h"

namespace passpersist {

// snmpd's end of pass_persist: asks a program what snmpd would ask, in the same
// bytes. PassPersistCodec is the other end.
//
//   PING            before each request
//         PONG
//   getnext         one write
//   .1.3.6.1.3.53.8
//         .1.3.6.1.3.53.8.0.1
//         INTEGER
//         123
//
// Requests come in two forms: as text, which shows what was said, and by value,
// which shows what snmpd makes of it.
//
// Where snmpd waits for ever this waits for a limited time. An error says what
// went wrong: FailedPrecondition, `no PONG: "pong"`; Unavailable, "the program
// has ended"; DeadlineExceeded, "no answer to get .1.3 within 5s"; DataLoss if
// only a part of the answer came; InvalidArgument and OutOfRange for answers
// that snmpd can't use. Afterwards nobody knows which request a line belongs
// to, and the conversation is over: snmpd kills the program then.
//
// Used by one thread at a time.
class PassPersistClient {
 public:
  struct Options {
    // For an answer as a whole.
    absl::Duration limit = absl::Seconds(5);
    // The default is Debian 12's.
    SetEnding set_ending = SetEnding::kTwoNewlines593;
  };

  // Talks over `transport`, which the caller keeps.
  explicit PassPersistClient(Transport* transport);
  PassPersistClient(Transport* transport, Options options);

  // --- As text ---

  absl::StatusOr<PassPersistReply> Get(absl::string_view name);
  absl::StatusOr<PassPersistReply> GetNext(absl::string_view name);

  // `text` is the third line, "integer 5" or "string \"text\"". Returns the
  // answer's line. Doesn't ask by get first.
  absl::StatusOr<std::string> Set(absl::string_view name,
                                  absl::string_view text);

  // --- By value ---

  // NoSuchInstance for what is absent, and for a type that snmpd doesn't know.
  // The name is that of the answer, at which snmpd doesn't look.
  absl::StatusOr<VarBind> GetValue(const Oid& oid);

  // EndOfMibView behind the last one. An unknown type is an error: snmpd drops
  // the value and everything behind it.
  absl::StatusOr<VarBind> GetNextValue(const Oid& oid);

  // First a get, as from snmpd, and not writable if that says NONE.
  absl::StatusOr<ErrorStatus> SetValue(const VarBind& binding);

  // --- Below requests ---

  // Asks for a PONG and nothing else.
  absl::Status Ping();

  // Writes `bytes` as they are.
  absl::Status Send(absl::string_view bytes);

  // The next line, without its newline. As for fgets(), what comes before the
  // end of the program is a line.
  absl::StatusOr<std::string> ReadLine(absl::Duration limit);

 private:
  // The limit counts from here.
  absl::Status Begin(std::string request, absl::string_view bytes);
  // A line of the answer to it.
  absl::StatusOr<std::string> ReadAnswerLine();
  absl::StatusOr<PassPersistReply> Ask(absl::string_view command,
                                       absl::string_view name);
  absl::StatusOr<std::string> ReadLineUntil(absl::Duration deadline);

  Transport* const transport_;
  const Options options_;
  const MonotonicClock clock_;
  std::string received_;
  std::string request_;  // "get .1.3"
  std::string answer_;   // what has come of the answer to it
  absl::Duration deadline_;
};

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_CLIENT_H_
