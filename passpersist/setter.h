// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SETTER_H_
#define PASSPERSIST_SETTER_H_

#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist {

// How a step of a set ended: kNoError, or the error that is a correct answer to
// the manager. A Status that is not OK tells of trouble on this side instead, a
// disk that is full: the agent's error hook is told which, with the instance
// but not the value, which may be a secret, and the manager gets
// resourceUnavailable for Unavailable and ResourceExhausted, genErr for any
// other code. An exception is such trouble, too.
using SetResult = absl::StatusOr<ErrorStatus>;

// A new value for one instance that was tested and can be made. Destroying it
// lets go of what the test reserved.
//
// Used by one thread at a time.
class Assignment {
 public:
  virtual ~Assignment() = default;

  // Makes the assignment. When it returns kNoError the value has been stored:
  // snmpd ends its children by SIGKILL, and what was acknowledged must not be
  // lost. Called once.
  virtual SetResult Commit() = 0;

  // Takes a committed assignment back, because another of the same request
  // failed: kNoError or kUndoFailed, which any other result becomes. Called
  // once, after Commit().
  virtual SetResult Undo() = 0;
};

// Decides on new values for the instances below the root that it was
// registered for. Whether the type is that of the present value was looked at
// before; an absent instance has none.
//
// A pass_persist agent runs Test() and Commit() in one go; AgentX first tests
// everything that one SNMP SET is to change.
//
// Called by one thread at a time.
class Setter {
 public:
  virtual ~Setter() = default;

  // Whether a set may make the instance `oid`, which is absent. If not, the
  // answer is noCreation, and Test() is not asked.
  virtual bool AllowsCreate(const Oid& oid) const {
    static_cast<void>(oid);
    return false;
  }

  // On kNoError hands out the assignment; the order in which a manager expects
  // other errors is that of RFC 3416 section 4.2.5.
  virtual SetResult Test(const VarBind& binding,
                         std::unique_ptr<Assignment>* assignment) = 0;
};

// A setter for the simple case: `set` both decides and stores, when the
// assignment is committed. It can't be undone. Null if `set` is, which
// AgentBuilder refuses.
using SetFunction = absl::AnyInvocable<SetResult(const VarBind& binding)>;

// Asks `set` for instances that are there, with values of their type.
std::unique_ptr<Setter> MakeSetter(SetFunction set);

// Asks `set` for every name at and below its root, if it is absent with values
// of any type: for tables whose rows are made by SNMP.
std::unique_ptr<Setter> MakeCreatingSetter(SetFunction set);

}  // namespace passpersist

#endif  // PASSPERSIST_SETTER_H_
