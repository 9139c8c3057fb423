// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/burst.h"

namespace passpersist::internal {

bool Burst::Add(Nanoseconds now, const Oid& first_name) {
  const bool begins = requests_ == 0 || now - last_ >= kMaxPause ||
                      now - begun_ >= kMaxDuration ||
                      requests_ >= kMaxRequests || first_name == first_name_;
  if (begins) {
    requests_ = 0;
    begun_ = now;
    first_name_ = first_name;
  }
  ++requests_;
  is_answering_ = true;
  last_ = now;
  return begins;
}

}  // namespace passpersist::internal
