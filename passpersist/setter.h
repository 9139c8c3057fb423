// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_SETTER_H_
#define PASSPERSIST_SETTER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "passpersist/changes.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist {

// docs/sets.md shows a setter, and says what is served after a set.

// The result of a step of a set: kNoError, or the error status that the manager
// receives. A Status that is not OK reports a failure of the agent instead,
// such as a full disk. The agent passes it to the error callback, with the
// instance but without the value, which may be a secret. The manager then
// receives resourceUnavailable for Unavailable and ResourceExhausted, and
// genErr for any other code. An exception is handled like a Status.
using SetResult = absl::StatusOr<ErrorStatus>;

// An instance, and the value that an SNMP SET assigns to it.
struct SetBinding {
  Oid suffix;  // relative to the root of the setter
  Value value;
};

// What a commit has left. The agent writes it into the stores when all
// assignments of the SET are committed, and before the manager gets its answer.
// The changes of a SET in a subtree become visible together. An update that is
// running at that time cannot overwrite them; an update that begins later can.
//
// A value type.
class SetOutcome {
 public:
  // The instances hold the values that were set.
  SetOutcome() = default;

  // Each instance that was set holds `value`.
  static SetOutcome Holds(Value value);

  // The instances that were set are absent.
  static SetOutcome Erased();

  // Exactly these changes, for any instances: rows that are created or erased,
  // and objects that depend on the value. Suffixes are relative to the root of
  // the setter.
  static SetOutcome Changed(Changes changes);

  // The agent writes nothing: the setter has changed the store, or an update
  // will.
  static SetOutcome WrittenBySetter() { return Changed(Changes()); }

  // Adds changes of other objects: suffixes are relative to `root`. If `root`
  // is in no subtree, the set fails with commitFailed. Without changes, it says
  // that the setter has written into the store there: walks of the manager's
  // connection then continue in the newest snapshot.
  SetOutcome& Also(Oid root, Changes changes = {});

  // Requests a run of the update of the setter's subtree. The answer does not
  // wait for the run; until it ends, the outcome is served. Does nothing if the
  // subtree has no update.
  SetOutcome& ThenUpdate() {
    then_update_ = true;
    return *this;
  }

  struct Elsewhere {
    Oid root;
    Changes changes;
  };

  // Adds the outcome of other bindings of the same setter. Requires that this
  // is an outcome of Changed().
  void Append(const SetOutcome& other, absl::Span<const SetBinding> bindings);

  // What the outcome means for `bindings`, as Changed() takes it.
  Changes ChangesFor(absl::Span<const SetBinding> bindings) const;
  const std::vector<Elsewhere>& elsewhere() const { return elsewhere_; }
  bool then_update() const { return then_update_; }

 private:
  enum class Kind { kAsSet, kValue, kErased, kChanges };

  explicit SetOutcome(Kind kind) : kind_(kind) {}

  Kind kind_ = Kind::kAsSet;
  std::optional<Value> value_;
  Changes changes_;
  std::vector<Elsewhere> elsewhere_;
  bool then_update_ = false;
};

// The result of Assignment::Commit(). Converts implicitly from
//
//   a SetOutcome    success
//   an ErrorStatus  kNoError is SetOutcome(), any other one is an error
//   a Status        an error: see SetResult
//   a SetResult     any of the last two
//
// `binding` is the position of the binding that an error is about, in the list
// that Setter::Test() received.
//
// A value type.
class CommitResult {
 public:
  CommitResult(SetOutcome outcome)  // NOLINT: implicit
      : result_(ErrorStatus::kNoError), outcome_(std::move(outcome)) {}
  CommitResult(SetResult result, size_t binding = 0);  // NOLINT
  CommitResult(ErrorStatus error, size_t binding = 0)  // NOLINT
      : CommitResult(SetResult(error), binding) {}
  CommitResult(absl::Status error, size_t binding = 0)  // NOLINT
      : CommitResult(SetResult(std::move(error)), binding) {}

  // An error after a part was stored. `outcome` is that of the part. Undo()
  // follows, as after a success.
  static CommitResult Partial(SetOutcome outcome, SetResult error,
                              size_t binding);

  const SetResult& result() const { return result_; }
  size_t binding() const { return binding_; }
  // Nothing if the commit has changed nothing.
  const std::optional<SetOutcome>& outcome() const { return outcome_; }

 private:
  SetResult result_;
  size_t binding_ = 0;
  std::optional<SetOutcome> outcome_;
};

// New values that Setter::Test() has accepted. The destructor releases the
// resources that the test reserved.
//
// Used by one thread at a time.
class Assignment {
 public:
  virtual ~Assignment() = default;

  // Stores the values. They must be stored permanently before Commit() returns
  // a success: snmpd ends its children by SIGKILL, and an acknowledged value
  // must not be lost. Called once.
  virtual CommitResult Commit() = 0;

  // Restores the old values after Commit(), because another assignment of the
  // same request failed. Returns kNoError or kUndoFailed; any other result
  // counts as kUndoFailed. After kNoError the agent restores the instances that
  // still hold what the commit left, in subtrees with an update. A store
  // without an update is restored by Undo() itself. Called once, after a
  // Commit() that has an outcome.
  virtual SetResult Undo() = 0;
};

// The result of Setter::Test(). Converts implicitly from a pointer to an
// assignment and, for an error, from an ErrorStatus, a Status or a SetResult.
// `binding` is the position of the rejected binding.
//
// Movable.
class TestResult {
 public:
  template <typename T, std::enable_if_t<std::is_base_of_v<Assignment, T>,
                                         int> = 0>
  TestResult(std::unique_ptr<T> assignment)  // NOLINT: implicit
      : result_(ErrorStatus::kNoError), assignment_(std::move(assignment)) {}
  TestResult(SetResult error, size_t binding = 0)  // NOLINT
      : result_(std::move(error)), binding_(binding) {}
  TestResult(ErrorStatus error, size_t binding = 0)  // NOLINT
      : TestResult(SetResult(error), binding) {}
  TestResult(absl::Status error, size_t binding = 0)  // NOLINT
      : TestResult(SetResult(std::move(error)), binding) {}

  const SetResult& result() const { return result_; }
  size_t binding() const { return binding_; }
  std::unique_ptr<Assignment> TakeAssignment() {
    return std::move(assignment_);
  }

 private:
  SetResult result_;
  size_t binding_ = 0;
  std::unique_ptr<Assignment> assignment_;
};

// Accepts or rejects new values for the instances at and below the root that it
// was registered for. Suffixes are relative to this root: the setter of a
// column receives the index of a row, and the setter of one instance receives
// an empty suffix. The agent has checked that a new value has the type of the
// present value; an absent instance has no type to check.
//
// With pass_persist, Commit() follows Test() directly, and each binding is a
// SET of its own. AgentX tests all bindings of an SNMP SET before it commits
// the first.
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

  // Returns true if a set may create the absent instance `suffix`, or if a set
  // of it makes sense for another reason: RowStatus allows a manager to destroy
  // a row that is absent. If false, the response is noCreation, and Test() is
  // not called.
  virtual bool AllowsCreate(const Oid& suffix) const {
    static_cast<void>(suffix);
    return false;
  }

  // Returns true if every value that Commit() has acknowledged is stored
  // outside of the process: in a file, in the kernel. An agent that ends after
  // its answer serves only the SETs of such setters: see
  // AgentBuilder::RequireDurableSetters().
  virtual bool IsDurable() const { return false; }

  // Accepts all bindings of a SET that are for this setter, in the order of the
  // SET, or rejects one. The list is not empty. If a suffix is in it twice, the
  // later binding counts. The list stays valid until the assignment is
  // destroyed. RFC 3416 section 4.2.5 defines the order in which to check for
  // errors.
  virtual TestResult Test(absl::Span<const SetBinding> bindings) = 0;
};

// Accepts or rejects a value for the instance `suffix`, relative to the root of
// the setter, and stores it. Returns an ErrorStatus, a Status, a SetResult or a
// SetOutcome.
using SetFunction =
    absl::AnyInvocable<CommitResult(const Oid& suffix, const Value& value)>;

struct SetterOptions {
  using TestFunction =
      absl::AnyInvocable<SetResult(const Oid& suffix, const Value& value)>;

  // If false, `set` is called only for present instances, with values of their
  // type. If true, `set` is also called for every absent instance at and below
  // the root, with values of any type: for tables whose rows SNMP creates.
  bool allow_create = false;

  // What Setter::IsDurable() returns: `set` stores each value outside of the
  // process before it returns.
  bool durable = false;

  // Called for each binding at the test; an error other than kNoError rejects
  // the SET before anything is stored. In protocols with phases, an error of
  // `set` becomes commitFailed, an error of `test` stays what it is. If null,
  // the test accepts every value.
  TestFunction test = nullptr;
};

// Returns a setter that calls `set` for each binding when an assignment is
// committed. It cannot undo. Returns null if `set` is null; AgentBuilder
// rejects a null setter.
std::unique_ptr<Setter> MakeSetter(SetFunction set, SetterOptions options = {});

}  // namespace passpersist

#endif  // PASSPERSIST_SETTER_H_
