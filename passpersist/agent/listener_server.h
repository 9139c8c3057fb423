// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_LISTENER_SERVER_H_
#define PASSPERSIST_AGENT_LISTENER_SERVER_H_

#include <list>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/agent/agent_monitor_impl.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/codec.h"
#include "passpersist/listener.h"
#include "passpersist/transport.h"

namespace passpersist::internal {

// Accepts debug clients and serves each on a thread of its own.
//
//   Listener --transport--> accepting thread --+--> Client: Connection, thread
//                                              +--> Client
//
// The request of a client may call user code, a setter, that hangs. So Close()
// does not wait for clients; only the destructor does.
//
// Safe for concurrent use.
class ListenerServer {
 public:
  // Requires a listener and a factory.
  ListenerServer(std::unique_ptr<Listener> listener, CodecFactory make_codec);

  // Calls Close(), then waits until the last client is disconnected.
  ~ListenerServer();

  ListenerServer(const ListenerServer&) = delete;
  ListenerServer& operator=(const ListenerServer&) = delete;

  // Accepts clients until Close() is called or the listener fails. All pointers
  // must outlive this. Reports errors, also if there is no thread to accept
  // clients on, or none for a client: that client finds its connection closed.
  // Called once at most.
  void Open(const RequestHandler::Shared* shared, AgentMonitorImpl* monitor);

  // Shuts down the connections of all clients and accepts no more. May be
  // called more than once, also before Open().
  void Close();

 private:
  class Client;

  void AcceptLoop(const RequestHandler::Shared* shared,
                  AgentMonitorImpl* monitor);
  absl::Status Serve(std::unique_ptr<Transport> transport,
                     const RequestHandler::Shared* shared,
                     AgentMonitorImpl* monitor);

  const std::unique_ptr<Listener> listener_;
  const CodecFactory make_codec_;

  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  // Includes disconnected clients until the next one is accepted.
  std::list<Client> clients_ ABSL_GUARDED_BY(mutex_);
  std::thread thread_;  // set by Open()
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_LISTENER_SERVER_H_
