// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/sets/setter_locks.h"

#include <optional>
#include <utility>

#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

SetterLocks::Outcome SetterLocks::Acquire(absl::Span<Setter* const> setters,
                                          const std::shared_ptr<Waker>& waker) {
  MutexLock lock(mutex_);
  Holder* busy = nullptr;
  for (const Setter* const setter : setters) {
    const auto holder = held_.find(setter);
    if (holder == held_.end()) continue;
    if (holder->second.late) return Outcome::kLate;
    busy = &holder->second;
  }
  if (busy != nullptr) {
    busy->waiting.push_back(waker);
    return Outcome::kBusy;
  }
  Hold(setters);
  return Outcome::kAcquired;
}

bool SetterLocks::AreFree(absl::Span<Setter* const> setters) const {
  for (const Setter* const setter : setters) {
    if (held_.contains(setter)) return false;
  }
  return true;
}

void SetterLocks::Hold(absl::Span<Setter* const> setters) {
  for (const Setter* const setter : setters) held_.emplace(setter, Holder());
}

void SetterLocks::Run(absl::Span<Setter* const> setters,
                      absl::AnyInvocable<void()> task) {
  {
    MutexLock lock(mutex_);
    if (!AreFree(setters)) {
      parked_.push_back({{setters.begin(), setters.end()}, std::move(task)});
      return;
    }
    Hold(setters);
  }
  task();
  Release(setters);
}

std::optional<SetterLocks::Parked> SetterLocks::Unpark() {
  MutexLock lock(mutex_);
  for (auto it = parked_.begin(); it != parked_.end(); ++it) {
    if (!AreFree(it->setters)) continue;
    std::optional<Parked> parked = std::move(*it);
    parked_.erase(it);
    Hold(parked->setters);
    return parked;
  }
  return std::nullopt;
}

void SetterLocks::SetLate(absl::Span<Setter* const> setters) {
  std::vector<std::shared_ptr<Waker>> waiting;
  {
    MutexLock lock(mutex_);
    for (const Setter* const setter : setters) {
      Holder& holder = held_[setter];
      holder.late = true;
      // They are refused now.
      for (auto& waker : holder.waiting) waiting.push_back(std::move(waker));
      holder.waiting.clear();
    }
  }
  for (const std::shared_ptr<Waker>& waker : waiting) waker->Wake();
}

void SetterLocks::Release(absl::Span<Setter* const> setters) {
  std::vector<std::shared_ptr<Waker>> waiting;
  {
    MutexLock lock(mutex_);
    for (const Setter* const setter : setters) {
      const auto holder = held_.find(setter);
      if (holder == held_.end()) continue;  // it sets two of the bindings
      for (auto& waker : holder->second.waiting) {
        waiting.push_back(std::move(waker));
      }
      held_.erase(holder);
    }
  }
  for (const std::shared_ptr<Waker>& waker : waiting) waker->Wake();
  if (std::optional<Parked> parked = Unpark()) {
    parked->task();
    Release(parked->setters);
  }
}

}  // namespace passpersist::internal
