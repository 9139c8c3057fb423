// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent.h"

#include <atomic>
#include <string>
#include <typeinfo>
#include <utility>

#include "absl/strings/str_cat.h"
#include "passpersist/agent/periodic_update.h"
#include "passpersist/base/type_name.h"

namespace passpersist {

namespace {

std::string NameOf(const Codec& codec) {
  return internal::TypeName(typeid(codec));
}

}  // namespace

Agent::Agent(Parts parts)
    : clock_(std::move(parts.clock)),
      own_observers_(std::move(parts.observers)),
      objects_(std::move(parts.objects)),
      wait_room_(clock_.get()),
      inspector_(objects_.get(), &updates_, NameOf(*parts.codec), &wait_room_,
                 &observers_),
      errors_([this, hook = std::move(parts.error_hook)](
                  const absl::Status& error) mutable {
        inspector_.RecordError(error);
        hook(error);
      }),
      lazies_(clock_.get(), parts.lazy_value_limit),
      shared_{objects_.get(), clock_.get(), &errors_, &lazies_, &inspector_},
      first_update_limit_(parts.first_update_limit),
      first_updates_left_(parts.updates.size()),
      connection_(std::move(parts.transport), std::move(parts.codec), shared_,
                  &inspector_.peer()),
      scheduler_(std::move(parts.scheduler)) {
  for (Update& update : parts.updates) {
    updates_.push_back(std::make_unique<internal::PeriodicUpdate>(
        update.subtree, update.period, std::move(update.function), &wait_room_,
        &errors_, &observers_));
  }
  for (Door& door : parts.side_doors) {
    side_doors_.push_back(std::make_unique<internal::ListenerServer>(
        std::move(door.listener), std::move(door.make_codec)));
  }
}

Agent::~Agent() {
  Shutdown();
  if (scheduler_ != nullptr) scheduler_->Stop();
}

absl::Status Agent::Run() {
  for (const auto& observer : own_observers_) {
    observer->Begin(inspector_.Describe());
    observers_.Add(observer.get());
  }
  absl::Status status = StartUpdates();
  if (status.ok()) {
    for (const auto& door : side_doors_) door->Open(shared_);
    status = connection_.Serve();
  }
  Shutdown();
  observers_.Flush();
  return status;
}

absl::Status Agent::Notify(const Notification& notification) {
  return connection_.Notify(notification);
}

void Agent::Shutdown() {
  wait_no_longer_ = true;
  wait_room_.Shutdown();
  connection_.Shutdown();
  for (const auto& door : side_doors_) door->Close();
}

absl::Status Agent::StartUpdates() {
  if (updates_.empty()) return absl::OkStatus();
  const absl::Duration deadline = clock_->Now() + first_update_limit_;
  for (const auto& update : updates_) {
    absl::Status status =
        update->Start(scheduler_.get(), [this, first = true]() mutable {
          if (std::exchange(first, false)) FirstUpdateEnded();
          connection_.ForgetOldSnapshots();
        });
    if (!status.ok()) return status;
  }
  clock_->WaitUntil(deadline, wait_no_longer_);
  if (wait_no_longer_) return absl::OkStatus();
  errors_.Report(absl::DeadlineExceededError(absl::StrCat(
      first_updates_left_.load(), " of ", updates_.size(),
      " first updates took over ", absl::FormatDuration(first_update_limit_),
      "; serving without their values until they are there")));
  return absl::OkStatus();
}

void Agent::FirstUpdateEnded() {
  if (--first_updates_left_ > 0) return;
  wait_no_longer_ = true;
  clock_->Wake();
}

}  // namespace passpersist
