// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SETTER_H_
#define PASSPERSIST_SETTER_H_

#include <memory>

#include "absl/functional/any_invocable.h"
#include "absl/status/statusor.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist {

// The result of a step of a set: kNoError, or the error status that the manager
// receives. A Status that is not OK reports a failure of the agent instead,
// such as a full disk. The agent passes it to the error callback, with the
// instance but without the value, which may be a secret. The manager then
// receives resourceUnavailable for Unavailable and ResourceExhausted, and
// genErr for any other code. An exception is handled like a Status.
using SetResult = absl::StatusOr<ErrorStatus>;

// A new value for one instance that Setter::Test() has accepted. The destructor
// releases the resources that the test reserved.
//
// Used by one thread at a time.
class Assignment {
 public:
  virtual ~Assignment() = default;

  // Stores the value. The value must be stored permanently before Commit()
  // returns kNoError: snmpd ends its children by SIGKILL, and an acknowledged
  // value must not be lost. Called once.
  virtual SetResult Commit() = 0;

  // Restores the old value after Commit(), because another assignment of the
  // same request failed. Returns kNoError or kUndoFailed; any other result
  // counts as kUndoFailed. Called once, after Commit().
  virtual SetResult Undo() = 0;
};

// Accepts or rejects new values for the instances at and below the root that it
// was registered for. A `suffix` is the name of an instance relative to the
// root of its subtree, as in Contents: the setter of a column receives the
// suffixes that the update puts. The agent has checked that a new value has the
// type of the present value; an absent instance has no type to check.
//
// With pass_persist, Commit() follows Test() directly. AgentX tests all
// bindings of an SNMP SET before it commits the first.
//
// The scheduler's threads call setters. The manager gets an error if Test() and
// Commit() of all bindings take longer than AgentBuilder::SetWaitingLimit(): a
// late Test() is followed by no Commit(), and what a late Commit() has stored
// is served when it returns. An action that takes longer needs an instance that
// starts it and another one that tells its state.
//
// Called by one thread at a time; different setters may be called concurrently.
class Setter {
 public:
  virtual ~Setter() = default;

  // Returns true if a set may create the absent instance `suffix`. If false,
  // the response is noCreation, and Test() is not called.
  virtual bool AllowsCreate(const Oid& suffix) const {
    static_cast<void>(suffix);
    return false;
  }

  // If it returns kNoError, sets *assignment. RFC 3416 section 4.2.5 defines
  // the order in which to check for the other errors.
  virtual SetResult Test(const Oid& suffix, const Value& value,
                         std::unique_ptr<Assignment>* assignment) = 0;
};

// Accepts or rejects a value for the instance `suffix`, and stores it.
using SetFunction =
    absl::AnyInvocable<SetResult(const Oid& suffix, const Value& value)>;

struct SetterOptions {
  // If false, `set` is called only for present instances, with values of their
  // type. If true, `set` is also called for every absent instance at and below
  // the root, with values of any type: for tables whose rows SNMP creates.
  bool allow_create = false;
};

// Returns a setter that calls `set` when an assignment is committed. It accepts
// every value at the test, and cannot undo. Returns null if `set` is null;
// AgentBuilder rejects a null setter.
std::unique_ptr<Setter> MakeSetter(SetFunction set, SetterOptions options = {});

}  // namespace passpersist

#endif  // PASSPERSIST_SETTER_H_
