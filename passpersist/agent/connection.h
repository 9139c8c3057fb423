// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_CONNECTION_H_
#define PASSPERSIST_AGENT_CONNECTION_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/agent/request_metrics.h"
#include "passpersist/agent/waiting_budget.h"
#include "passpersist/base/nanoseconds.h"
#include "passpersist/codec.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/agent_monitor.h"
#include "passpersist/pdu.h"
#include "passpersist/scheduling/clock.h"
#include "passpersist/transport.h"

namespace passpersist::internal {

// The connection to one peer: moves bytes between a transport and a codec, and
// requests between the codec and a handler.
//
//   Read() --> Decode() --> Advance() --> Encode() --> Write()
//                             |   ^
//                       waits |   | woken: user code has returned, a deadline
//                             v   |
//                         waiting requests
//
// A request that waits for user code does not hold up the thread: it reads and
// answers further requests, as many as the codec allows.
class Connection {
 public:
  // `monitor` is for the codec, and may be null. After the peer was silent for
  // `idle_limit`, its walks continue in the newest snapshots. A finite limit
  // costs FdTransport a poll(2) for each read. All pointers must outlive this.
  Connection(std::unique_ptr<Transport> transport, std::unique_ptr<Codec> codec,
             const RequestHandler::Shared* shared, AgentMonitor* monitor,
             RequestMetrics* metrics,
             absl::Duration idle_limit = absl::InfiniteDuration());
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

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
  void Shutdown();

 private:
  // A request, and the event of it if it is observed.
  struct Pending : PendingRequest {
    Nanoseconds begun;
    std::optional<RequestEvent> event;
  };

  // What Serve() waits for.
  struct Wait {
    bool reads;                   // also for input
    absl::Duration read_timeout;  // of the codec
    Nanoseconds wake_at;          // a time of the clock
  };

  // The time without input, as far as reads have timed out.
  struct Silence {
    absl::Duration of_peer;   // since the last input
    absl::Duration of_codec;  // and since the last OnReadTimeout()
  };

  absl::Status ServeRequests();
  absl::Status OpenCodec() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  Wait NextWait() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Waits for input, for user code, or for the end of a timeout. Appends input
  // to in_. Cancelled after Shutdown() and after the end of the input.
  absl::Status Await(const Wait& wait, Silence* silence);
  static absl::Status OnReadError(const absl::Status& error,
                                  absl::Duration timeout, Silence* silence);

  // Answers what can be answered: the complete requests in in_, and those that
  // have waited.
  absl::Status ProcessInput(bool timed_out)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool AdvanceWaiting() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Flush() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  // Handles the next request, or what the codec answers itself. Consumes from
  // the beginning of *in, the unread part of in_.
  absl::StatusOr<Codec::Decoded> HandleNext(bool timed_out,
                                            absl::string_view* in)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Begin(Pending* pending) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Goes on with the request. True if its response is in out_.
  bool Advance(Pending* pending) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Publish(Pending* pending, size_t sent_before, Nanoseconds duration)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Makes an event of what the codec has received, and has sent after the first
  // `sent_before` bytes of out_: that of the request, or one that is published.
  void Record(absl::string_view received, size_t sent_before,
              Codec::Decoded what) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  Nanoseconds Now() const {
    return Nanoseconds::FromCount(clock_.NowNanoseconds());
  }

  const std::unique_ptr<Transport> transport_;
  const CodecHost host_;
  Clock& clock_;
  RequestMetrics& metrics_;
  const Nanoseconds waiting_limit_;
  const absl::Duration idle_limit_;
  const bool request_is_pdu_;
  const size_t max_pending_;
  const std::shared_ptr<Waker> waker_;
  std::atomic<bool> shut_down_ = false;

  absl::Mutex mutex_;  // not held while Serve() waits
  const std::unique_ptr<Codec> codec_ ABSL_PT_GUARDED_BY(mutex_);
  RequestHandler handler_ ABSL_GUARDED_BY(mutex_);
  WaitingBudget budget_ ABSL_GUARDED_BY(mutex_);
  bool opened_ ABSL_GUARDED_BY(mutex_) = false;

  // Reused by each request, so that they need no new memory.
  std::string in_;  // used by Serve() only
  std::string out_ ABSL_GUARDED_BY(mutex_);
  std::unique_ptr<Pending> next_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::unique_ptr<Pending>> waiting_ ABSL_GUARDED_BY(mutex_);
  // Input of an incomplete message, which is not published yet.
  std::string pending_input_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_CONNECTION_H_
