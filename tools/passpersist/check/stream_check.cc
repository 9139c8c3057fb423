// SPDX-License-Identifier: Apache-2.0

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/passpersist/check/checks.h"

namespace passpersist {
namespace {

using Severity = Finding::Severity;

// Long enough for a busy program to read the first part alone.
constexpr absl::Duration kPause = absl::Milliseconds(100);

// Empty if the answer to a getnext comes, and the program is still in step.
std::string ReadAnswer(Conversation& talk, absl::Duration limit) {
  int lines = 1;
  for (int i = 0; i < lines; ++i) {
    const absl::StatusOr<std::string> line = talk.client().ReadLine(limit);
    if (!line.ok()) {
      return absl::StrCat("line ", i + 1, " of the answer doesn't come");
    }
    if (i == 0 && !absl::StartsWith(*line, "NONE")) lines = 3;
  }
  return std::string(talk.client().Ping().message());
}

std::string ReadPong(Conversation& talk, absl::Duration limit) {
  const absl::StatusOr<std::string> line = talk.client().ReadLine(limit);
  if (!line.ok()) return "no PONG comes";
  return absl::StartsWith(*line, "PONG") ? ""
                                         : absl::StrCat("no PONG: ", *line);
}

std::string AskTogether(const std::string& request, Conversation& talk,
                        absl::Duration limit) {
  const absl::Status status =
      talk.client().Send(absl::StrCat("PING\n", request));
  if (!status.ok()) return std::string(status.message());
  const std::string problem = ReadPong(talk, limit);
  return problem.empty() ? ReadAnswer(talk, limit) : problem;
}

// Pauses in the middle, where there is nothing to answer.
std::string SendInParts(const std::string& request, Conversation& talk) {
  const size_t middle = request.size() / 2;
  absl::Status status = talk.client().Send(request.substr(0, middle));
  if (status.ok() && talk.client().ReadLine(kPause).ok()) {
    return "an answer comes before the request is whole";
  }
  if (status.ok()) status = talk.client().Send(request.substr(middle));
  return std::string(status.message());
}

std::string AskInParts(const std::string& request, Conversation& talk,
                       absl::Duration limit) {
  std::string problem = SendInParts("PING\n", talk);
  if (problem.empty()) problem = ReadPong(talk, limit);
  if (problem.empty()) problem = SendInParts(request, talk);
  return problem.empty() ? ReadAnswer(talk, limit) : problem;
}

}  // namespace

void CheckStream(Examination& examination) {
  if (!examination.in_step()) return;
  const absl::Duration limit = examination.options().slow;
  const std::string request =
      absl::StrCat("getnext\n", examination.names().base.ToString(), "\n");

  examination.Talk([&](Conversation& talk) {
    const std::string problem = AskTogether(request, talk, limit);
    if (problem.empty()) return;
    examination.Report(
        Severity::kWarning, "joined",
        absl::StrCat("PING and a request that come together are not both "
                     "answered: ",
                     problem),
        talk,
        "none with snmpd, which waits for each answer; test drivers that write "
        "ahead wait for ever");
  });

  examination.Talk([&](Conversation& talk) {
    const std::string problem = AskInParts(request, talk, limit);
    if (problem.empty()) return;
    examination.Report(
        Severity::kWarning, "split",
        absl::StrCat("a request that comes in two parts is not answered: ",
                     problem),
        talk,
        "snmpd writes each request at once, but a pipe may split one that is "
        "longer than 4096 bytes, as sets can be (pipe(7))");
  });
}

}  // namespace passpersist
