// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/burst.h"

namespace passpersist::internal {

bool Burst::Add(absl::Duration now, const Oid& first_name) {
  const bool begins = IsOver(now) || now - begun_ >= kMaxDuration ||
                      requests_ >= kMaxRequests || first_name == first_name_;
  if (begins) {
    requests_ = 0;
    begun_ = now;
    first_name_ = first_name;
  }
  ++requests_;
  last_ = now;
  return begins;
}

}  // namespace passpersist::internal
