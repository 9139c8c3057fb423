// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_EVENT_LOG_H_
#define PASSPERSIST_TESTING_EVENT_LOG_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/monitoring/statistics.h"

namespace passpersist_testing {

// Returns an event as text, without its times:
//
//   said "get .1.3.1\n", got ".1.3.1 = Integer32 5\n"
//   update of .1.3: OK, 5 instances
//   error: INTERNAL: no sensor
std::string Text(const passpersist::Event& event);

// Records the events that it observes.
//
// Safe for concurrent use.
class EventLog : public passpersist::Observer {
 public:
  void OnStart(const passpersist::Description& description) override;
  void OnEvent(const passpersist::Event& event) override;
  void Flush() override;

  // Returns the calls since the last Take(): "an agent of" and the roots for
  // OnStart(), Text() for each event, "flushed" for Flush().
  std::vector<std::string> Take();

 private:
  absl::Mutex mutex_;
  std::vector<std::string> events_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_EVENT_LOG_H_
