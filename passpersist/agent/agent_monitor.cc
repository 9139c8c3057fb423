// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/agent_monitor.h"

#include <errno.h>
#include <unistd.h>

#include <typeinfo>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "passpersist/agent/subtree.h"
#include "passpersist/base/type_name.h"

namespace passpersist::internal {

AgentMonitor::AgentMonitor(const MibTree* objects, const Updates* updates,
                           std::string codec,
                           InterruptibleClock* interruptible_clock,
                           ObserverList* observers)
    : objects_(*objects),
      updates_(*updates),
      codec_(std::move(codec)),
      interruptible_clock_(*interruptible_clock),
      observers_(*observers),
      started_(absl::Now()),
      begin_(interruptible_clock->Now()),
      peer_(observers),
      clients_(nullptr) {}

Description AgentMonitor::Describe() const {
  Description description;
  description.program = program_invocation_short_name;
  description.pid = getpid();
  description.started = started_;
  description.codec = codec_;
  for (const auto& subtree : objects_.subtrees()) {
    const PeriodicUpdate* const update = FindUpdate(subtree->root());
    description.subtrees.push_back(
        {subtree->root(), subtree->store_name(),
         update == nullptr ? absl::ZeroDuration() : update->period()});
  }
  description.setters = objects_.regions().writable;
  return description;
}

Statistics AgentMonitor::GetStatistics() const {
  Statistics statistics;
  statistics.uptime = interruptible_clock_.Now() - begin_;
  statistics.peer = peer_.counts();
  statistics.debug_clients = clients_.counts();
  statistics.open_connections = open_connections_;
  statistics.total_connections = total_connections_;
  for (const auto& subtree : objects_.subtrees()) {
    Statistics::Subtree& of_subtree = statistics.subtrees.emplace_back();
    of_subtree.root = subtree->root();
    of_subtree.rows = subtree->snapshot()->size();
    of_subtree.memory = subtree->ApproximateMemory();
    const PeriodicUpdate* const update = FindUpdate(subtree->root());
    if (update != nullptr) update->FillStatistics(&of_subtree);
  }
  statistics.errors = errors_.errors();
  return statistics;
}

UpdateEvent AgentMonitor::RunUpdate(const Oid& root, absl::Duration limit,
                                    const HasGone& has_gone) {
  PeriodicUpdate* const update = FindUpdate(root);
  if (update != nullptr) return update->RunNow(limit, has_gone);
  UpdateEvent run;
  run.root = root;
  const Subtree* const subtree = objects_.Find(root);
  if (subtree == nullptr || subtree->root() != root) {
    run.status = absl::NotFoundError(
        absl::StrCat("no subtree has the root ", root.ToString()));
  } else {
    run.status = absl::FailedPreconditionError(
        absl::StrCat("subtree ", root.ToString(),
                     " has no update: its owner keeps it up to date"));
    run.rows = subtree->snapshot()->size();
  }
  return run;
}

std::optional<absl::Duration> AgentMonitor::AgeOf(const Oid& root) const {
  const PeriodicUpdate* const update = FindUpdate(root);
  if (update == nullptr) return std::nullopt;
  return update->age();
}

std::unique_ptr<WatchQueue> AgentMonitor::NewWatch() {
  return std::make_unique<WatchQueue>(&observers_, &interruptible_clock_);
}

void AgentMonitor::RecordError(const absl::Status& error) {
  const absl::Time now = absl::Now();
  errors_.Add(error, now);
  if (observers_.any()) observers_.Publish({now, error});
}

void AgentMonitor::OnClientConnected() {
  ++open_connections_;
  ++total_connections_;
}

void AgentMonitor::OnClientDisconnected() { --open_connections_; }

// A linear search: there are few updates, and calls are rare.
PeriodicUpdate* AgentMonitor::FindUpdate(const Oid& root) const {
  for (const auto& update : updates_) {
    if (update->subtree().root() == root) return update.get();
  }
  return nullptr;
}

}  // namespace passpersist::internal
