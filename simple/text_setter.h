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
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"

namespace passpersist {

// The reply of a text setter. Converts implicitly from
//
//   true, false       "DONE", "not-writable"
//   a word            "DONE" or one of the eighteen error statuses that snmpd
//                     knows: "not-writable", "wrong-type", "wrong-length",
//                     "wrong-value", "inconsistent-value", … Like snmpd,
//                     compares the beginning of the word and ignores case.
//   an absl::Status   by its code:
//     OK                                "DONE"
//     InvalidArgument, OutOfRange       "wrong-value"
//     PermissionDenied, Unimplemented   "not-writable"
//     NotFound                          "no-creation"
//     FailedPrecondition                "inconsistent-value"
//     ResourceExhausted, Unavailable    "resource-unavailable", and reported
//     any other code                    "gen-error", and reported
//   an ErrorStatus    that error status
//
// Any other word becomes "gen-error" and is reported; snmpd itself would treat
// it as success. Reports go to the agent's error callback (see SetResult).
//
// A value type.
class SetReply {
 public:
  // A template, so that pointers do not convert to bool.
  template <typename Bool,
            std::enable_if_t<std::is_same_v<Bool, bool>, int> = 0>
  SetReply(Bool done)  // NOLINT: implicit
      : result_(done ? ErrorStatus::kNoError : ErrorStatus::kNotWritable) {}
  SetReply(absl::string_view word);                // NOLINT
  SetReply(const char* word);                      // NOLINT
  SetReply(std::nullptr_t) = delete;               // rejects 0
  SetReply(const std::string& word);               // NOLINT
  SetReply(absl::Status status);                   // NOLINT
  SetReply(ErrorStatus error) : result_(error) {}  // NOLINT

  const SetResult& result() const { return result_; }

 private:
  SetResult result_;
};

// Accepts or rejects a new value for an instance and stores it, like a setter
// of the Python library. `type` and `value` are as in snmpd's line, except for
// the values of gauges and strings:
//
//   type       value
//   integer    987
//   counter    4294967295
//   gauge      4294967295 (snmpd itself writes -1)
//   timeticks  6000
//   ipaddress  10.0.0.1
//   objectid   .1.3.6
//   string     the bytes, whether they print or not (snmpd itself writes
//              "Straße" as `octet` and hex): see TextSetterOptions
//
// `oid` is the full OID, with a leading dot, of a present instance. The answer
// for an absent instance is "no-creation", without a call. The agent has
// checked that `type` is the type of the present value and that `value` is a
// value of that type. After the reply "DONE" a GET returns the new value
// immediately; the next update must also add it.
using TextSetFunction = absl::AnyInvocable<SetReply(
    absl::string_view oid, absl::string_view type, absl::string_view value)>;

// Options of a text setter.
struct TextSetterOptions {
  // Strings have the type and value that snmpd writes. The form depends on the
  // bytes, not on the type of the object in its MIB: a MAC address may arrive
  // as `string`.
  //
  //   string     a b, without quotes, if all bytes print
  //   octet      00 20, always in hex, for other bytes
  bool wire_words = false;

  // As in SetterOptions.
  bool durable = false;
};

// Makes a setter for AgentBuilder from a TextSetFunction. `root` is the root
// that the setter is added for, and the beginning of the OIDs that `set`
// receives. Returns null if `set` is null.
//
//   const Oid root = {1, 3, 6, 1, 3, 53, 8, 0, 4};
//   builder.AddSetter(root, MakeTextSetter(root, MySetter));
//
// The setter does not allow SNMP to create rows; use MakeSetter() with the
// option `allow_create` for that. Only protocols other than pass_persist can
// set a Counter64 or an Opaque; the answer for such a value is "wrong-type",
// without a call.
std::unique_ptr<Setter> MakeTextSetter(Oid root, TextSetFunction set,
                                       TextSetterOptions options = {});

}  // namespace passpersist

#endif  // SIMPLE_TEXT_SETTER_H_
