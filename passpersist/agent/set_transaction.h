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
#include "passpersist/agent/mib_reader.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/subtree.h"
#include "passpersist/contents.h"
#include "passpersist/error_report.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"

namespace passpersist::internal {

// The assignments of one SNMP SET on their way through the phases of RFC 2741
// section 7.2.4: Test(), then Commit(), then perhaps Undo(). Destroying it is
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

  // Tests all bindings. `reader` tells the present values: a binding of
  // another type is refused with wrongType. That also refuses what snmpd sends
  // for an object of type Counter64 or Opaque, which is the text of the set
  // before (net-snmp 5.9.3 agent/mibgroup/ucd-snmp/pass_common.c,
  // netsnmp_internal_pass_set_format()).
  Result Test(absl::Span<const VarBind> bindings, MibReader* reader);

  // Makes all assignments in their order and publishes the new values. Stops
  // at the first that fails, which is not undone itself. If a value can't be
  // published its assignment is undone at once: commitFailed, or undoFailed.
  Result Commit();

  // Takes back what was committed, last first.
  Result Undo();

 private:
  struct Step {
    Subtree* subtree;
    VarBind binding;
    std::optional<StoredValue> before;  // nothing if the instance was absent
    std::unique_ptr<Assignment> assignment;
  };

  bool HasOtherType(const std::optional<StoredValue>& present,
                    const VarBind& binding, MibReader* reader);
  ErrorStatus TestOne(const VarBind& binding, MibReader* reader);
  // Runs a step of a setter, and reports trouble.
  ErrorStatus CallSetter(const VarBind& binding,
                         absl::FunctionRef<SetResult()> function);
  ErrorStatus CommitOne(Step* step);
  bool UndoAssignment(Step* step);
  bool UndoOne(Step* step);
  void Report(const VarBind& binding, const absl::Status& error);

  const MibTree& objects_;
  ErrorReporter& errors_;
  std::vector<Step> steps_;
  size_t committed_ = 0;  // the first so many steps
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_SET_TRANSACTION_H_
