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

class ListenerServer::Client {
 public:
  Client(std::unique_ptr<Transport> transport, std::unique_ptr<Codec> codec,
         const RequestHandler::Shared* shared, AgentMonitorImpl* monitor)
      : monitor_(*monitor),
        errors_(*shared->errors),
        connection_(std::make_unique<Connection>(
            std::move(transport), std::move(codec), shared, monitor,
            &monitor->clients(), kIdleLimit)) {}

  ~Client() {
    if (thread_.joinable()) thread_.join();
  }

  // Serves the client on a thread of its own.
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

  // True once its thread does nothing that could hang.
  bool done() const { return done_; }

 private:
  // After this time a silent client no longer keeps old snapshots.
  static constexpr absl::Duration kIdleLimit = absl::Seconds(10);

  void Serve() {
    monitor_.OnClientConnected();
    Connection* connection;
    {
      MutexLock lock(mutex_);
      connection = connection_.get();
    }
    errors_.Report(connection->Serve());
    monitor_.OnClientDisconnected();
    // Closes the connection at once: the server removes disconnected clients
    // only when it accepts another one. Destroyed outside the lock, because a
    // setter may have something to clean up.
    std::unique_ptr<Connection> ended;
    {
      MutexLock lock(mutex_);
      ended.swap(connection_);
    }
    ended.reset();
    done_ = true;
  }

  AgentMonitorImpl& monitor_;
  ErrorReporter& errors_;
  absl::Mutex mutex_;
  std::atomic<bool> done_ = false;
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

void ListenerServer::Open(const RequestHandler::Shared* shared,
                          AgentMonitorImpl* monitor) {
  absl::StatusOr<std::thread> thread =
      StartThread([this, shared, monitor] { AcceptLoop(shared, monitor); });
  if (thread.ok()) {
    thread_ = *std::move(thread);
  } else {
    shared->errors->Report(thread.status());
  }
}

void ListenerServer::Close() {
  {
    MutexLock lock(mutex_);
    closed_ = true;
    for (Client& client : clients_) client.Shutdown();
  }
  listener_->Shutdown();
}

void ListenerServer::AcceptLoop(const RequestHandler::Shared* shared,
                                AgentMonitorImpl* monitor) {
  while (true) {
    absl::StatusOr<std::unique_ptr<Transport>> accepted = listener_->Accept();
    if (!accepted.ok()) {
      if (!absl::IsCancelled(accepted.status())) {
        shared->errors->Report(accepted.status());
      }
      return;
    }
    shared->errors->Report(Serve(*std::move(accepted), shared, monitor));
  }
}

absl::Status ListenerServer::Serve(std::unique_ptr<Transport> transport,
                                   const RequestHandler::Shared* shared,
                                   AgentMonitorImpl* monitor) {
  std::unique_ptr<Codec> codec = make_codec_();
  MutexLock lock(mutex_);
  if (closed_) return absl::OkStatus();
  clients_.remove_if([](const Client& client) { return client.done(); });
  clients_.emplace_back(std::move(transport), std::move(codec), shared,
                        monitor);
  absl::Status status = clients_.back().Start();
  if (!status.ok()) clients_.pop_back();
  return status;
}

}  // namespace passpersist::internal
