// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_SET_TRANSACTION_H_
#define PASSPERSIST_AGENT_SET_TRANSACTION_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "passpersist/agent/error_reporter.h"
#include "passpersist/agent/mib_reader.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/subtree.h"
#include "passpersist/contents.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"

namespace passpersist::internal {

// The assignments of one SNMP SET, which go through the phases of RFC 2741
// section 7.2.4: Test(), then Commit(), then perhaps Undo(). The destructor is
// the clean-up.
//
// Used by one thread at a time.
class SetTransaction {
 public:
  struct Result {
    ErrorStatus error = ErrorStatus::kNoError;
    uint16_t index = 0;  // of the binding, counted from 1
  };

  // All pointers must outlive this.
  SetTransaction(const MibTree* objects, ErrorReporter* errors);
  SetTransaction(const SetTransaction&) = delete;
  SetTransaction& operator=(const SetTransaction&) = delete;
  ~SetTransaction();

  // Tests all bindings. A binding is rejected with wrongType if the current
  // value has another type; `reader` reads current values that are computed.
  // That also rejects what snmpd sends for an object of type Counter64 or
  // Opaque, which is the text of the previous set (net-snmp 5.9.3
  // agent/mibgroup/ucd-snmp/pass_common.c, netsnmp_internal_pass_set_format()).
  Result Test(absl::Span<const VarBind> bindings, MibReader* reader);

  // Commits all assignments in order and publishes the new values. Stops at the
  // first assignment that fails, and does not undo it. If a value cannot be
  // published, undoes its assignment at once and returns commitFailed, or
  // undoFailed if the undo fails.
  Result Commit();

  // Undoes the committed assignments, the last one first.
  Result Undo();

 private:
  struct Step {
    Subtree* subtree;
    VarBind binding;
    std::optional<StoredValue> before;  // nothing if the instance was absent
    std::unique_ptr<Assignment> assignment;
  };

  bool HasOtherType(const std::optional<StoredValue>& current,
                    const VarBind& binding, MibReader* reader);
  ErrorStatus TestOne(const VarBind& binding, MibReader* reader);
  // Calls a function of a setter and reports an error that is not an
  // ErrorStatus.
  ErrorStatus CallSetter(const VarBind& binding,
                         absl::FunctionRef<SetResult()> function);
  ErrorStatus CommitOne(Step* step);
  bool UndoAssignment(Step* step);
  bool UndoOne(Step* step);
  void Report(const VarBind& binding, const absl::Status& error);

  const MibTree& objects_;
  ErrorReporter& errors_;
  std::vector<Step> steps_;
  size_t committed_ = 0;  // how many steps, from the first one, are committed
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_SET_TRANSACTION_H_
