// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/burst.h"

#include <cstdint>
#include <utility>

namespace passpersist::internal {

bool Burst::Add(Nanoseconds now, const Oid& first_name) {
  // Plain numbers: none of these times is infinite.
  const int64_t pause = now.count() - last_.count();
  const int64_t duration = now.count() - begun_.count();
  const bool is_at_limit = is_walking_ ? duration >= kMaxWalkDuration.count() ||
                                             requests_ >= kMaxWalkRequests
                                       : duration >= kMaxDuration.count() ||
                                             requests_ >= kMaxRequests;
  const bool is_over =
      requests_ == 0 || pause >= kMaxPause.count() || is_at_limit;
  const bool resumes = was_interrupted_ && first_name == interrupted_;
  const bool repeats = first_name == first_name_;
  const bool begins = is_over || resumes || repeats;
  if (begins) {
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
  ++requests_;
  is_answering_ = true;
  is_walking_ = false;
  last_ = now;
  return begins;
}

}  // namespace passpersist::internal
