// SPDX-License-Identifier: Apache-2.0

#include "passpersist/monitoring/agent_monitor.h"

#include "passpersist/base/mutex_lock.h"

namespace passpersist {

UpdateEvent UpdateRun::result() const {
  internal::MutexLock lock(mutex_);
  return result_;
}

void UpdateRun::End(UpdateEvent result) {
  {
    internal::MutexLock lock(mutex_);
    result_ = std::move(result);
  }
  ended_ = true;
}

}  // namespace passpersist
