// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_CONNECTION_H_
#define PASSPERSIST_AGENT_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/agent/mib_tree.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/agent/request_metrics.h"
#include "passpersist/agent_monitor.h"
#include "passpersist/clock.h"
#include "passpersist/codec.h"
#include "passpersist/pdu.h"
#include "passpersist/transport.h"

namespace passpersist::internal {

// The connection to one peer: moves bytes between a transport and a codec, and
// requests between the codec and a handler.
class Connection {
 public:
  // `monitor` is for the codec, and may be null. After the peer was silent for
  // `idle_limit`, its walks continue in the newest snapshots. A finite limit
  // costs FdTransport a poll(2) for each read. All pointers must outlive this.
  Connection(std::unique_ptr<Transport> transport, std::unique_ptr<Codec> codec,
             const RequestHandler::Shared& shared, AgentMonitor* monitor,
             RequestMetrics* metrics,
             absl::Duration idle_limit = absl::InfiniteDuration());

  // Serves until the peer closes its end or Shutdown() is called, which are
  // both OK, or until an error. Called once.
  absl::Status Serve();

  // Sends `notification`. FailedPrecondition before Serve() has opened the
  // codec, Cancelled after the connection has ended. May be called by any
  // thread.
  absl::Status Notify(const Notification& notification);

  // Releases old snapshots that no recent walk of the peer needs. Does nothing
  // while a request is answered. May be called by any thread.
  void ForgetOldSnapshots();

  // Makes Serve() return. May be called by any thread, also before Serve().
  void Shutdown() { transport_->Shutdown(); }

 private:
  absl::Status ServeRequests();
  absl::Status ProcessInput(bool timed_out)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Flush() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Handles the next request, or what the codec answers itself. Consumes from
  // the beginning of *in, the unread part of in_.
  absl::StatusOr<Codec::Decoded> HandleNext(bool timed_out,
                                            absl::string_view* in)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Publish(absl::string_view received, absl::string_view sent,
               bool has_request, absl::Duration duration)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::unique_ptr<Transport> transport_;
  const CodecHost host_;
  const Clock& clock_;
  RequestMetrics& metrics_;
  const absl::Duration idle_limit_;

  absl::Mutex mutex_;  // not held while Serve() waits for input
  const std::unique_ptr<Codec> codec_ ABSL_PT_GUARDED_BY(mutex_);
  RequestHandler handler_ ABSL_GUARDED_BY(mutex_);
  bool opened_ ABSL_GUARDED_BY(mutex_) = false;

  // Reused by each request, so that they need no new memory.
  std::string in_ ABSL_GUARDED_BY(mutex_);
  std::string out_ ABSL_GUARDED_BY(mutex_);
  Request request_ ABSL_GUARDED_BY(mutex_);
  Response response_ ABSL_GUARDED_BY(mutex_);
  // Input of an incomplete message, which is not published yet.
  std::string pending_input_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_CONNECTION_H_
