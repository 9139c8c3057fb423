// SPDX-License-Identifier: Apache-2.0

#include "tools/transcript/transcript.h"

#include <cstddef>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "tools/transcript/transcript_text.h"

namespace passpersist::tool {

using Event = Transcript::Event;
using Instance = Transcript::Instance;

namespace {

// Reads a transcript line by line.
class Parser {
 public:
  absl::Status ParseLine(absl::string_view line) {
    if (line.empty()) {
      joins_ = false;
      return absl::OkStatus();
    }
    if (line == "...") {
      Add(Event::kSilence, "");
      return absl::OkStatus();
    }
    const char kind = line[0];
    line.remove_prefix(1);
    if (!line.empty() && !absl::ConsumePrefix(&line, " ")) {
      return absl::InvalidArgumentError("no blank after the first character");
    }
    switch (kind) {
      case '#':
        transcript_.comments.emplace_back(line);
        return absl::OkStatus();
      case '>':
        return ConsumeLine(Event::kSays, line);
      case '<':
        return ConsumeLine(Event::kReplies, line);
      case '!':
        return ParseReport(line);
      case '=':
        return ParseContents(line);
      default:
        return absl::InvalidArgumentError(
            "a line must begin with #, =, >, < or !, or be ...");
    }
  }

  Transcript Finish() && { return std::move(transcript_); }

 private:
  // Appends `text` to the last event if it has the same kind and there is no
  // empty line between them; otherwise adds an event.
  Event& Add(Event::Kind kind, absl::string_view text) {
    auto& events = transcript_.events;
    if (!joins_ || events.empty() || events.back().kind != kind) {
      events.push_back({kind, "", {}});
    }
    absl::StrAppend(&events.back().text, text);
    joins_ = true;
    return events.back();
  }

  absl::Status ConsumeLine(Event::Kind kind, absl::string_view line) {
    const bool unfinished = absl::ConsumeSuffix(&line, "\\c");
    absl::StatusOr<std::string> bytes = UnescapeTranscriptText(line);
    if (!bytes.ok()) return bytes.status();
    if (!unfinished) bytes->push_back('\n');
    Add(kind, *bytes);
    return absl::OkStatus();
  }

  absl::Status ParseReport(absl::string_view line) {
    const absl::StatusOr<std::string> text = UnescapeTranscriptText(line);
    if (!text.ok()) return text.status();
    joins_ = false;
    Add(Event::kReports, *text);
    joins_ = false;
    return absl::OkStatus();
  }

  absl::Status ParseContents(absl::string_view line) {
    const bool begun = !transcript_.events.empty();
    if (line == "no early PONG") {
      if (begun) return MustComeFirst("an option");
      transcript_.early_pong = false;
      return absl::OkStatus();
    }
    const std::pair<absl::string_view, absl::string_view> words =
        absl::StrSplit(line, absl::MaxSplits(' ', 1));
    if (words.first == "subtree" || words.first == "setter") {
      if (begun && words.first == "setter") return MustComeFirst("a setter");
      return words.first == "subtree" ? ParseSubtree(words.second, begun)
                                      : ParseSetter(words.second);
    }
    if (transcript_.subtrees.empty()) {
      return absl::InvalidArgumentError("an instance before the first subtree");
    }
    absl::StatusOr<Instance> instance =
        ParseInstance(words.first, words.second);
    if (!instance.ok()) return instance.status();
    instance->subtree = subtree_;
    if (begun) {
      Event& update = Add(Event::kUpdate, absl::StrCat(line, "\n"));
      update.instances.push_back(*std::move(instance));
    } else {
      transcript_.instances.push_back(*std::move(instance));
    }
    return absl::OkStatus();
  }

  static absl::Status MustComeFirst(absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat(what, " must be before the first event"));
  }

  absl::Status ParseSubtree(absl::string_view text, bool begun) {
    const absl::StatusOr<Oid> root = Oid::Parse(text);
    if (!root.ok()) return root.status();
    subtree_ = *root;
    if (begun) {
      Add(Event::kUpdate, absl::StrCat("subtree ", text, "\n"));
    } else {
      transcript_.subtrees.push_back(*root);
    }
    return absl::OkStatus();
  }

  absl::Status ParseSetter(absl::string_view text) {
    const std::pair<absl::string_view, absl::string_view> words =
        absl::StrSplit(text, absl::MaxSplits(' ', 1));
    const absl::StatusOr<Oid> root = Oid::Parse(words.first);
    if (!root.ok()) return root.status();
    const auto answer = ParseErrorStatusName(words.second);
    if (!answer.ok()) return answer.status();
    transcript_.setters[*root] = *answer;
    return absl::OkStatus();
  }

  static absl::StatusOr<Instance> ParseInstance(absl::string_view name,
                                                absl::string_view rest) {
    Instance instance;
    absl::StatusOr<Oid> suffix = ParseAnyOid(name);
    if (!suffix.ok()) return suffix.status();
    instance.suffix = *std::move(suffix);
    if (absl::ConsumePrefix(&rest, "\"")) {
      const std::pair<absl::string_view, absl::string_view> parts =
          absl::StrSplit(rest, absl::MaxSplits("\" ", 1));
      instance.label = std::string(parts.first);
      rest = parts.second;
    }
    if (rest == "gone") {
      instance.state = Instance::kGone;
    } else if (rest == "fails") {
      instance.state = Instance::kFails;
    } else {
      auto value = ParseTranscriptValue(rest);
      if (!value.ok()) return value.status();
      instance.value = *std::move(value);
    }
    return instance;
  }

  Transcript transcript_;
  Oid subtree_;         // the subtree of the next instances
  bool joins_ = false;  // the next line of the same kind joins the last event
};

void FormatLines(absl::string_view prefix, absl::string_view bytes,
                 std::string* out) {
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    const std::string line = EscapeTranscriptText(bytes.substr(0, end));
    absl::StrAppend(out, prefix, line.empty() ? "" : " ", line);
    if (end == absl::string_view::npos) {
      absl::StrAppend(out, line.empty() ? " " : "", "\\c\n");
      return;
    }
    out->push_back('\n');
    bytes.remove_prefix(end + 1);
  }
}

}  // namespace

absl::StatusOr<Transcript> ParseTranscript(absl::string_view text) {
  if (!absl::ConsumeSuffix(&text, "\n")) {
    return absl::InvalidArgumentError("the last line has no newline");
  }
  Parser parser;
  int number = 0;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    const absl::Status status = parser.ParseLine(line);
    if (!status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("line ", number, ": ", status.message(), ": ", line));
    }
  }
  return std::move(parser).Finish();
}

std::string FormatEvents(const std::vector<Event>& events) {
  std::string out;
  const Event* before = nullptr;
  for (const Event& event : events) {
    const bool again = before != nullptr && before->kind == event.kind;
    if (again && event.kind != Event::kReports) out.push_back('\n');
    before = &event;
    switch (event.kind) {
      case Event::kSays:
        FormatLines(">", event.text, &out);
        break;
      case Event::kReplies:
        FormatLines("<", event.text, &out);
        break;
      case Event::kUpdate:
        FormatLines("=", event.text, &out);
        break;
      case Event::kReports:
        absl::StrAppend(&out, "! ", EscapeTranscriptText(event.text), "\n");
        break;
      case Event::kSilence:
        out.append("...\n");
        break;
    }
  }
  return out;
}

}  // namespace passpersist::tool
