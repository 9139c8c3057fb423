// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_BUILDER_H_
#define PASSPERSIST_AGENT_BUILDER_H_

#include <cstddef>
#include <memory>
#include <utility>

#include "absl/functional/any_invocable.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/agent.h"
#include "passpersist/codec.h"
#include "passpersist/contents.h"
#include "passpersist/error_callback.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/stored_value.h"
#include "passpersist/table/scalar.h"

namespace passpersist {

class AgentMonitor;
class Clock;
class Listener;
class Observer;
class Scheduler;
class Setter;
class SysUpTime;
class Transport;

template <typename Row, typename... Parts>
class Table;

namespace table_internal {
class LiveTableCore;
class RowSink;
struct Declaration;
}  // namespace table_internal

namespace computed_internal {
struct NoGuard;
struct TableRows;
}  // namespace computed_internal

// Options of a subtree with an update.
struct SubtreeOptions {
  // Any error in the contents of an update fails the update, and the subtree
  // keeps its present instances. Default: an error costs the instance that has
  // it (see Contents).
  bool strict = false;

  // When no update has succeeded for so long, the instances are absent until
  // one does, also for walks that have begun before.
  absl::Duration max_age = absl::InfiniteDuration();
};

// Builds an Agent from its parts and its subtrees:
//
//   transport  moves bytes between the agent and its peer
//   codec      translates bytes to requests, and responses to bytes
//   store      holds the values of a subtree
//   scheduler  runs the updates
//
// A library adds its subtrees by a function of its own,
//
//   void AddInterfaces(AgentBuilder& builder);
//
// and a program calls several such functions. Only Build() checks the
// arguments, and it reports all problems at once.
//
// An OID argument is an Oid or the result of Oid::Parse(): Build() reports a
// text that is not an OID as one of the problems.
//
// Used by one thread at a time.
class AgentBuilder {
 public:
  AgentBuilder();
  ~AgentBuilder();
  AgentBuilder(AgentBuilder&&) noexcept;
  AgentBuilder& operator=(AgentBuilder&&) noexcept;

  // Required.
  AgentBuilder& SetTransport(std::unique_ptr<Transport> transport);
  AgentBuilder& SetCodec(std::unique_ptr<Codec> codec);

  // Required if the agent keeps values: for tables, scalars and subtrees with
  // an update. Each of them gets its own store, so that the size of one does
  // not slow down another. A scheduler is required for updates.
  AgentBuilder& SetStoreFactory(StoreFactory factory);
  bool has_store_factory() const;
  AgentBuilder& SetScheduler(std::unique_ptr<Scheduler> scheduler);

  // Serves the instances below `root`. Each run of `update` collects all of
  // them: the first run starts with Agent::Run(), further runs follow every
  // `period` (see Scheduler::Every()). No root may be inside another subtree.
  // `update` is called by one thread at a time, and may be slow.
  AgentBuilder& AddSubtree(absl::StatusOr<Oid> root, absl::Duration period,
                           UpdateFn update, SubtreeOptions options = {});

  // Serves the instances below `root`, and runs `update` only for requests: for
  // a get, or for a getnext that begins a walk, if `time_to_live` has passed
  // since the end of the last run. One that continues a walk starts no run. The
  // request waits for the run as long as it may (see SetWaitingLimit()); then
  // it gets what is there, while the run goes on. snmpd asks a subtree for its
  // first name when a walk leaves the subtree before it, which may start a run.
  AgentBuilder& AddSubtreeOnDemand(absl::StatusOr<Oid> root,
                                   absl::Duration time_to_live, UpdateFn update,
                                   SubtreeOptions options = {});

  // Serves `store` below `root`. The caller keeps the store up to date.
  AgentBuilder& AddSubtree(absl::StatusOr<Oid> root,
                           std::shared_ptr<OidStore> store);

  // Serves a table (table.h), whose OID is below `root`. The table is a subtree
  // whose root is the OID of the table, so that a root may have several tables
  // and scalars.
  //
  //   builder.AddTable(kRoot, absl::Seconds(5), kDisks, ReadDisks);
  //
  // `read` is called every `period`. It returns or fills the rows:
  //
  //   Rows ReadRows();                  Rows: std::vector<Row>, or another
  //   absl::StatusOr<Rows> ReadRows();  range that holds rows, pointers to
  //                                     rows, or pairs of a key and a row
  //   absl::Status ReadRows(std::vector<Row>& rows);  fills the empty vector,
  //   void ReadRows(std::vector<Row>& rows);          which keeps its memory
  //
  // An error keeps the present rows. A row that has no index, and a null
  // pointer, is left out and reported; so is a cell that has no value.
  template <typename Row, typename... Parts, typename Function>
  AgentBuilder& AddTable(absl::StatusOr<Oid> root, absl::Duration period,
                         const Table<Row, Parts...>& table, Function read,
                         SubtreeOptions options = {}) {
    return AddReadTable(std::move(root), period, &table.declaration(),
                        table.MakeReadRows(std::move(read)), options,
                        /*on_demand=*/false);
  }

  // The same, but reads the rows only for requests: see AddSubtreeOnDemand().
  template <typename Row, typename... Parts, typename Function>
  AgentBuilder& AddTableOnDemand(absl::StatusOr<Oid> root,
                                 absl::Duration time_to_live,
                                 const Table<Row, Parts...>& table,
                                 Function read, SubtreeOptions options = {}) {
    return AddReadTable(std::move(root), time_to_live, &table.declaration(),
                        table.MakeReadRows(std::move(read)), options,
                        /*on_demand=*/true);
  }

  // Serves a LiveTable (live_table.h), whose OID is below `root`, from Build()
  // on. The caller changes its rows at any time, before Build(), too.
  //
  //   builder.AddTable(kRoot, disks);  // a std::shared_ptr<LiveTable<...>>
  AgentBuilder& AddTable(absl::StatusOr<Oid> root,
                         std::shared_ptr<table_internal::LiveTableCore> table);

  // Serves a table from ordered data of the application, which each request
  // reads: nothing is copied except the cells that are asked for. `rows` is a
  // MapRows, VectorRows or FunctionRows (computed_table.h) whose rows are those
  // of `table`. `make_guard()` returns an object, such as a lock, that a
  // request holds while it reads rows. NewComputedStore() says what a walk may
  // mix, and what the functions must not do.
  //
  //   std::map<std::string, Disk, OidLess<std::string>> disks;
  //   builder.AddTable(kRoot, kDisks, MapRows(&disks),
  //                    [&] { return std::unique_lock(mutex_of_disks); });
  //
  // A RowCount() is the number of the rows at the time when it is read, which
  // FunctionRows do not know. A LastChange() is not known.
  template <typename Row, typename... Parts, typename Rows,
            typename MakeGuard = computed_internal::NoGuard>
  AgentBuilder& AddTable(absl::StatusOr<Oid> root,
                         const Table<Row, Parts...>& table, Rows rows,
                         MakeGuard make_guard = {}) {
    root = RootOfTable(root, table.declaration());
    // The names have the arcs of the table, of the entry and of the column
    // before the index.
    const size_t arcs_before = (root.ok() ? root->size() : 0) + 2;
    return AddComputedTable(
        std::move(root), &table.declaration(),
        MakeComputedRows(table, arcs_before, std::move(rows),
                         std::move(make_guard)));
  }

  // Serves a scalar object: `object` is its OID, and its instance is
  // `object`.0. `source` is a function, which each request calls (see
  // ComputedValue), or a pointer to a std::atomic, which must outlive the
  // agent. The function returns a C++ value that has an SNMP type (see
  // snmp_type.h), or an std::optional or absl::StatusOr of one. While it
  // returns std::nullopt or an error, the instance is absent; an error is
  // reported. column.h says how to choose an SNMP type:
  //
  //   builder.AddScalar(kLoad, Scaled<2>(&CurrentLoad));
  //   builder.AddScalar(kCalls, Counter64Of(&calls));  // std::atomic<uint64_t>
  template <typename Source>
  AgentBuilder& AddScalar(absl::StatusOr<Oid> object, Source source) {
    return AddScalarObject(std::move(object), MakeScalar(std::move(source)));
  }

  // Calls `setter` for SNMP SETs at and below `root`, which must be in a
  // subtree. If the roots of several setters enclose an instance, the setter
  // with the longest root is called. A read after the SET returns the new
  // value, or what the setter says: see SetOutcome.
  AgentBuilder& AddSetter(absl::StatusOr<Oid> root,
                          std::unique_ptr<Setter> setter);

  // Declares the objects at and below `root` secret, which must be in a
  // subtree: what is set to them appears nowhere. After a SET they read as the
  // empty value of their type, until an update puts something else. Observers
  // get their values redacted, and get neither the bytes of messages nor
  // messages that the codec answers itself. The report of a failed SET omits
  // the message of the setter.
  AgentBuilder& AddSecret(absl::StatusOr<Oid> root);

  // Serves only the subtrees whose root is at or below `base`, and a subtree
  // that `base` lies in, which is served whole. The updates of other subtrees
  // do not run. Build() returns an error if no subtree is left. Default: all
  // subtrees.
  AgentBuilder& ServeOnly(absl::StatusOr<Oid> base);

  // Answers notWritable to SETs whose setter is not durable
  // (Setter::IsDurable()): for a process that ends after its answer, as snmpd's
  // `pass` directive needs it.
  AgentBuilder& RequireDurableSetters();

  // Serves every connection that `listener` accepts, in addition to the peer of
  // SetTransport(). `make_codec` makes a codec for each connection.
  AgentBuilder& AddListener(std::unique_ptr<Listener> listener,
                            CodecFactory make_codec);

  // Reports events to `observer`: snmpd's requests and their responses, updates
  // and errors.
  AgentBuilder& AddObserver(std::unique_ptr<Observer> observer);

  // Calls `callback` at the end of a Build() that succeeds, before any update
  // and any request: for a library that serves what the monitor tells. The
  // monitor lives as long as the agent.
  AgentBuilder& OnBuild(absl::AnyInvocable<void(AgentMonitor&)> callback);

  // Calls `callback` for each error. Default: SyslogErrors().
  AgentBuilder& OnError(ErrorCallback callback);

  // How long Run() waits for the first updates before it reports the number of
  // those that have not finished, and serves the values that have been
  // collected. snmpd answers no request meanwhile, because it waits for PONG
  // without a timeout. Default: 5 seconds.
  AgentBuilder& SetFirstUpdateTimeout(absl::Duration timeout);

  // How long requests wait for user code, which are setters and the functions
  // of computed values. With a protocol that asks for one name at a time, such
  // as pass_persist, the limit is for all requests of a second together: snmpd
  // answers nobody while it waits. Otherwise it is for a request. When it has
  // passed, what is known is served, and a set is refused. Default: 500
  // milliseconds. Keep it below one second: a manager then repeats its request.
  // docs/serving.md describes what is served when.
  AgentBuilder& SetWaitingLimit(absl::Duration limit);

  // A computed value whose last call took longer than the waiting limit is not
  // waited for. The last answer is served until it is older than `age`; then
  // the instance is absent. Default: 30 seconds.
  AgentBuilder& SetLateValueAge(absl::Duration age);

  // While so many functions of a subtree are late, the others that were late
  // are not called. Default: 64.
  AgentBuilder& SetMaxLateValues(size_t count);

  // A walk continues in the snapshot that it began with, if its next request
  // comes within this time. Default: 5 seconds.
  AgentBuilder& SetWalkLifetime(absl::Duration lifetime);

  // Bounds the memory of the snapshots that only walks of one connection need.
  // Above it, the oldest walks continue in the newest snapshots. Default: 48
  // MiB.
  AgentBuilder& SetMaxOldSnapshotMemory(size_t bytes);

  // The clock of timeouts, ages and latencies. A scheduler has a clock of its
  // own. Default: the system's monotonic clock.
  AgentBuilder& SetClock(std::shared_ptr<Clock> clock);

  // From when time stamps count (see Contents::TimeStampOf()). While
  // `sys_up_time` returns an error, which is reported once, and by default,
  // they count from the start of the agent.
  AgentBuilder& SetSysUpTime(std::shared_ptr<SysUpTime> sys_up_time);

  // Returns the agent, or InvalidArgument naming every problem. Leaves the
  // builder empty.
  absl::StatusOr<std::unique_ptr<Agent>> Build();

 protected:
  // For a class that chooses the transport which the program has not set.
  bool has_transport() const;

  // The peer sends one request: a get or a set of `name`, or a getnext of it.
  // The updates of subtrees that cannot answer it do not run. For a getnext,
  // Agent::Run() waits for first updates until a subtree has the next name.
  void ExpectOnly(Oid name, bool is_next);

 private:
  static absl::StatusOr<Oid> RootOfTable(
      const absl::StatusOr<Oid>& root,
      const table_internal::Declaration& table);
  // `read` is a table_internal::ReadRowsFn.
  AgentBuilder& AddReadTable(
      absl::StatusOr<Oid> root, absl::Duration period,
      const table_internal::Declaration* table,
      absl::AnyInvocable<absl::Status(table_internal::RowSink&)> read,
      const SubtreeOptions& options, bool on_demand);
  AgentBuilder& AddComputedTable(
      absl::StatusOr<Oid> root, const table_internal::Declaration* table,
      std::shared_ptr<computed_internal::TableRows> rows);
  AgentBuilder& AddScalarObject(absl::StatusOr<Oid> object, Scalar scalar);

  struct Spec;  // what was set so far

  std::unique_ptr<Spec> spec_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_AGENT_BUILDER_H_
