// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/command/replay_command.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "tools/passpersist/client/agent_client.h"
#include "tools/passpersist/command/console.h"
#include "tools/passpersist/command/options.h"
#include "tools/passpersist/replay/recording_transcript.h"
#include "tools/passpersist/replay/replay.h"
#include "tools/passpersist/replay/replay_report.pb.h"
#include "transport/recording/recording_reader.h"

namespace passpersist::tool {
namespace {

// A file that can't be read is an error of the command line.
absl::StatusOr<RecordingReader> OpenRecording(const std::string& path) {
  absl::StatusOr<RecordingReader> reader = RecordingReader::Open(path);
  if (reader.ok()) return reader;
  return absl::InvalidArgumentError(reader.status().message());
}

bool OnlyValuesDiffer(const report::ReplayReport& report) {
  return std::all_of(report.differences().begin(), report.differences().end(),
                     [](const report::ReplayReport::Difference& difference) {
                       return difference.value_only();
                     });
}

}  // namespace

absl::Status ReplayCommand(Context& context,
                           const std::vector<std::string>& file) {
  absl::StatusOr<RecordingReader> reader = OpenRecording(file[0]);
  if (!reader.ok()) return reader.status();
  const absl::StatusOr<AgentClient*> client = context.Client();
  if (!client.ok()) return client.status();
  const Options& options = context.options();
  report::ReplayReport report;
  const absl::Status replayed =
      Replay(&*reader, *client, {options.values, options.sets}, &report);
  if (replayed.ok() || report.requests() > 0) {
    const absl::Status printed = context.Print(
        report, [&] { return ReplayText(report, context.time_zone()); });
    if (!printed.ok()) return printed;
  }
  if (!replayed.ok()) return FromAgent(replayed);
  return OnlyValuesDiffer(report) ? absl::OkStatus()
                                  : absl::FailedPreconditionError("");
}

absl::Status TranscriptCommand(Context& context,
                               const std::vector<std::string>& file) {
  absl::StatusOr<RecordingReader> reader = OpenRecording(file[0]);
  if (!reader.ok()) return reader.status();
  const absl::StatusOr<std::string> transcript =
      RecordingTranscript(&*reader, context.time_zone());
  if (absl::IsDataLoss(transcript.status())) {
    return absl::InvalidArgumentError(transcript.status().message());
  }
  if (!transcript.ok()) return transcript.status();
  return context.console().Print(*transcript);
}

}  // namespace passpersist::tool
