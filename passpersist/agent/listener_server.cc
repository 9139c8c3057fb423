// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/listener_server.h"

#include <atomic>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "passpersist/agent/connection.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/base/start_thread.h"

namespace passpersist::internal {

class ListenerServer::Guest {
 public:
  Guest(std::unique_ptr<Transport> transport, std::unique_ptr<Codec> codec,
        const RequestHandler::Shared& shared)
      : inspector_(*shared.inspector),
        errors_(*shared.errors),
        connection_(std::make_unique<Connection>(
            std::move(transport), std::move(codec), shared,
            &inspector_.guests(), kIdleGuest)) {}

  ~Guest() {
    if (thread_.joinable()) thread_.join();
  }

  // Serves the guest on a thread of its own.
  absl::Status Start() {
    absl::StatusOr<std::thread> thread = StartThread([this] { Serve(); });
    if (!thread.ok()) return thread.status();
    thread_ = *std::move(thread);
    return absl::OkStatus();
  }

  void Shutdown() {
    MutexLock lock(mutex_);
    if (connection_ != nullptr) connection_->Shutdown();
  }

  // True once its thread does nothing any more that could hang.
  bool gone() const { return gone_; }

 private:
  // After this long a silent guest no longer keeps old snapshots.
  static constexpr absl::Duration kIdleGuest = absl::Seconds(10);

  void Serve() {
    inspector_.GuestCame();
    Connection* connection;
    {
      MutexLock lock(mutex_);
      connection = connection_.get();
    }
    errors_.Report(connection->Serve());
    inspector_.GuestLeft();
    // Closes its end, though the door may not look after its guests for long.
    // Outside the lock: a setter may have something to clean up.
    std::unique_ptr<Connection> ended;
    {
      MutexLock lock(mutex_);
      ended.swap(connection_);
    }
    ended.reset();
    gone_ = true;
  }

  AgentMonitor& inspector_;
  ErrorReporter& errors_;
  absl::Mutex mutex_;
  std::atomic<bool> gone_ = false;
  std::unique_ptr<Connection> connection_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;
};

ListenerServer::ListenerServer(std::unique_ptr<Listener> listener,
                               CodecFactory make_codec)
    : listener_(std::move(listener)), make_codec_(std::move(make_codec)) {}

ListenerServer::~ListenerServer() {
  Close();
  if (thread_.joinable()) thread_.join();
}

void ListenerServer::Open(const RequestHandler::Shared& shared) {
  absl::StatusOr<std::thread> thread =
      StartThread([this, shared] { LetIn(shared); });
  if (thread.ok()) {
    thread_ = *std::move(thread);
  } else {
    shared.errors->Report(thread.status());
  }
}

void ListenerServer::Close() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
    for (Guest& guest : guests_) guest.Shutdown();
  }
  listener_->Shutdown();
}

void ListenerServer::LetIn(const RequestHandler::Shared& shared) {
  while (true) {
    absl::StatusOr<std::unique_ptr<Transport>> accepted = listener_->Accept();
    if (!accepted.ok()) {
      if (!absl::IsCancelled(accepted.status())) {
        shared.errors->Report(accepted.status());
      }
      return;
    }
    shared.errors->Report(Serve(*std::move(accepted), shared));
  }
}

absl::Status ListenerServer::Serve(std::unique_ptr<Transport> transport,
                                   const RequestHandler::Shared& shared) {
  std::unique_ptr<Codec> codec = make_codec_();
  MutexLock lock(mutex_);
  if (closed_) return absl::OkStatus();
  guests_.remove_if([](const Guest& guest) { return guest.gone(); });
  guests_.emplace_back(std::move(transport), std::move(codec), shared);
  absl::Status status = guests_.back().Start();
  if (!status.ok()) guests_.pop_back();
  return status;
}

}  // namespace passpersist::internal
