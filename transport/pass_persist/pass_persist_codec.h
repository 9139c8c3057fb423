// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_PERSIST_CODEC_H_
#define TRANSPORT_PASS_PERSIST_PASS_PERSIST_CODEC_H_

#include <atomic>
#include <cstddef>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "transport/pass_persist/last_name.h"
#include "transport/pass_persist/pass_persist_dump.h"

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
// Each message gets exactly one reply, and each PING one PONG. snmpd waits for
// a reply without a timeout. It takes a second reply for the PONG of its next
// PING, and then kills the program (pass_persist.c, open_persist_pipe()). Blank
// lines are not messages. Commands may be in upper or lower case and end with
// LF or CR LF. The reply to an unknown command, or to a name that cannot be
// read, is NONE.
//
// The oddities of Net-SNMP's releases, all in agent/mibgroup/ucd-snmp/:
//
// - The end of a set: one newline, two newlines, or none (none from 5.9.4 on
//   for long values, from 5.10.pre1 on for all; pass_persist.c,
//   setPassPersist(), commits 9b9c0e287b, 54d2414dcb and dffe26c0bd). A value
//   without a newline is complete once snmpd has sent nothing for the read
//   timeout.
// - The bytes after the value: snmpd has no text for Counter64, Opaque, NSAP,
//   UInteger32 and BIT STRING (pass_common.c,
//   netsnmp_internal_pass_set_format()). setPassPersist() then sends an
//   uninitialized buffer (5.8 to master): nothing, an address, or the text of
//   an earlier set, cut or continued by the contents of the stack. After a text
//   of 15 bytes, Debian's 5.9.3, 5.9.4 and 5.9.5.2 continue the text by a
//   second line, the type line of the last get. 5.7.3 sends the name in place
//   of the value.
// - 5.4 to 5.7.3 cut a get or getnext at 1,023 bytes, its newline first
//   (pass_persist.c, var_extensible_pass_persist()). The codec answers a name
//   that may be cut with NONE.
//
// snmpd sends a PING before every request, in every release
// (open_persist_pipe()). As long as every request of the connection has come
// right after a PING of its own:
//
// - The codec drops everything from the end of a set's value up to a PING. A
//   line that ends in PING is a PING: the bytes before it are garbage without a
//   newline. At a read timeout the codec drops an incomplete line.
// - A command also ends the dropping if it follows such a timeout or begins the
//   first Decode() after the value. snmpd writes each message at once
//   (write_persist_pipe()); a person or a script waits for the answer to a set
//   and then writes the next command.
// - A value that comes in one Decode() with more than line ends and a PING
//   after it is the text of an earlier set: the answer is wrong-type, and
//   nothing is set. An earlier text that comes without further bytes, or before
//   them, cannot be told from a set: docs/deployment.md describes the
//   consequences.
//
// The first request without a PING of its own ends this mode permanently: the
// peer is a person or a test, and each line after a set is a command again.
//
// Early PONG: each PING costs snmpd and the program a round trip, and snmpd
// compares only the first four bytes of the next line with PONG. After three
// requests in a row that each came right after exactly one PING, the codec
// therefore sends the PONG of the next PING together with each answer, and does
// not answer that PING:
//
//   PING             get                  PING        getnext
//                    .1.3.6.1.3.53.8.0.1              .1.3.6.1.3.53.8.0.1
//   PONG             .1.3.6.1.3.53.8.0.1              .1.3.6.1.3.53.8.0.2
//                    INTEGER                          STRING
//                    123                              A string
//                    PONG                             PONG
//
// At most one PONG is ahead of its PING. A second PING in a row is answered by
// another PONG. A PONG is not ahead of the PING after a DUMP or after a message
// that the codec itself answers, such as a name that cannot be read. The first
// request without a PING of its own ends early PONGs permanently; if a PONG is
// ahead then, the peer reads it before the answer to that request, once in a
// connection.
//
// snmpd sends a `get` before a set, and refuses the set if the answer is NONE.
// To allow the creation of rows, the codec answers a get for an absent instance
// that a setter covers with a type unknown to snmpd, which snmpd reports to a
// manager that only reads as noSuchInstance.
//
// DUMP, for people at a terminal, prints all instances with their labels.
class PassPersistCodec : public Codec {
 public:
  struct Options {
    // How long snmpd may pause within a message. snmpd writes each message at
    // once, so any pause means that the message has ended.
    absl::Duration read_timeout = absl::Milliseconds(20);
    // If false, the codec answers each PING when it arrives.
    bool early_pong = true;
  };

  PassPersistCodec();
  explicit PassPersistCodec(const Options& options);

  void Open(const CodecHost& host, std::string* out) override;
  absl::StatusOr<Decoded> Decode(absl::string_view* in, Request* request,
                                 std::string* out) override;
  // snmpd asks for the names of a PDU one after the other.
  bool RequestIsPdu() const override { return false; }
  absl::Duration ReadTimeout() const override;
  absl::StatusOr<Decoded> OnReadTimeout(absl::string_view* in, Request* request,
                                        std::string* out) override;
  absl::Status CheckBinding(const Oid& oid, const Value& value) const override;

  // Allows at most 30 arcs. With 31 or 32, snmpd does not serve the root; with
  // more, it crashes when it reads snmpd.conf (net-snmp 5.9.3
  // agent/mibgroup/struct.h, MIBMAX).
  absl::Status CheckRoot(const Oid& root) const override;

  void Encode(const Request& request, const Response& response,
              std::string* out) override;
  absl::Status EncodeNotification(const Notification& notification,
                                  std::string* out) override;
  void Close(std::string* out) override;

 private:
  // The meaning of the next line.
  enum class Expected {
    kCommand,
    kGetName,
    kGetNextName,
    kSetName,
    kSetValue,
    // After a set, while every request has a PING of its own:
    kGarbageOrPing,  // no line has followed the value
    kPing,           // a line has followed the value, so the peer is snmpd
    kPingOrCommand,  // a read timeout has occurred
  };

  // True if each message has to be apart from the others; also without an
  // agent.
  bool IsObserved() const {
    return is_observed_ == nullptr ||
           is_observed_->load(std::memory_order_relaxed);
  }
  bool IsDropping() const { return expected_ >= Expected::kGarbageOrPing; }
  Decoded DecodeUsual(absl::string_view* in, Request* request,
                      std::string* out);
  Decoded DecodeLines(absl::string_view* in, Request* request,
                      std::string* out);
  bool ConsumeLine(absl::string_view* in, absl::string_view* line);
  Decoded HandleNext(absl::string_view line, absl::string_view rest,
                     Request* request, std::string* out);
  Decoded HandleCommand(absl::string_view line, Request* request,
                        std::string* out);
  Decoded HandlePing(std::string* out);
  void BeginRequest();
  // Called once for each answer to a get, getnext or set. Returns true if the
  // PONG of the next PING is to follow the answer.
  bool BeginsEarlyPong();
  Decoded HandleGarbage(absl::string_view line, Request* request,
                        std::string* out);
  Decoded HandleSetValue(absl::string_view line, absl::string_view rest,
                         Request* request, std::string* out);
  bool MayBeCutName() const;
  Decoded EndValueByTimeout(absl::string_view* in, Request* request,
                            std::string* out);
  Decoded RequestPage(const Oid& start, Request* request);

  bool IsWritable(const Oid& oid) const;
  // True if snmpd must learn that the absent instance can be set.
  bool IsCreatable(const Request& request,
                   const ResponseVarBind& binding) const;
  bool EncodeNumber(const ResponseVarBind& binding, bool early_pong,
                    std::string* out);
  void EncodeBinding(const Request& request, const ResponseVarBind& binding,
                     bool early_pong, std::string* out);
  void EncodeDumpPage(const Dump& dump, const Response& response,
                      std::string* out);

  const Options options_;
  Regions regions_;
  const std::atomic<bool>* is_observed_ = nullptr;  // see CodecHost

  // The names of reads and of their answers, which differ in their last arcs.
  LastName last_name_;

  Expected expected_ = Expected::kCommand;
  Oid set_name_;  // while kSetValue is expected
  bool set_name_valid_ = false;

  bool pinged_ = false;        // since the last request
  bool always_pinged_ = true;  // before every request
  // Answers in a row whose request came right after exactly one PING; not
  // counted further once PONGs are sent early.
  int answers_after_ping_ = 0;
  bool pong_ahead_ = false;  // the next PING has been answered

  bool skipping_ = false;         // within a line that is too long
  size_t pending_ = 0;            // bytes of an incomplete line
  bool begins_read_ = false;      // the next line is the first of a Decode()
  bool set_at_once_ = false;      // command and name of a set came together
  bool newline_omitted_ = false;  // the peer ends a value without a newline

  // During a dump: the text, and the name after which the next page starts.
  std::optional<PassPersistDump> dump_;
  Oid dump_last_;
};

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_PERSIST_CODEC_H_
