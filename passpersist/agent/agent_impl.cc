// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/agent_impl.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>

#include "absl/strings/str_cat.h"
#include "passpersist/base/type_name.h"

namespace passpersist::internal {

namespace {

bool IsOnDemand(const AgentParts::Update& update) {
  return update.options.on_demand;
}

bool HasNameAfter(const Oid& name, const MibTree::Region& region) {
  const bool is_within = name.StartsWith(region.root);
  if (!is_within && region.root < name) return false;
  const auto snapshot = region.subtree->snapshot();
  const std::unique_ptr<Iterator> iterator = snapshot->NewIterator();
  if (is_within) {
    const Oid suffix(name.ArcsFrom(region.subtree->base().size()));
    iterator->Seek(suffix);
    if (iterator->Valid() && iterator->suffix() == suffix) iterator->Next();
  } else {
    iterator->Seek(region.suffix);
  }
  return iterator->Valid() && iterator->suffix().StartsWith(region.suffix);
}

std::string NameOf(const Codec& codec) { return TypeName(typeid(codec)); }

}  // namespace

AgentImpl::AgentImpl(AgentParts parts)
    : clock_(std::move(parts.clock)),
      configured_observers_(std::move(parts.observers)),
      mib_tree_(std::move(parts.mib_tree)),
      monitor_(mib_tree_.get(), &updates_, NameOf(*parts.codec), clock_.get(),
               &observers_),
      errors_([this, callback = std::move(parts.error_callback)](
                  const absl::Status& error) mutable {
        monitor_.RecordError(error);
        callback(error);
      }),
      sys_up_time_(std::move(parts.sys_up_time), clock_.get(), &errors_),
      scheduler_(std::move(parts.scheduler)),
      computed_values_(clock_.get(), parts.computed_values,
                       RunAs(TaskKind::kComputedValue)),
      shared_{mib_tree_.get(),
              clock_.get(),
              &errors_,
              &computed_values_,
              {mib_tree_.get(), &errors_, &computed_values_, &setter_locks_,
               RunAs(TaskKind::kSetter),
               [this](const Oid& root) { monitor_.StartUpdate(root); }},
              parts.waiting_limit,
              parts.reading,
              MakeAwaitUpdate(parts.updates)},
      first_update_timeout_(parts.first_update_timeout),
      only_request_(std::move(parts.only_request)),
      has_run_(parts.updates.size()),
      connection_(std::move(parts.transport), std::move(parts.codec), &shared_,
                  &monitor_, &monitor_.peer()) {
  for (AgentParts::Update& update : parts.updates) {
    has_run_[updates_.size()] = IsOnDemand(update);
    update.options.sys_up_time = &sys_up_time_;
    updates_.push_back(std::make_unique<SubtreeUpdate>(
        update.subtree, std::move(update.options), clock_.get(), &errors_,
        &observers_));
  }
  for (const auto& subtree : mib_tree_->subtrees()) {
    const auto demanded =
        std::find_if(updates_.begin(), updates_.end(), [&](const auto& update) {
          return update->options().on_demand &&
                 &update->subtree() == subtree.get();
        });
    on_demand_.push_back(demanded == updates_.end() ? nullptr
                                                    : demanded->get());
  }
  for (AgentParts::ListenerSpec& spec : parts.listeners) {
    listener_servers_.push_back(std::make_unique<ListenerServer>(
        std::move(spec.listener), std::move(spec.make_codec)));
  }
  scheduler_->OnError(
      [this](const absl::Status& error) { errors_.Report(error); });
}

AgentImpl::~AgentImpl() {
  Shutdown();
  scheduler_->Stop();
}

absl::Status AgentImpl::Run() {
  for (const auto& observer : configured_observers_) {
    monitor_.AddObserver(observer.get());
  }
  absl::Status status = StartUpdates();
  if (status.ok()) {
    for (const auto& server : listener_servers_)
      server->Open(&shared_, &monitor_);
    status = connection_.Serve();
  }
  Shutdown();
  observers_.Flush();
  return status;
}

absl::Status AgentImpl::Notify(const Notification& notification) {
  return connection_.Notify(notification);
}

void AgentImpl::Shutdown() {
  for (std::atomic<bool>& has_run : has_run_) has_run = true;
  clock_->Wake();
  connection_.Shutdown();
  for (const auto& server : listener_servers_) server->Close();
}

// Null without a subtree that is filled on demand: then a read costs nothing.
MibReader::AwaitUpdate AgentImpl::MakeAwaitUpdate(
    const std::vector<AgentParts::Update>& updates) {
  if (std::none_of(updates.begin(), updates.end(), IsOnDemand)) return nullptr;
  return
      [this](size_t subtree, Nanoseconds begun, const MibReader::Asker& asker) {
        SubtreeUpdate* const update = on_demand_[subtree];
        return update != nullptr && update->MustAwait(begun, asker);
      };
}

absl::Status AgentImpl::StartUpdates() {
  const size_t first_updates = FirstUpdatesLeft();
  const absl::Duration deadline = clock_->Now() + first_update_timeout_;
  for (size_t i = 0; i < updates_.size(); ++i) {
    absl::Status status = updates_[i]->Start(scheduler_.get(), [this, i] {
      if (!has_run_[i].exchange(true)) clock_->Wake();
      connection_.ForgetOldSnapshots();
    });
    if (!status.ok()) return status;
  }
  AwaitFirstUpdates(deadline);
  const size_t left = FirstUpdatesLeft();
  if (left == 0 || clock_->Now() < deadline) return absl::OkStatus();
  errors_.Report(absl::DeadlineExceededError(
      absl::StrCat(left, " of ", first_updates, " first updates took over ",
                   absl::FormatDuration(first_update_timeout_),
                   "; serving without their values until they have finished")));
  return absl::OkStatus();
}

// Waits in the order of the regions: a getnext needs those up to the one that
// has the name.
void AgentImpl::AwaitFirstUpdates(absl::Duration deadline) {
  for (const MibTree::Region& region : mib_tree_->regions()) {
    const auto update = std::find_if(
        updates_.begin(), updates_.end(),
        [&](const auto& u) { return &u->subtree() == region.subtree; });
    if (update != updates_.end()) {
      clock_->WaitUntil(deadline, has_run_[update - updates_.begin()]);
    }
    if (only_request_ && only_request_->is_next &&
        HasNameAfter(only_request_->name, region)) {
      return;
    }
  }
}

size_t AgentImpl::FirstUpdatesLeft() const {
  return std::count(has_run_.begin(), has_run_.end(), false);
}

}  // namespace passpersist::internal
