// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/burst.h"

#include <utility>

namespace passpersist::internal {

bool Burst::Add(Nanoseconds now, const Oid& first_name) {
  const bool is_over =
      requests_ == 0 || now - last_ >= kMaxPause ||
      now - begun_ >= (is_walking_ ? kMaxWalkDuration : kMaxDuration) ||
      requests_ >= (is_walking_ ? kMaxWalkRequests : kMaxRequests);
  const bool resumes = was_interrupted_ && first_name == interrupted_;
  const bool repeats = first_name == first_name_;
  const bool begins = is_over || resumes || repeats;
  if (resumes) {
    was_interrupted_ = false;
  } else if (is_over && !repeats) {
    // Perhaps within a PDU: the next one like it does not begin here.
    was_interrupted_ = requests_ > 0;
    std::swap(interrupted_, first_name_);
  }
  if (begins) {
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
