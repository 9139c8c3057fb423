// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_SETS_SET_CHANGES_H_
#define PASSPERSIST_AGENT_SETS_SET_CHANGES_H_

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/changes.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"

namespace passpersist::internal {

// What the assignments of one set have left in the subtrees. Publishes it in
// one step, and takes it back when assignments are undone. Assignments have
// numbers.
//
// The two functions that publish hold the locks of all subtrees in a list,
// which the thread-safety analysis does not understand.
//
// Used by one thread at a time. Several sets may be published concurrently.
class SetChanges {
 public:
  // `objects` must outlive this.
  explicit SetChanges(const MibTree* objects) : objects_(*objects) {}

  // Adds changes that an assignment has left, with suffixes relative to `root`.
  // The value of a secret object is replaced by the empty value of its type.
  // InvalidArgument if `root` is in no subtree.
  absl::Status Add(size_t assignment, const Oid& root, const Changes& changes);

  // The assignment was undone: its changes are not published, or taken back.
  void MarkUndone(size_t assignment) { undone_.insert(assignment); }

  // Writes the changes of all assignments that are not undone, by one Apply()
  // for each subtree. If it returns an error, nothing has changed, and
  // *assignment is one whose changes have failed.
  absl::Status Publish(size_t* assignment) ABSL_NO_THREAD_SAFETY_ANALYSIS;

  // After Publish(): restores the instances of the undone assignments that
  // still hold what the set has left. An instance that holds something else is
  // left as it is, and the root of its subtree is added to *overtaken. Does
  // nothing in a subtree without an update, which Assignment::Undo() restores.
  absl::Status TakeBack(std::set<Oid>* overtaken)
      ABSL_NO_THREAD_SAFETY_ANALYSIS;

  // The roots of the subtrees, and the names of the instances, that Publish()
  // has changed.
  std::vector<Oid> Roots() const;
  std::vector<Oid> Names() const;

 private:
  struct Entry {
    StoredValue value;
    std::string label;
  };

  struct Instance {
    Oid suffix;                       // relative to the root of the subtree
    size_t assignment;                // the last one that changed it
    std::optional<StoredValue> left;  // nothing if it was erased
    std::optional<Entry> before;      // nothing if it was absent
  };

  struct Left {
    size_t assignment;
    Changes changes;
  };

  // Of one subtree.
  struct Part {
    Subtree* subtree;
    std::vector<Left> left;           // in the order of the assignments
    std::vector<Instance> instances;  // in OID order, once it is published
  };

  // The changes of the part. Sets its instances.
  Changes Begin(Part* part) const;
  static void Restore(const Instance& instance, Changes* changes);

  const MibTree& objects_;
  std::map<size_t, Part> parts_;  // by the position in objects_.subtrees()
  std::set<size_t> undone_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_SETS_SET_CHANGES_H_
