#include "passpersist/agent/observers.h"

#include <algorithm>

#include "passpersist/base/mutex_lock.h"

namespace passpersist::internal {

void Observers::Add(Observer* observer) {
  MutexLock lock(mutex_);
  observers_.push_back(observer);
  any_ = true;
}

void Observers::Remove(Observer* observer) {
  MutexLock lock(mutex_);
  observers_.erase(std::remove(observers_.begin(), observers_.end(), observer),
                   observers_.end());
  any_ = !observers_.empty();
}

void Observers::Tell(const Event& event) {
  MutexLock lock(mutex_);
  for (Observer* const observer : observers_) observer->Observe(event);
}

void Observers::Flush() {
  MutexLock lock(mutex_);
  for (Observer* const observer : observers_) observer->Flush();
}

}  // namespace passpersist::internal
