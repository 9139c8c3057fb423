// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_STATISTICS_TEXT_H_
#define TOOLS_PASSPERSIST_TEXT_STATISTICS_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "tools/passpersist/text/palette.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// "NOT_FOUND: no file"
std::string StatusText(const debug::Status& status);

// How an agent fares, in tables: requests, subtrees, errors. With an earlier
// sample, null if there is none, counts have their rates per second beside
// them, of the time between the two. Times of day are those of `zone`.
std::string StatisticsText(const debug::Statistics& now,
                           const debug::Statistics* before, absl::TimeZone zone,
                           const Palette& palette);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_TEXT_STATISTICS_TEXT_H_
