// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_FAKE_TRANSPORT_H_
#define PASSPERSIST_TESTING_FAKE_TRANSPORT_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/transport.h"

namespace passpersist_testing {

// Plays a script to an agent that runs on the test's thread: each Read()
// returns the next element of `reads`. After the last element the peer has
// closed its end, and Agent::Run() returns.
//
// At an empty element Read() returns DeadlineExceeded if it has a finite
// timeout, and FailedPrecondition if it would wait forever.
class FakeTransport : public passpersist::Transport {
 public:
  // Each Write() appends its bytes to `writes`, which must outlive this object.
  FakeTransport(std::vector<std::string> reads,
                std::vector<std::string>* writes);

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override;
  absl::Status Write(absl::string_view bytes) override;
  void Shutdown() override;

 private:
  absl::Mutex mutex_;
  const std::vector<std::string> reads_;
  size_t next_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::string>* const writes_ ABSL_PT_GUARDED_BY(mutex_);
  bool shut_down_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_TRANSPORT_H_
