// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_READING_MIB_READER_H_
#define PASSPERSIST_AGENT_READING_MIB_READER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/reading/burst.h"
#include "passpersist/agent/reading/pinned_snapshot.h"
#include "passpersist/agent/reading/snapshot_view.h"
#include "passpersist/agent/reading/walk_positions.h"
#include "passpersist/base/nanoseconds.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/pdu.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// Reads across the subtrees of an agent, for one connection. Returns only
// instances that can be sent: a value that the protocol cannot carry, a
// computed value that fails or is late, and an OID of more than 128 arcs are
// reported and skipped.
//
// A read that meets a computed value may have to wait for its function. It then
// returns kWaiting, and the caller repeats it with the same arguments when it
// is woken: see ComputedValueRunner::Asker. A request that has waited for a
// moment begins the calls of the computed values that follow, so that functions
// that hang cost a walk its budget once, not once for each.
//
// Requests that belong together read one snapshot of each subtree: those of a
// PDU, or of a burst (see Burst) if the protocol does not tell what a PDU is. A
// walk that continues stays in the snapshot that it began with, for as long as
// its requests come within Options::walk_lifetime (see WalkPositions), so that
// it does not mix the rows of a table before and after an update.
//
// Used by one thread at a time. In steady state it allocates no memory.
class MibReader {
 public:
  struct Options {
    absl::Duration walk_lifetime = absl::Seconds(5);
    // Of the snapshots that are not the newest. Above it, the snapshot that was
    // pinned first is released, and its walks continue in the newest.
    size_t max_old_snapshot_memory = 48 << 20;
  };

  // What a read has come to.
  enum class Step { kFound, kAbsent, kWaiting };

  static constexpr int kMaxRepetitions = 8;

  using Asker = ComputedValueRunner::Asker;

  // True if a request that began at `begun` has to wait for the update of the
  // subtree with this number, which is then running. The request asks again
  // when it is woken.
  using AwaitUpdate =
      std::function<bool(size_t subtree, Nanoseconds begun, const Asker&)>;

  // The reads of one request. Its memory is used again for the next request.
  class Request {
   public:
    Asker asker;

   private:
    friend class MibReader;

    Nanoseconds begun;
    SnapshotView* view = nullptr;
    std::unique_ptr<SnapshotView> own_view;  // of a PDU
    // Next() waits for the value of this instance, and goes on with it.
    bool waits = false;
    size_t waits_in = 0;  // region
    Oid waits_at;
    int repetitions = 0;
  };

  // Returns OK if the binding can be sent.
  using BindingCheck = std::function<absl::Status(const Oid&, const Value&)>;

  // `await_update` is for subtrees that are filled on demand, and may be null.
  // All pointers must outlive this.
  MibReader(const MibTree* objects, ErrorReporter* errors,
            ComputedValueRunner* computed_values, BindingCheck check,
            const Options& options, AwaitUpdate await_update = nullptr);

  // Begins the reads of a request, whose asker is set. `first_name` is the
  // first name that it asks for. EndRequest() ends them.
  void BeginRequest(const Oid& first_name, bool is_pdu, Request* request) {
    request->begun = request->asker.now;
    request->waits = false;
    request->repetitions = 0;
    if (is_pdu) return OpenOwnView(request);
    request->view = &burst_view_;
    if (burst_.Add(request->asker.now, first_name)) RenewBurstView(*request);
  }
  void EndRequest(Request* request) {
    if (request->own_view != nullptr) {
      idle_views_.push_back(std::move(request->own_view));
    }
  }

  // The last request was answered at `now`.
  void OnAnswer(Nanoseconds now) { burst_.OnAnswer(now); }

  // True if the reads of a request that is a PDU may have seen half of a set
  // that was published meanwhile: the caller then begins with the first read
  // again, before it ends the request. Waits for a set that is being published.
  // Always false after kMaxRepetitions, so that a request comes to an end.
  bool Repeats(Request* request);

  // Sets binding->value for the instance binding->oid: to noSuchObject if the
  // OID lies in no subtree, to noSuchInstance if the instance is absent.
  Step Get(ResponseVarBind* binding, Request* request);

  // Sets *binding to the first instance of `range`, and *info, if given;
  // *binding is unspecified if there is none.
  Step Next(const SearchRange& range, ResponseVarBind* binding,
            Request* request, InstanceInfo* info = nullptr);

  // Begins the call of the instance `oid` if its value is computed, for a later
  // Get() of the same request.
  void BeginGet(const Oid& oid, Request* request);

  // A set has written `oid`: walks in its subtree continue in the newest
  // snapshot.
  void OnSet(const Oid& oid);

  // Releases all snapshots: walks continue in the newest ones.
  void Forget();

  // Releases snapshots that are not the newest, except those of a burst that is
  // not over and of walks that may continue.
  void ForgetOld(Nanoseconds now);

 private:
  // Where a read is: an iterator of the walk or of the request's view.
  struct Cursor {
    size_t region;  // of the MIB tree
    PinnedSnapshot* snapshot;
    Iterator* iterator;
    bool in_view;
  };

  void OpenOwnView(Request* request);
  void RenewBurstView(const Request& request);
  // True if the request has to wait for the update of a subtree whose snapshot
  // its view has not pinned yet.
  bool MustAwaitUpdate(size_t region, const Request& request) const;
  // Position in objects_.subtrees().
  size_t SubtreeNumber(size_t region) const {
    return objects_.regions()[region].number;
  }
  const Oid& BaseOf(size_t region) const {
    return objects_.regions()[region].subtree->base();
  }
  // True, and reported once, if the subtree is too old to be served.
  bool HasExpired(size_t region, Nanoseconds now);
  void ReportExpiry(const Subtree& subtree);
  // Opens the subtree of the region in the request's view.
  Cursor Open(size_t region, Request* request);
  Cursor BeginWalk(const SearchRange& range, size_t region, bool within,
                   Request* request);
  Cursor ContinueWalk(WalkPositions::Position* walk, Request* request);
  Cursor ContinueWait(WalkPositions::Position* walk, Request* request);
  void Remember(WalkPositions::Position* walk, const Cursor& cursor,
                const Oid& answered, Nanoseconds now);

  void ReportDisorder(const Cursor& cursor, const Oid& after);
  void ReportComputed(const Oid& oid, const absl::Status& error);
  Step Resolve(size_t region, const StoredValue& stored,
               ResponseVarBind* binding, Asker* asker);
  Step Compute(size_t subtree, const ComputedValue& function,
               ResponseVarBind* binding, Asker* asker);
  absl::Status Check(const ResponseVarBind& binding) const;
  // The entry of the instance `oid` in the request's view, or null.
  const Iterator* Find(size_t region, const Oid& oid, Request* request);
  void BeginCallsAfter(const Cursor& cursor, const Asker& asker);
  void ReleaseAboveLimit(Request* request);

  const MibTree& objects_;
  ErrorReporter& errors_;
  ComputedValueRunner& computed_values_;
  const BindingCheck check_;
  const AwaitUpdate await_update_;
  const size_t max_old_snapshot_memory_;

  SnapshotPool pool_;  // outlives what refers to its snapshots
  WalkPositions walks_;
  Burst burst_;
  SnapshotView burst_view_;
  std::vector<std::unique_ptr<SnapshotView>> idle_views_;
  size_t last_region_ = 0;  // that a request has read
  Oid suffix_;              // scratch
  Oid asked_;               // the name of Next(), relative to the base
  Oid skipped_;  // the last instance that Next() has passed over, likewise
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_READING_MIB_READER_H_
