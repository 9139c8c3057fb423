// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_TRANSCRIPT_TRANSCRIPT_H_
#define TOOLS_TRANSCRIPT_TRANSCRIPT_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist::tool {

// A golden conversation. testdata/pass_persist/README.md describes its
// notation.
//
// A value type.
struct Transcript {
  // An instance: it has a value, its value can't be computed, or it is removed.
  struct Instance {
    Oid subtree;
    Oid suffix;
    enum { kValue, kFails, kGone } state = kValue;
    Value value;
    std::string label;
  };

  struct Event {
    enum Kind {
      kSays,     // snmpd writes
      kSilence,  // snmpd writes nothing until the agent's read times out
      kReplies,  // the agent writes
      kReports,  // the agent reports an error
      kUpdate,   // an update changes the contents of the agent
    };
    Kind kind;
    std::string text;  // bytes, a report, or the lines of an update
    std::vector<Instance> instances;  // for an update
  };

  std::vector<std::string> comments;
  bool early_pong = true;  // the codec's option
  std::vector<Oid> subtrees;
  std::map<Oid, ErrorStatus> setters;
  std::vector<Instance> instances;  // at the beginning
  std::vector<Event> events;
};

// Returns InvalidArgument, naming the line, if `text` is not a transcript.
absl::StatusOr<Transcript> ParseTranscript(absl::string_view text);

// Formats the events in the notation of a transcript.
std::string FormatEvents(const std::vector<Transcript::Event>& events);

}  // namespace passpersist::tool

#endif  // TOOLS_TRANSCRIPT_TRANSCRIPT_H_
