#include "passpersist/agent.h"

#include <atomic>
#include <list>
#include <string>
#include <thread>
#include <typeinfo>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/internal/periodic_update.h"
#include "passpersist/internal/type_name.h"

namespace passpersist {

using internal::Connection;

namespace {

std::string NameOf(const Codec& codec) {
  return internal::TypeName(typeid(codec));
}

}  // namespace

// A guest of a side door, served on a thread of its own.
class Agent::Guest {
 public:
  Guest(std::unique_ptr<Transport> transport, std::unique_ptr<Codec> codec,
        Agent* agent)
      : connection_(std::make_unique<Connection>(
            std::move(transport), std::move(codec), agent->shared_,
            &agent->inspector_.guests(), kIdleGuest)),
        thread_([this, agent] { Serve(agent); }) {}

  ~Guest() {
    {
      absl::MutexLock lock(&mutex_);
      if (connection_ != nullptr) connection_->Shutdown();
    }
    thread_.join();
  }

  bool gone() const {
    absl::MutexLock lock(&mutex_);
    return connection_ == nullptr;
  }

 private:
  // After this long a silent guest no longer keeps old snapshots.
  static constexpr absl::Duration kIdleGuest = absl::Seconds(10);

  void Serve(Agent* agent) {
    agent->inspector_.GuestCame();
    Connection* connection;
    {
      absl::MutexLock lock(&mutex_);
      connection = connection_.get();
    }
    agent->errors_.Report(connection->Serve());
    agent->inspector_.GuestLeft();
    // Closes its end, though the door may not look after its guests for long.
    absl::MutexLock lock(&mutex_);
    connection_ = nullptr;
  }

  mutable absl::Mutex mutex_;
  std::unique_ptr<Connection> connection_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

Agent::Agent(Parts parts)
    : clock_(std::move(parts.clock)),
      own_observers_(std::move(parts.observers)),
      objects_(std::move(parts.objects)),
      wait_room_(clock_.get()),
      inspector_(objects_.get(), &updates_, NameOf(*parts.codec), &wait_room_,
                 &observers_),
      errors_([this, hook = std::move(parts.error_hook)](
                  const absl::Status& error) mutable {
        inspector_.NoteError(error);
        hook(error);
      }),
      lazies_(clock_.get(), parts.lazy_value_limit),
      shared_{objects_.get(), clock_.get(), &errors_, &lazies_, &inspector_},
      first_update_limit_(parts.first_update_limit),
      first_updates_left_(parts.updates.size()),
      side_doors_(std::move(parts.side_doors)),
      connection_(std::move(parts.transport), std::move(parts.codec), shared_,
                  &inspector_.peer()),
      scheduler_(std::move(parts.scheduler)) {
  for (Update& update : parts.updates) {
    updates_.push_back(std::make_unique<internal::PeriodicUpdate>(
        update.subtree, update.period, std::move(update.function), &wait_room_,
        &errors_, &observers_));
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
  StartUpdates();
  std::vector<std::thread> doors;
  for (SideDoor& door : side_doors_) {
    doors.emplace_back([this, &door] { ServeSideDoor(&door); });
  }
  absl::Status status = connection_.Serve();
  Shutdown();
  for (std::thread& door : doors) door.join();
  for (const auto& observer : own_observers_) observer->Flush();
  return status;
}

absl::Status Agent::Notify(const Notification& notification) {
  return connection_.Notify(notification);
}

void Agent::Shutdown() {
  wait_no_longer_ = true;
  wait_room_.Shutdown();
  connection_.Shutdown();
  for (SideDoor& door : side_doors_) door.listener->Shutdown();
}

void Agent::StartUpdates() {
  if (updates_.empty()) return;
  const absl::Duration deadline = clock_->Now() + first_update_limit_;
  for (const auto& update : updates_) {
    update->Start(scheduler_.get(), [this, first = true]() mutable {
      if (std::exchange(first, false)) FirstUpdateEnded();
      connection_.ForgetOldSnapshots();
    });
  }
  clock_->WaitUntil(deadline, wait_no_longer_);
  if (wait_no_longer_) return;
  errors_.Report(absl::DeadlineExceededError(absl::StrCat(
      first_updates_left_.load(), " of ", updates_.size(),
      " first updates took over ", absl::FormatDuration(first_update_limit_),
      "; serving without their values until they are there")));
}

void Agent::FirstUpdateEnded() {
  if (--first_updates_left_ > 0) return;
  wait_no_longer_ = true;
  clock_->Wake();
}

// Serves each guest on a thread of its own, until the door is shut.
void Agent::ServeSideDoor(SideDoor* door) {
  std::list<Guest> guests;
  while (true) {
    absl::StatusOr<std::unique_ptr<Transport>> accepted =
        door->listener->Accept();
    if (!accepted.ok()) {
      if (!absl::IsCancelled(accepted.status())) {
        errors_.Report(accepted.status());
      }
      return;
    }
    guests.remove_if([](const Guest& guest) { return guest.gone(); });
    guests.emplace_back(*std::move(accepted), door->make_codec(), this);
  }
}

}  // namespace passpersist
