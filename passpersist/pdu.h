// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_PDU_H_
#define PASSPERSIST_PDU_H_

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/container/inlined_vector.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"

namespace passpersist {

// The messages between a codec and the request handler. They are modelled on
// AgentX PDUs (RFC 2741), the protocol with the most operations; pass_persist
// uses fewer. All are value types. A message with one element needs no heap
// memory, and a message that is filled again reuses its memory: see
// Request::Reset().

// The name of an instance and its value (RFC 3416 section 3), in requests and
// notifications.
struct VarBind {
  Oid oid;
  Value value;

  friend bool operator==(const VarBind& a, const VarBind& b) {
    return a.oid == b.oid && a.value == b.value;
  }
  friend bool operator!=(const VarBind& a, const VarBind& b) {
    return !(a == b);
  }
};

// Writes ".1.3.6.1 = Integer32 5".
std::ostream& operator<<(std::ostream& os, const VarBind& binding);

// Why a read has no value (RFC 3416 section 3), with the numbers of RFC 2741
// section 5.4.
enum class Exception : uint8_t {
  kNoSuchObject = 128,
  kNoSuchInstance = 129,
  kEndOfMibView = 130,
};

// Returns the name in RFC 3416, such as "noSuchInstance".
absl::string_view ExceptionName(Exception exception);
std::ostream& operator<<(std::ostream& os, Exception exception);

using ValueOrException = std::variant<Value, Exception>;

inline bool IsException(const ValueOrException& value) {
  return std::holds_alternative<Exception>(value);
}

// Returns a text for people: ToString() of the value, or ExceptionName().
std::string ToString(const ValueOrException& value);

// The result of reading an instance or a range.
struct ResponseVarBind {
  Oid oid;
  ValueOrException value;

  friend bool operator==(const ResponseVarBind& a, const ResponseVarBind& b) {
    return a.oid == b.oid && a.value == b.value;
  }
  friend bool operator!=(const ResponseVarBind& a, const ResponseVarBind& b) {
    return !(a == b);
  }
};

// The OIDs after `start` (including `start` if `inclusive`) and before `end`.
// An empty `end` means that there is no upper bound (RFC 2741 section 5.2).
struct SearchRange {
  Oid start;
  bool inclusive = false;
  Oid end;
};

// The error statuses of RFC 3416 section 3, with their numbers. An error status
// is a correct response to a request, so it is not an absl::Status.
enum class ErrorStatus : uint8_t {
  kNoError = 0,
  kTooBig = 1,
  kNoSuchName = 2,
  kBadValue = 3,
  kReadOnly = 4,
  kGenErr = 5,
  kNoAccess = 6,
  kWrongType = 7,
  kWrongLength = 8,
  kWrongEncoding = 9,
  kWrongValue = 10,
  kNoCreation = 11,
  kInconsistentValue = 12,
  kResourceUnavailable = 13,
  kCommitFailed = 14,
  kUndoFailed = 15,
  kAuthorizationError = 16,
  kNotWritable = 17,
  kInconsistentName = 18,
};

// Returns the name in RFC 3416, such as "noError" or "wrongType".
absl::string_view ErrorStatusName(ErrorStatus status);
std::ostream& operator<<(std::ostream& os, ErrorStatus status);

// Requests the values of exactly these instances, in this order.
struct Get {
  absl::InlinedVector<Oid, 1> oids;
};

// Requests the first instance of each range.
struct GetNext {
  absl::InlinedVector<SearchRange, 1> ranges;
};

// GetNext for the first `non_repeaters` ranges, then up to `max_repetitions`
// rounds over the other ranges. Each round continues where the previous round
// ended (RFC 3416 section 4.2.3).
struct GetBulk {
  uint32_t non_repeaters = 0;
  uint32_t max_repetitions = 0;
  absl::InlinedVector<SearchRange, 1> ranges;
};

// A set in one message. If a binding fails, the bindings that were committed
// before it are undone, as far as their setters can undo.
struct Set {
  absl::InlinedVector<VarBind, 1> bindings;
};

// The same in the phases of RFC 2741 section 7.2.4. Messages with the same
// session and transaction belong together.
struct TestSet {
  absl::InlinedVector<VarBind, 1> bindings;
};
struct CommitSet {};
struct UndoSet {};
struct CleanupSet {};  // the only request without a response

// Requests the first `limit` instances of `range`, like GetBulk with one range,
// and the InstanceInfo of each. Not an SNMP operation: for people who read what
// an agent serves.
struct Dump {
  SearchRange range;
  uint32_t limit = 0;
};

using Operation = std::variant<Get, GetNext, GetBulk, Set, TestSet, CommitSet,
                               UndoSet, CleanupSet, Dump>;

struct Request {
  // Zero if the protocol has no such number. A codec chooses the numbers of
  // sessions and transactions that it must distinguish.
  uint32_t session = 0;
  uint32_t transaction = 0;
  uint32_t packet = 0;
  std::string context;
  Operation operation;

  // Makes this a request for an `Op` and returns the `Op`. If the request is
  // for an `Op` already, its fields are unchanged, so the caller can overwrite
  // them without allocating memory.
  template <typename Op>
  Op& Reset() {
    if (Op* const op = std::get_if<Op>(&operation)) return *op;
    return operation.emplace<Op>();
  }
};

// Where an instance comes from.
struct InstanceInfo {
  std::string label;
  Oid root;               // root of its subtree
  bool computed = false;  // the value is computed at each request
  // The time since the end of the last successful run of the subtree's update,
  // if there was one.
  std::optional<absl::Duration> age = std::nullopt;
};

// The response to a request. The response to a read has a binding for each OID,
// range, or repetition of a range, in the order of the request. The name of an
// endOfMibView is the name after which there is no instance. The response to a
// set has no bindings.
struct Response {
  ErrorStatus error = ErrorStatus::kNoError;
  uint16_t error_index = 0;  // counts from 1; 0 means the whole request
  std::vector<ResponseVarBind> bindings;

  std::vector<InstanceInfo> instance_info;  // only for Dump, one per binding
};

// A message that the agent sends without a request: a trap (RFC 3416 section
// 4.2.6).
struct Notification {
  Oid trap;  // the value of snmpTrapOID.0
  std::string context;
  std::vector<VarBind> bindings;
};

}  // namespace passpersist

#endif  // PASSPERSIST_PDU_H_
