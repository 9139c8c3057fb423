// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/agent_monitor_impl.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <typeinfo>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "passpersist/agent/mib/subtree.h"
#include "passpersist/base/type_name.h"

namespace passpersist::internal {

AgentMonitorImpl::AgentMonitorImpl(const MibTree* objects,
                                   const Updates* updates, std::string codec,
                                   Clock* clock, ObserverList* observers)
    : objects_(*objects),
      updates_(*updates),
      codec_(std::move(codec)),
      clock_(*clock),
      observers_(*observers),
      started_(absl::Now()),
      begin_(clock->Now()),
      peer_(objects, observers),
      clients_(objects, nullptr) {}

Description AgentMonitorImpl::Describe() const {
  Description description;
  description.program = program_invocation_short_name;
  description.pid = getpid();
  description.started = started_;
  description.codec = codec_;
  for (const auto& subtree : objects_.subtrees()) {
    const SubtreeUpdate* const update = FindUpdate(subtree->root());
    Description::Subtree& described = description.subtrees.emplace_back();
    described.root = subtree->root();
    described.store = subtree->store_name();
    if (update == nullptr) continue;
    described.period = update->options().period;
    described.is_on_demand = update->options().on_demand;
  }
  description.setters = objects_.CodecRegions().writable;
  return description;
}

Statistics AgentMonitorImpl::GetStatistics() const {
  Statistics statistics;
  statistics.uptime = clock_.Now() - begin_;
  statistics.peer = peer_.GetCounts();
  statistics.late_answers = peer_.late();
  statistics.debug_clients = clients_.GetCounts();
  statistics.open_connections = open_connections_;
  statistics.total_connections = total_connections_;
  for (const auto& subtree : objects_.subtrees()) {
    Statistics::Subtree& of_subtree = statistics.subtrees.emplace_back();
    of_subtree.root = subtree->root();
    of_subtree.instances = subtree->snapshot()->size();
    of_subtree.memory = subtree->ApproximateMemory();
    const SubtreeUpdate* const update = FindUpdate(subtree->root());
    if (update != nullptr) update->FillStatistics(&of_subtree);
  }
  statistics.error_count = errors_.count();
  statistics.errors = errors_.errors();
  return statistics;
}

InstanceInfo AgentMonitorImpl::GetInstanceInfo(const Oid& oid) const {
  const Subtree* const subtree = objects_.Find(oid);
  if (subtree == nullptr) return InstanceInfo();
  return subtree->Describe(oid, clock_.Now());
}

std::shared_ptr<const UpdateRun> AgentMonitorImpl::StartUpdate(
    const Oid& root) {
  SubtreeUpdate* const update = FindUpdate(root);
  if (update != nullptr) return update->RunNow();
  UpdateEvent event;
  event.root = root;
  const Subtree* const subtree = objects_.Find(root);
  if (subtree == nullptr || subtree->root() != root) {
    event.status = absl::NotFoundError(
        absl::StrCat("no subtree has the root ", root.ToString()));
  } else {
    event.status = absl::FailedPreconditionError(
        absl::StrCat("subtree ", root.ToString(),
                     " has no update: its owner keeps it up to date"));
    event.instances = subtree->snapshot()->size();
  }
  auto run = std::make_shared<UpdateRun>(event);
  run->End(event);
  return run;
}

UpdateEvent AgentMonitorImpl::RunUpdate(const Oid& root,
                                        absl::Duration timeout) {
  const std::shared_ptr<const UpdateRun> run = StartUpdate(root);
  clock_.WaitUntil(clock_.Now() + timeout, run->ended());
  return run->result();
}

void AgentMonitorImpl::AddObserver(Observer* observer) {
  observer->OnStart(Describe());
  observers_.Add(observer);
}

void AgentMonitorImpl::RemoveObserver(Observer* observer) {
  observers_.Remove(observer);
}

void AgentMonitorImpl::RecordError(const absl::Status& error) {
  const absl::Time now = absl::Now();
  errors_.Add(error, now);
  if (observers_.any()) observers_.Publish({now, error});
}

void AgentMonitorImpl::OnClientConnected() {
  ++open_connections_;
  ++total_connections_;
}

void AgentMonitorImpl::OnClientDisconnected() { --open_connections_; }

SubtreeUpdate* AgentMonitorImpl::FindUpdate(const Oid& root) const {
  const auto update = std::lower_bound(
      updates_.begin(), updates_.end(), root,
      [](const std::unique_ptr<SubtreeUpdate>& other, const Oid& sought) {
        return other->subtree().root() < sought;
      });
  if (update == updates_.end() || (*update)->subtree().root() != root) {
    return nullptr;
  }
  return update->get();
}

}  // namespace passpersist::internal
