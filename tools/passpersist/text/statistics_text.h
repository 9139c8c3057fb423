// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_STATISTICS_TEXT_H_
#define TOOLS_PASSPERSIST_TEXT_STATISTICS_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "tools/passpersist/text/palette.h"
#include "transport/debug/debug.pb.h"

namespace passpersist::tool {

// "NOT_FOUND: no file"
std::string StatusText(const debug::Status& status);

// Formats an agent's statistics as tables: requests, subtrees, errors. If
// `before`, an earlier sample, is not null, counts have rates per second for
// the time between the two samples. Times of day are in `zone`.
std::string StatisticsText(const debug::Statistics& now,
                           const debug::Statistics* before, absl::TimeZone zone,
                           const Palette& palette);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_STATISTICS_TEXT_H_
