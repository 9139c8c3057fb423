// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/replay/recording_transcript.h"

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"
#include "tools/transcript/transcript.h"
#include "tools/transcript/transcript_text.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_values.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist::tool {
namespace {

std::string CommentLine(absl::string_view text) {
  return absl::StrCat("# ", EscapeTranscriptText(text), "\n");
}

// The contents that an agent needs to give the recorded answers.
class AgentContents {
 public:
  void AddRoot(const std::string& root) {
    Oid oid;
    if (FromProto(root, &oid).ok()) roots_.insert(std::move(oid));
  }

  void AddRequest(const debug::RequestEvent& event) {
    VarBind binding;
    for (const debug::VarBind& proto : event.response().bindings()) {
      // An exception is not a value, so there is no instance.
      if (FromProto(proto, &binding).ok()) {
        instances_.emplace(binding.oid, binding.value);
      }
    }
    const auto error = static_cast<ErrorStatus>(event.response().error());
    // notWritable is the answer without a setter, so none is needed.
    if (error == ErrorStatus::kNotWritable) return;
    for (const debug::VarBind& proto : event.request().set().bindings()) {
      if (FromProto(proto, &binding).ok()) setters_.emplace(binding.oid, error);
    }
  }

  std::string Lines() const {
    std::string lines;
    for (const Oid& root : roots_) {
      absl::StrAppend(&lines, "= subtree ", root.ToString(), "\n");
      for (auto instance = instances_.upper_bound(root);
           instance != instances_.end() && instance->first.StartsWith(root);
           ++instance) {
        const Oid suffix(instance->first.ArcsFrom(root.size()));
        absl::StrAppend(&lines, "= ", suffix.ToString().substr(1), " ",
                        ValueText(instance->second), "\n");
      }
    }
    for (const auto& [oid, error] : setters_) {
      absl::StrAppend(&lines, "= setter ", oid.ToString());
      if (error != ErrorStatus::kNoError) {
        absl::StrAppend(&lines, " ", ErrorStatusName(error));
      }
      lines.push_back('\n');
    }
    return lines;
  }

 private:
  // Transcripts use the names of types of the pass_persist protocol.
  static std::string ValueText(const Value& value) {
    std::string text;
    AppendPassPersistText(value, &text);
    return absl::StrCat(PassPersistType(value), text.empty() ? "" : " ",
                        EscapeTranscriptText(text));
  }

  std::set<Oid> roots_;
  std::map<Oid, Value> instances_;
  std::map<Oid, ErrorStatus> setters_;
};

std::string RequestEventLines(const debug::RequestEvent& event) {
  std::vector<Transcript::Event> events;
  const std::string& received = event.received();
  if (!received.empty()) {
    events.push_back({Transcript::Event::kSays, received, {}});
    // A request without a newline is answered after a time without input.
    if (!absl::EndsWith(received, "\n")) {
      events.push_back({Transcript::Event::kSilence, "", {}});
    }
  }
  // A PING that was answered early has no answer of its own.
  if (!event.sent().empty()) {
    events.push_back({Transcript::Event::kReplies, event.sent(), {}});
  }
  return FormatEvents(events);
}

std::string UpdateText(const debug::UpdateEvent& update) {
  const std::string begin = absl::StrCat("update of ", update.root(), ": ");
  if (update.has_status()) {
    return absl::StrCat(begin, "failed: ", update.status().message());
  }
  return absl::StrCat(begin, update.instances(),
                      update.instances() == 1 ? " instance" : " instances");
}

}  // namespace

absl::StatusOr<std::string> RecordingTranscript(RecordingReader* reader,
                                                absl::TimeZone zone) {
  const debug::RecordingHeader& header = reader->header();
  if (header.values_redacted()) {
    return absl::FailedPreconditionError(
        absl::StrCat(reader->path(),
                     ": values were redacted, so it can't be converted to a "
                     "transcript"));
  }
  AgentContents contents;
  for (const std::string& root : header.roots()) contents.AddRoot(root);
  std::string conversation;
  debug::Event event;
  uint64_t lost = 0;
  bool has_requests = false;
  bool has_bytes = false;
  while (true) {
    const absl::StatusOr<bool> read = reader->Next(&event);
    if (!read.ok()) return read.status();
    if (reader->lost() > lost) {
      absl::StrAppend(&conversation,
                      CommentLine(absl::StrCat(reader->lost() - lost,
                                               " events are missing here")));
      lost = reader->lost();
    }
    if (!*read) break;
    switch (event.what_case()) {
      case debug::Event::kRequestEvent:
        has_requests = true;
        has_bytes |= !event.request_event().received().empty() ||
                     !event.request_event().sent().empty();
        contents.AddRequest(event.request_event());
        conversation.append(RequestEventLines(event.request_event()));
        break;
      case debug::Event::kUpdate:
        contents.AddRoot(event.update().root());
        conversation.append(CommentLine(UpdateText(event.update())));
        break;
      case debug::Event::kError:
        conversation.append(
            CommentLine(absl::StrCat("error: ", event.error().message())));
        break;
      case debug::Event::WHAT_NOT_SET:
        break;
    }
  }
  if (has_requests && !has_bytes) {
    return absl::FailedPreconditionError(absl::StrCat(
        reader->path(),
        ": it has requests, but not the bytes of the conversation, since the "
        "agent has secret objects; so it can't be converted to a transcript"));
  }
  return absl::StrCat(
      CommentLine(absl::StrCat(
          "Recorded of ", header.program(), " (", header.pid(), ") from ",
          absl::FormatTime("%Y-%m-%d %H:%M:%S", FromProto(header.started()),
                           zone),
          " on.")),
      contents.Lines(), "\n", conversation);
}

}  // namespace passpersist::tool
