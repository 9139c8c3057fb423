// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_REPLAY_REPLAY_H_
#define TOOLS_PASSPERSIST_REPLAY_REPLAY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/passpersist/client/agent_client.h"
#include "tools/passpersist/replay/replay_report.pb.h"
#include "transport/recording/recording_reader.h"

namespace passpersist {

struct ReplayOptions {
  // Shows answers that differ in nothing but values, too. Most values of an
  // agent change all the time.
  bool values = false;
  // Also makes the sets of the recording.
  bool sets = false;
};

// Asks an agent by `link` what was asked of the recorded one, in the same
// order, from where `reader` is to the end. What asks for no objects (a PING),
// and dumps, are passed over.
//
// That a name is absent is one thing, whichever exception says so: pass_persist
// has a single word for them, and a program behind a ProgramClient can't tell
// one from the other.
//
// Ends with the first error of the reader or of the link; *report tells of what
// was asked until then, and a request without an answer, which may be the one
// that ends the agent, is its last difference. FailedPrecondition if sets are
// to be made whose values were left out.
absl::Status Replay(RecordingReader* reader, AgentClient* link,
                    const ReplayOptions& options, tool::ReplayReport* report);

// For people: each difference in three lines, then a summary.
//
//   2026-11-22 03:00:01.250  getnext .1.3.6.1.2.1
//     recorded  .1.3.6.1.2.1.1.0 = INTEGER: 5
//     now       .1.3.6.1.2.1.1.0 = Gauge32: 5
//
//   1024 requests asked again: 1 difference, and 17 in values only (--values
//   shows them)
std::string ReplayText(const tool::ReplayReport& report, absl::TimeZone zone);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_REPLAY_REPLAY_H_
