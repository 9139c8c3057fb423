// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/burst.h"

#include <utility>

namespace passpersist::internal {

void Burst::Begin(Nanoseconds now, const Oid& first_name, bool resumes,
                  bool repeats) {
  if (resumes) {
    was_interrupted_ = false;
  } else if (!repeats) {
    // Perhaps within a PDU: the next one like it does not begin here.
    was_interrupted_ = requests_ > 0;
    std::swap(interrupted_, first_name_);
  }
  requests_ = 0;
  begun_ = now;
  first_name_ = first_name;
}

}  // namespace passpersist::internal
