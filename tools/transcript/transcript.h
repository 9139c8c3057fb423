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

namespace passpersist_testing {

// A golden conversation, in the notation that README.md beside this describes.
//
// A value type.
struct Transcript {
  // What an instance is: a value, none because it can't be had, or gone.
  struct Instance {
    passpersist::Oid subtree;
    passpersist::Oid suffix;
    enum { kValue, kFails, kGone } state = kValue;
    passpersist::Value value;
    std::string label;
  };

  struct Event {
    enum Kind {
      kSays,     // snmpd writes
      kSilence,  // snmpd writes nothing for as long as the agent waits
      kReplies,  // the agent writes
      kReports,  // the agent reports an error
      kUpdate,   // what the agent holds changes
    };
    Kind kind;
    std::string text;  // bytes, or a report, or an update as it is written
    std::vector<Instance> instances;  // of an update
  };

  std::vector<std::string> comments;
  std::vector<passpersist::Oid> subtrees;
  std::map<passpersist::Oid, passpersist::ErrorStatus> setters;
  std::vector<Instance> instances;  // at the beginning
  std::vector<Event> events;
};

// InvalidArgument, naming the line, for what is no transcript.
absl::StatusOr<Transcript> ParseTranscript(absl::string_view text);

// The events, written as in a transcript.
std::string Format(const std::vector<Transcript::Event>& events);

}  // namespace passpersist_testing

#endif  // TOOLS_TRANSCRIPT_TRANSCRIPT_H_
