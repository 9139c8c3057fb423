// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_QUANTITY_TEXT_H_
#define TOOLS_PASSPERSIST_TEXT_QUANTITY_TEXT_H_

#include <cstdint>
#include <string>

#include "absl/time/time.h"

namespace passpersist::tool {

// Quantities as text, in a suitable unit, with about three digits.

// "850ns", "12.3us", "1.20ms", "5.43s", "2m05s", "3h07m", "4d03h"; "0s".
std::string DurationText(absl::Duration duration);

// "512 B", "12.3 kB", "1.20 GB": a kB is 1000 bytes.
std::string BytesText(uint64_t bytes);

// "1 instance", "300 instances".
std::string InstancesText(uint64_t count);

// "0", "0.25", "12.3", "4567".
std::string RateText(double rate);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_QUANTITY_TEXT_H_
