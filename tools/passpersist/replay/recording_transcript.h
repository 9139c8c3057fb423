// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_REPLAY_RECORDING_TRANSCRIPT_H_
#define TOOLS_PASSPERSIST_REPLAY_RECORDING_TRANSCRIPT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "transport/recording/recording_reader.h"

namespace passpersist {

// Makes of what snmpd and an agent said to each other by pass_persist, from
// where `reader` is to the end, a transcript in the notation of
// testdata/pass_persist/README.md: what happened once becomes a test.
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
// The bytes are those of the recording; what snmpd wrote in one piece may be
// several, since they are divided by answers. What the agent holds is what can
// be known: the instances that were read, as they were at first, and setters
// where something was set, as they answered at first. So the transcript plays
// as it is if the values didn't change meanwhile but by sets; otherwise the
// updates have to be put in by hand. Instances below roots that neither the
// header nor an update tells are missing.
//
// FailedPrecondition if values were left out, for then there are no bytes;
// otherwise errors are those of the reader.
absl::StatusOr<std::string> RecordingTranscript(RecordingReader* reader,
                                                absl::TimeZone zone);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_REPLAY_RECORDING_TRANSCRIPT_H_
