// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_EVENT_TEXT_H_
#define TOOLS_PASSPERSIST_TEXT_EVENT_TEXT_H_

#include <string>

#include "absl/time/time.h"
#include "tools/passpersist/text/palette.h"
#include "transport/debug/debug.pb.h"

namespace passpersist::tool {

// Returns true for a PING. snmpd sends a PING before each request.
bool IsPing(const debug::Event& event);

// Formats `event` as one line with its newline: the time (in `zone`), the
// duration, the kind of event, the request, the answer.
//
//   14:03:07.123456  12.3us  getnext  .1.3.1.1 → .1.3.1.2 = INTEGER: 5
//   14:03:07.123456  9.80us  set      .1.3.1.2 = INTEGER: 7 → notWritable
//   14:03:07.123456  1.20ms  update   .1.3, 300 instances
//   14:03:07.123456          error    NOT_FOUND: no file
std::string EventText(const debug::Event& event, absl::TimeZone zone,
                      const Palette& palette);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_EVENT_TEXT_H_
