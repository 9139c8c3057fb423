// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_REPLAY_REPLAY_H_
#define TOOLS_PASSPERSIST_REPLAY_REPLAY_H_

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "tools/passpersist/client/agent_client.h"
#include "tools/passpersist/replay/replay_report.pb.h"
#include "transport/recording/recording_reader.h"

namespace passpersist::tool {

struct ReplayOptions {
  // Also shows answers that differ only in values. Most values of an agent
  // change all the time.
  bool values = false;
  // Also sends the sets of the recording.
  bool sets = false;
};

// Sends the recorded requests to an agent through `client`, in the same order,
// from the position of `reader` to the end, and compares the answers. Requests
// without objects (a PING) and dumps are skipped.
//
// Different exceptions for an absent name are no difference: pass_persist has a
// single word for all of them, so a ProgramClient can't tell them apart.
//
// Ends at the first error of the reader or of the client; *report then has the
// requests until there. A request without an answer, which may be the one that
// ends the agent, is the last difference of the report. Returns InvalidArgument
// for a damaged recording, and FailedPrecondition if options.sets is true and
// values were redacted of the recording.
absl::Status Replay(RecordingReader* reader, AgentClient* client,
                    const ReplayOptions& options, report::ReplayReport* report);

// Formats a report for people: three lines for each difference, then a summary.
//
//   2026-11-22 03:00:01.250  getnext .1.3.6.1.2.1
//     recorded  .1.3.6.1.2.1.1.0 = INTEGER: 5
//     now       .1.3.6.1.2.1.1.0 = Gauge32: 5
//
//   1024 requests replayed: 1 difference, and 17 in values only (--values shows
//   them)
std::string ReplayText(const report::ReplayReport& report, absl::TimeZone zone);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_REPLAY_REPLAY_H_
