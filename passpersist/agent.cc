#include "passpersist/agent.h"

#include <atomic>
#include <list>
#include <thread>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"

namespace passpersist {

using internal::Connection;

namespace {

// Counts first updates down to the moment at which serving may begin.
struct FirstUpdates {
  explicit FirstUpdates(size_t count) : left(count), done(count == 0) {}

  std::atomic<size_t> left;
  std::atomic<bool> done;
};

}  // namespace

Agent::Agent(Parts parts)
    : errors_(std::move(parts.error_hook)),
      clock_(std::move(parts.clock)),
      objects_(std::move(parts.objects)),
      first_update_limit_(parts.first_update_limit),
      updates_(std::move(parts.updates)),
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
  connection_.Shutdown();
  for (SideDoor& door : side_doors_) door.listener->Shutdown();
}

void Agent::StartUpdates() {
  const auto first = std::make_shared<FirstUpdates>(updates_.size());
  const absl::Duration deadline = clock_->Now() + first_update_limit_;
  for (Update& update : updates_) {
    scheduler_->Every(
        update.period, [this, &update, first, is_first = true]() mutable {
          errors_.Report(update.subtree->Update(update.function));
          if (!std::exchange(is_first, false) || --first->left > 0) return;
          first->done = true;
          clock_->Wake();
        });
  }
  clock_->WaitUntil(deadline, first->done);
  if (first->done) return;
  errors_.Report(absl::DeadlineExceededError(absl::StrCat(
      first->left.load(), " of ", updates_.size(), " first updates took over ",
      absl::FormatDuration(first_update_limit_),
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
