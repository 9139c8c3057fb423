#ifndef TRANSPORT_PASS_PERSIST_CODEC_H_
#define TRANSPORT_PASS_PERSIST_CODEC_H_

#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "transport/pass_persist_dump.h"

namespace passpersist {

// The text protocol between snmpd and the program of a `pass_persist` line in
// snmpd.conf. A request is one to three lines, as is a reply:
//
//   PING             get               getnext           set
//                    .1.3.6.1.3.53.8   .1.3.6.1.3.53.8   .1.3.6.1.3.53.8.0.4
//                                                        integer 987
//   PONG             NONE              .1.3.6.1.3.53.8.0.1   DONE
//                                      INTEGER
//                                      123
//
// Each command gets exactly one reply: snmpd waits for it without a timeout,
// and takes one too many for the answer to its next PING, whereupon it kills
// the program. Blank lines are no commands; Net-SNMP 5.8 to 5.9.3 send one
// after each set. Commands are understood in any case, with any end of line;
// unknown ones are answered NONE, as are names that are no OID.
//
// Releases of Net-SNMP differ in how a set ends: with a newline, with two, or
// without any (5.9.4 on for long values, 5.10.pre1 on for all; commits
// dffe26c0bd and 54d2414dcb). A value without newline is whole once snmpd stays
// silent for a moment.
//
// snmpd asks by `get` before it sets, and refuses when that is answered NONE.
// So that rows can be created, a get for an absent instance that a setter
// covers is answered with a type that snmpd doesn't know, which means
// noSuchInstance to who only reads.
//
// A person at a terminal may type DUMP for everything with its labels.
class PassPersistCodec : public Codec {
 public:
  // `silence_limit` is how long snmpd may pause within a set value. It writes
  // each message at once, so any pause means that there is no more.
  explicit PassPersistCodec(
      absl::Duration silence_limit = absl::Milliseconds(20));

  void Open(const Regions& regions, std::string* out) override;
  absl::StatusOr<Decoded> Decode(absl::string_view* in, Request* request,
                                 std::string* out) override;
  absl::Duration SilenceLimit() const override;
  absl::StatusOr<Decoded> OnSilence(absl::string_view* in, Request* request,
                                    std::string* out) override;
  absl::Status CheckBinding(const VarBind& binding) const override;

  // At most 30 arcs, more of which crash snmpd when it reads snmpd.conf
  // (net-snmp 5.9.3 agent/mibgroup/struct.h, MIBMAX).
  absl::Status CheckRoot(const Oid& root) const override;

  void Encode(const Request& request, const Response& response,
              std::string* out) override;
  absl::Status EncodeNotification(const Notification& notification,
                                  std::string* out) override;
  void Close(std::string* out) override;

 private:
  // What the next line is.
  enum class Expected { kCommand, kGetName, kGetNextName, kSetName, kSetValue };

  bool TakeLine(absl::string_view* in, absl::string_view* line);
  Decoded TakeStep(absl::string_view line, Request* request, std::string* out);
  Decoded TakeCommand(absl::string_view line, Request* request,
                      std::string* out);
  Decoded TakeSetValue(absl::string_view line, Request* request,
                       std::string* out);
  Decoded AskForPage(const Oid& start, Request* request);

  bool IsWritable(const Oid& oid) const;
  void EncodeBinding(const Request& request, const VarBind& binding,
                     std::string* out) const;
  void EncodeDumpPage(const Dump& dump, const Response& response,
                      std::string* out);

  const absl::Duration silence_limit_;
  Regions regions_;

  Expected expected_ = Expected::kCommand;
  Oid set_name_;  // while kSetValue is expected
  bool set_name_valid_ = false;

  bool skipping_ = false;        // within a line that is too long
  bool value_begun_ = false;     // an incomplete set value is there
  bool set_at_once_ = false;     // command and name of the set came together
  bool newline_missed_ = false;  // this peer leaves it out

  // While a dump goes on: the text, and the name behind which the next page
  // starts.
  std::optional<PassPersistDump> dump_;
  Oid dump_last_;
};

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_CODEC_H_
