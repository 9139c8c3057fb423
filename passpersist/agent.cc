#include "passpersist/agent.h"

#include <atomic>
#include <list>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace passpersist {

using internal::Connection;

Agent::Agent(Parts parts)
    : errors_(std::move(parts.error_hook)),
      clock_(std::move(parts.clock)),
      objects_(std::move(parts.objects)),
      first_update_limit_(parts.first_update_limit),
      updates_(std::move(parts.updates)),
      first_updates_left_(updates_.size()),
      side_doors_(std::move(parts.side_doors)),
      connection_(std::move(parts.transport), std::move(parts.codec),
                  objects_.get(), clock_.get(), &errors_),
      scheduler_(std::move(parts.scheduler)) {}

Agent::~Agent() {
  Shutdown();
  if (scheduler_ != nullptr) scheduler_->Stop();
}

absl::Status Agent::Run() {
  StartUpdates();
  std::vector<std::thread> doors;
  for (SideDoor& door : side_doors_) {
    doors.emplace_back([this, &door] { ServeSideDoor(&door); });
  }
  absl::Status status = connection_.Serve();
  Shutdown();
  for (std::thread& door : doors) door.join();
  return status;
}

absl::Status Agent::Notify(const Notification& notification) {
  return connection_.Notify(notification);
}

void Agent::Shutdown() {
  wait_no_longer_ = true;
  clock_->Wake();
  connection_.Shutdown();
  for (SideDoor& door : side_doors_) door.listener->Shutdown();
}

void Agent::StartUpdates() {
  if (updates_.empty()) return;
  const absl::Duration deadline = clock_->Now() + first_update_limit_;
  for (Update& update : updates_) {
    scheduler_->Every(
        update.period, [this, &update, is_first = true]() mutable {
          errors_.Report(update.subtree->Update(update.function));
          if (!std::exchange(is_first, false) || --first_updates_left_ > 0)
            return;
          wait_no_longer_ = true;
          clock_->Wake();
        });
  }
  clock_->WaitUntil(deadline, wait_no_longer_);
  if (wait_no_longer_) return;
  errors_.Report(absl::DeadlineExceededError(absl::StrCat(
      first_updates_left_.load(), " of ", updates_.size(),
      " first updates took over ", absl::FormatDuration(first_update_limit_),
      "; serving without their values until they are there")));
}

// Serves each peer on a thread of its own, until the door is shut.
void Agent::ServeSideDoor(SideDoor* door) {
  struct Peer {
    explicit Peer(std::unique_ptr<Transport> transport, SideDoor* door,
                  Agent* agent)
        : connection(std::move(transport), door->make_codec(),
                     agent->objects_.get(), agent->clock_.get(),
                     &agent->errors_),
          thread([this, agent] {
            agent->errors_.Report(connection.Serve());
            gone = true;
          }) {}

    Connection connection;
    std::atomic<bool> gone = false;
    std::thread thread;
  };
  std::list<Peer> peers;
  while (true) {
    absl::StatusOr<std::unique_ptr<Transport>> accepted =
        door->listener->Accept();
    if (!accepted.ok()) {
      if (!absl::IsCancelled(accepted.status())) {
        errors_.Report(accepted.status());
      }
      break;
    }
    peers.remove_if([](Peer& peer) {
      if (!peer.gone) return false;
      peer.thread.join();
      return true;
    });
    peers.emplace_back(*std::move(accepted), door, this);
  }
  for (Peer& peer : peers) {
    peer.connection.Shutdown();
    peer.thread.join();
  }
}

}  // namespace passpersist
