// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_PDU_H_
#define PASSPERSIST_PDU_H_

#include <cstdint>
#include <memory>
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

// The messages between a codec and the request handler. They have the shape of
// AgentX PDUs (RFC 2741), the richest of the protocols; pass_persist uses less
// of it. All are value types. A lone element needs no heap, and a message that
// is filled again keeps its memory: see Request::Reset().

// The name of an instance and its value (RFC 3416 section 3).
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

// What comes after `start` (or at it, if inclusive) and before `end`; an empty
// `end` is no bound (RFC 2741 section 5.2).
struct SearchRange {
  Oid start;
  bool inclusive = false;
  Oid end;
};

// The errors of RFC 3416 section 3, with their numbers. A refused request is a
// correct answer, so these are no absl::Status.
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

// "noError", "wrongType": the names of RFC 3416.
absl::string_view ErrorStatusName(ErrorStatus status);

// The values of exactly these instances, in this order.
struct Get {
  absl::InlinedVector<Oid, 1> oids;
};

// For each range its first instance.
struct GetNext {
  absl::InlinedVector<SearchRange, 1> ranges;
};

// GetNext for the first `non_repeaters` ranges, then up to `max_repetitions`
// rounds over the others, each going on where the one before ended (RFC 3416
// section 4.2.3).
struct GetBulk {
  uint32_t non_repeaters = 0;
  uint32_t max_repetitions = 0;
  absl::InlinedVector<SearchRange, 1> ranges;
};

// The whole assignment in one message: all of it or, if a setter can undo,
// nothing.
struct Set {
  absl::InlinedVector<VarBind, 1> bindings;
};

// The same in the phases of RFC 2741 section 7.2.4. What belongs together has
// the same session and transaction.
struct TestSet {
  absl::InlinedVector<VarBind, 1> bindings;
};
struct CommitSet {};
struct UndoSet {};
struct CleanupSet {};  // the only request without an answer

// The rest is for debugging, and answered by Response::inspection unless it
// says otherwise.

// Like one range of GetBulk, with the origin of each instance: the first ones
// of `range`, up to `limit`.
struct Dump {
  SearchRange range;
  uint32_t limit = 0;
};

// What the agent is made of: a Description.
struct Describe {};

// How it has fared: Statistics.
struct GetStatistics {};

// What happened since the connection's last Watch, or since this one if it is
// the first: Events, `max_events` at most. If there are none the answer waits
// for them, no longer than `wait`.
struct Watch {
  uint32_t max_events = 0;
  absl::Duration wait;
};

// Runs the update of the subtree with this root at once, not waiting for its
// period: an UpdateEvent. If it takes longer than `wait` its status is
// DeadlineExceeded, and the update goes on.
struct RunUpdate {
  Oid root;
  absl::Duration wait;
};

using Operation =
    std::variant<Get, GetNext, GetBulk, Set, TestSet, CommitSet, UndoSet,
                 CleanupSet, Dump, Describe, GetStatistics, Watch, RunUpdate>;

struct Request {
  // Zero in protocols without them. A codec numbers what it must tell apart.
  uint32_t session = 0;
  uint32_t transaction = 0;
  uint32_t packet = 0;
  std::string context;
  Operation operation;

  // A Get, GetNext or GetBulk asks for origins, too, as a Dump does.
  bool wants_instance_info = false;

  // Makes this a request for an `Op` and returns that. If it was one already
  // it is as it was, for the caller to fill anew without new memory.
  template <typename Op>
  Op& Reset() {
    if (Op* const op = std::get_if<Op>(&operation)) return *op;
    return operation.emplace<Op>();
  }
};

struct Inspection;  // inspection.h

// Where an instance comes from.
struct InstanceInfo {
  std::string label;
  Oid root;           // of its subtree
  bool lazy = false;  // its value is asked for at each request
  // Since the last update that brought the subtree's instances, if one did.
  std::optional<absl::Duration> age = std::nullopt;
};

// The answer to a request. Reads have a binding for each OID, range, or
// repetition of a range, in the order of the request; sets have none.
struct Response {
  ErrorStatus error = ErrorStatus::kNoError;
  uint16_t error_index = 0;  // counted from 1; 0 is the request as a whole
  std::vector<VarBind> bindings;

  // Only for Dump, and where the request wants them: the origin of each
  // binding. That of an exception is empty.
  std::vector<InstanceInfo> origins;

  // Only for Describe, GetStatistics, Watch and RunUpdate. Null after an error.
  std::shared_ptr<const Inspection> inspection = nullptr;
};

// Something that the agent says unasked: a trap (RFC 3416 section 4.2.6).
struct Notification {
  Oid trap;  // the value of snmpTrapOID.0
  std::string context;
  std::vector<VarBind> bindings;
};

}  // namespace passpersist

#endif  // PASSPERSIST_PDU_H_
