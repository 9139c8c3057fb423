// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/observer_list.h"

#include <algorithm>

#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

void ObserverList::Add(Observer* observer) {
  MutexLock lock(mutex_);
  observers_.push_back(observer);
  any_ = true;
}

void ObserverList::Remove(Observer* observer) {
  MutexLock lock(mutex_);
  observers_.erase(std::remove(observers_.begin(), observers_.end(), observer),
                   observers_.end());
  any_ = !observers_.empty();
}

void ObserverList::Publish(const Event& event) {
  MutexLock lock(mutex_);
  for (Observer* const observer : observers_) observer->OnEvent(event);
}

void ObserverList::Flush() {
  MutexLock lock(mutex_);
  for (Observer* const observer : observers_) observer->Flush();
}

}  // namespace passpersist::internal
