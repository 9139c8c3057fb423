#ifndef PASSPERSIST_INTERNAL_CONNECTION_H_
#define PASSPERSIST_INTERNAL_CONNECTION_H_

#include <memory>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/clock.h"
#include "passpersist/codec.h"
#include "passpersist/error_report.h"
#include "passpersist/internal/managed_objects.h"
#include "passpersist/pdu.h"
#include "passpersist/request_handler.h"
#include "passpersist/transport.h"

namespace passpersist::internal {

// One peer: moves bytes between its transport and its codec, and requests
// between the codec and a handler.
class Connection {
 public:
  // All pointers must outlive this.
  Connection(std::unique_ptr<Transport> transport, std::unique_ptr<Codec> codec,
             const ManagedObjects* objects, const Clock* clock,
             ErrorReporter* errors);

  // Serves until the peer closes its end or Shutdown() is called (both are OK)
  // or something fails. Called once.
  absl::Status Serve();

  // Sends `notification`. FailedPrecondition before Serve() has opened the
  // conversation. May be called by any thread.
  absl::Status Notify(const Notification& notification);

  // Makes Serve() return. May be called by any thread, also before Serve().
  void Shutdown() { transport_->Shutdown(); }

 private:
  absl::Status ServeRequests();
  absl::Status Converse(bool silent) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  absl::Status Flush() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const std::unique_ptr<Transport> transport_;
  const Regions regions_;

  absl::Mutex mutex_;  // not held while waiting for the peer to say something
  const std::unique_ptr<Codec> codec_ ABSL_PT_GUARDED_BY(mutex_);
  RequestHandler handler_ ABSL_GUARDED_BY(mutex_);
  bool opened_ ABSL_GUARDED_BY(mutex_) = false;

  // Kept from request to request, so that they need no new memory.
  std::string in_ ABSL_GUARDED_BY(mutex_);
  std::string out_ ABSL_GUARDED_BY(mutex_);
  Request request_ ABSL_GUARDED_BY(mutex_);
  Response response_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_INTERNAL_CONNECTION_H_
