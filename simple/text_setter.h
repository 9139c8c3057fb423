// SPDX-License-Identifier: Apache-2.0

#ifndef SIMPLE_TEXT_SETTER_H_
#define SIMPLE_TEXT_SETTER_H_

#include <cstddef>
#include <memory>
#include <string>
#include <type_traits>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"

namespace passpersist {

// What a text setter says, made from any of these without a word:
//
//   true, false       "DONE", "not-writable"
//   a word            "DONE" or one of the eighteen that snmpd knows, read as
//                     snmpd does, by how it begins and in any case:
//                     "not-writable", "wrong-type", "wrong-length",
//                     "wrong-value", "inconsistent-value", …
//   an absl::Status   by its code:
//     OK                                "DONE"
//     InvalidArgument, OutOfRange       "wrong-value"
//     PermissionDenied, Unimplemented   "not-writable"
//     NotFound                          "no-creation"
//     FailedPrecondition                "inconsistent-value"
//     ResourceExhausted, Unavailable    "resource-unavailable", and reported
//     any other                         "gen-error", and reported
//   an ErrorStatus    itself
//
// Any other word is "gen-error", and reported: not the success that snmpd would
// take it for. A report goes to the agent's error hook (SetResult).
//
// A value type.
class SetReply {
 public:
  // A template, so that no pointer is taken for a bool.
  template <typename Bool,
            std::enable_if_t<std::is_same_v<Bool, bool>, int> = 0>
  SetReply(Bool done)  // NOLINT: implicit
      : result_(done ? ErrorStatus::kNoError : ErrorStatus::kNotWritable) {}
  SetReply(absl::string_view word);                // NOLINT
  SetReply(const char* word);                      // NOLINT
  SetReply(std::nullptr_t) = delete;               // 0, which says nothing
  SetReply(const std::string& word);               // NOLINT
  SetReply(absl::Status status);                   // NOLINT
  SetReply(ErrorStatus error) : result_(error) {}  // NOLINT

  const SetResult& result() const { return result_; }

 private:
  SetResult result_;
};

// Decides about a new value for an instance and stores it, as in the Python
// library. With what snmpd says, one line a type:
//
//   type       value
//   integer    987
//   counter    4294967295
//   gauge      4294967295, which snmpd itself writes as -1
//   timeticks  6000
//   ipaddress  10.0.0.1
//   objectid   .1.3.6
//   string     a b, without quotes: bytes all of which print
//   octet      00 20, always in hex: other bytes
//
// `oid` is the full name, with a leading dot, of an instance that is there; an
// absent one is "no-creation" unasked. The type was compared with that of the
// present value before (`string` and `octet` are one), and the value is one of
// its type. When the answer is "DONE" it is at once what a get shows; the next
// update must know it too.
//
// Bytes that print come as `string` whatever the object is: a MAC address may.
using TextSetFunction = absl::AnyInvocable<SetReply(
    absl::string_view oid, absl::string_view type, absl::string_view value)>;

// Makes a setter for AgentBuilder of such a function. Null if `set` is.
//
//   builder.AddSetter(Oid::Parse(".1.3.6.1.3.53.8.0.4"),
//                     MakeTextSetter(MySetter));
//
// Rows that SNMP makes need MakeCreatingSetter(), which speaks no text.
// A value of a type that snmpd can't send, which only other codecs bring
// (Counter64, Opaque), is "wrong-type" and never comes to the function.
std::unique_ptr<Setter> MakeTextSetter(TextSetFunction set);

}  // namespace passpersist

#endif  // SIMPLE_TEXT_SETTER_H_
