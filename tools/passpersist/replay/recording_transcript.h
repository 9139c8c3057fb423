// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_REPLAY_RECORDING_TRANSCRIPT_H_
#define TOOLS_PASSPERSIST_REPLAY_RECORDING_TRANSCRIPT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "transport/recording/recording_reader.h"

namespace passpersist::tool {

// Converts a recorded pass_persist conversation of snmpd and an agent, from the
// position of `reader` to the end, to a transcript in the notation of
// testdata/pass_persist/README.md. So a recorded problem becomes a test.
//
//   # Recorded of agent (4711) from 2026-11-22 03:00:01 on.
//   = subtree .1.3.6.1.3.53.8
//   = 1.0 INTEGER 5
//   = setter .1.3.6.1.3.53.8.1.0
//
//   > PING
//   < PONG
//   # update of .1.3.6.1.3.53.8: 1 row
//   > get
//   > .1.3.6.1.3.53.8.1.0
//   < .1.3.6.1.3.53.8.1.0
//   < INTEGER
//   < 5
//
// The bytes are those of the recording; one write of snmpd may become several,
// since answers divide it. The contents of the agent are those that the
// recording shows: the instances that were read, with their first values, and a
// setter for each name that was set, with its first answer. So the transcript
// plays unchanged if it begins with the conversation and only sets changed
// values in the recording; otherwise the updates must be added by hand.
// Instances below roots that are neither in the header nor in an update are
// missing.
//
// Returns FailedPrecondition if values were redacted of the recording, or if
// the agent has secret objects, since it has no bytes then. Other errors are
// those of the reader.
absl::StatusOr<std::string> RecordingTranscript(RecordingReader* reader,
                                                absl::TimeZone zone);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_REPLAY_RECORDING_TRANSCRIPT_H_
