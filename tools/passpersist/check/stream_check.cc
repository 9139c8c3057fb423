// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/passpersist/check/checks.h"

namespace passpersist::tool {
namespace {

using Severity = Finding::Severity;

// Long enough that a program on a busy machine reads the first part alone.
constexpr absl::Duration kPause = absl::Milliseconds(100);

// Reads the answer to a getnext and then sends a PING. Returns what is wrong;
// empty if both are answered.
std::string ReadAnswer(Conversation& conversation, absl::Duration limit) {
  int lines = 1;
  for (int i = 0; i < lines; ++i) {
    const absl::StatusOr<std::string> line =
        conversation.client().ReadLine(limit);
    if (!line.ok()) {
      return absl::StrCat("line ", i + 1, " of the answer doesn't come");
    }
    if (i == 0 && !absl::StartsWith(*line, "NONE")) lines = 3;
  }
  return std::string(conversation.client().Ping().message());
}

std::string ReadPong(Conversation& conversation, absl::Duration limit) {
  const absl::StatusOr<std::string> line =
      conversation.client().ReadLine(limit);
  if (!line.ok()) return "no PONG comes";
  return absl::StartsWith(*line, "PONG") ? ""
                                         : absl::StrCat("no PONG: ", *line);
}

std::string AskTogether(const std::string& request, Conversation& conversation,
                        absl::Duration limit) {
  const absl::Status status =
      conversation.client().Send(absl::StrCat("PING\n", request));
  if (!status.ok()) return std::string(status.message());
  const std::string problem = ReadPong(conversation, limit);
  return problem.empty() ? ReadAnswer(conversation, limit) : problem;
}

// Sends `request` in two parts with a pause between them. Returns what is
// wrong, for example an answer to the first part; otherwise empty.
std::string SendInParts(const std::string& request,
                        Conversation& conversation) {
  const size_t middle = request.size() / 2;
  absl::Status status = conversation.client().Send(request.substr(0, middle));
  if (status.ok() && conversation.client().ReadLine(kPause).ok()) {
    return "an answer comes before the request is complete";
  }
  if (status.ok()) status = conversation.client().Send(request.substr(middle));
  return std::string(status.message());
}

std::string AskInParts(const std::string& request, Conversation& conversation,
                       absl::Duration limit) {
  std::string problem = SendInParts("PING\n", conversation);
  if (problem.empty()) problem = ReadPong(conversation, limit);
  if (problem.empty()) problem = SendInParts(request, conversation);
  return problem.empty() ? ReadAnswer(conversation, limit) : problem;
}

}  // namespace

void CheckStream(Examination& examination) {
  if (!examination.in_sync()) return;
  const absl::Duration limit = examination.options().slow;
  const std::string request =
      absl::StrCat("getnext\n", examination.names().base.ToString(), "\n");

  examination.RunProgram([&](Conversation& conversation) {
    const std::string problem = AskTogether(request, conversation, limit);
    if (problem.empty()) return;
    examination.Report(
        Severity::kWarning, "joined",
        absl::StrCat("PING and a request that arrive together are not both "
                     "answered: ",
                     problem),
        conversation,
        "none with snmpd, which waits for each answer; test drivers that send "
        "several requests at once wait forever");
  });

  examination.RunProgram([&](Conversation& conversation) {
    const std::string problem = AskInParts(request, conversation, limit);
    if (problem.empty()) return;
    examination.Report(
        Severity::kWarning, "split",
        absl::StrCat("a request that arrives in two parts is not answered: ",
                     problem),
        conversation,
        "snmpd writes each request at once, but a pipe may split a request of "
        "more than 4096 bytes, and a set can be that long (pipe(7))");
  });
}

}  // namespace passpersist::tool
