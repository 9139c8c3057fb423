// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_SETS_SETTER_LOCKS_H_
#define PASSPERSIST_AGENT_SETS_SETTER_LOCKS_H_

#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/functional/any_invocable.h"
#include "absl/synchronization/mutex.h"
#include "absl/types/span.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/setter.h"

namespace passpersist::internal {

// Which setters are in use. A transaction holds its setters while a phase runs,
// so that a setter is called by one thread at a time, whichever connections
// ask. The mutex is never held while user code runs.
//
// Safe for concurrent use.
class SetterLocks {
 public:
  enum class Outcome {
    kAcquired,
    kBusy,  // another transaction holds one of them: the waker will be woken
    kLate,  // a function of one of them has not returned in time
  };

  // Acquires all or none.
  Outcome Acquire(absl::Span<Setter* const> setters,
                  const std::shared_ptr<Waker>& waker);

  // Runs `task` while the setters are held: now, or when a Release() has made
  // them free.
  void Run(absl::Span<Setter* const> setters, absl::AnyInvocable<void()> task);

  // Nobody waits any longer for a function of these setters, which are held.
  void SetLate(absl::Span<Setter* const> setters);

  void Release(absl::Span<Setter* const> setters);

 private:
  struct Holder {
    bool late = false;
    std::vector<std::shared_ptr<Waker>> waiting;
  };

  struct Parked {
    std::vector<Setter*> setters;
    absl::AnyInvocable<void()> task;
  };

  bool AreFree(absl::Span<Setter* const> setters) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Hold(absl::Span<Setter* const> setters)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // Takes a parked task whose setters are free, and holds them.
  std::optional<Parked> Unpark() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Mutex mutex_;
  std::list<Parked> parked_ ABSL_GUARDED_BY(mutex_);
  absl::flat_hash_map<const Setter*, Holder> held_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_SETS_SETTER_LOCKS_H_
