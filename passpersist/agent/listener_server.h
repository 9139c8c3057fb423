// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_LISTENER_SERVER_H_
#define PASSPERSIST_AGENT_LISTENER_SERVER_H_

#include <list>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/codec.h"
#include "passpersist/listener.h"
#include "passpersist/transport.h"

namespace passpersist::internal {

// A side door of an agent: lets guests in, and serves each on a thread of its
// own.
//
//   Listener --transport--> the door's thread --+--> Guest: Connection, thread
//                                               +--> Guest
//
// A guest's request may call code of the agent's user, a setter, that hangs.
// So closing the door waits for nobody; only the destructor does.
//
// Safe for concurrent use.
class ListenerServer {
 public:
  // Requires a listener and a factory.
  ListenerServer(std::unique_ptr<Listener> listener, CodecFactory make_codec);

  // Like Close(), then waits until the last guest has left.
  ~ListenerServer();

  ListenerServer(const ListenerServer&) = delete;
  ListenerServer& operator=(const ListenerServer&) = delete;

  // Lets guests in, until the door is closed or the listener fails; what
  // `shared` points to must outlive this, and has an inspector. Errors are
  // reported, also that there is no thread for the door, or for a guest: that
  // one finds the connection closed. Called once at most.
  void Open(const RequestHandler::Shared& shared);

  // Ends the conversation with every guest, and lets nobody in from now on.
  // May be called again, also before Open().
  void Close();

 private:
  class Guest;

  void LetIn(const RequestHandler::Shared& shared);
  absl::Status Serve(std::unique_ptr<Transport> transport,
                     const RequestHandler::Shared& shared);

  const std::unique_ptr<Listener> listener_;
  const CodecFactory make_codec_;

  absl::Mutex mutex_;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::list<Guest> guests_
      ABSL_GUARDED_BY(mutex_);  // or the last traces of one
  std::thread thread_;          // set by Open()
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_LISTENER_SERVER_H_
