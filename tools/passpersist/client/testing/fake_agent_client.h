// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_TESTING_FAKE_AGENT_CLIENT_H_
#define TOOLS_PASSPERSIST_CLIENT_TESTING_FAKE_AGENT_CLIENT_H_

#include <deque>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/text_format.h"
#include "tools/passpersist/client/agent_client.h"
#include "transport/debug/debug.pb.h"

namespace passpersist_testing {

// The answers and the recorded requests of a FakeAgentClient. A test can fill
// it before the client exists and read it after the client is destroyed.
struct FakeAgent {
  // The next answers; when none is left, each request is an error.
  std::deque<absl::StatusOr<passpersist::debug::Response>> answers;
  // The entries of every Dump, and the status that it ends with.
  std::vector<passpersist::debug::DumpEntry> entries;
  absl::Status dump_end;

  // The requests, in text format: "get { oids: \".1.3\" }".
  std::vector<std::string> requests;
};

// A client of an agent that gives the answers of a FakeAgent.
//
// Used by one thread at a time.
class FakeAgentClient : public passpersist::tool::AgentClient {
 public:
  // The caller keeps `agent`.
  explicit FakeAgentClient(FakeAgent* agent) : agent_(*agent) {}

  absl::StatusOr<passpersist::debug::Response> Call(
      passpersist::debug::Request request) override {
    Remember(request);
    if (agent_.answers.empty()) {
      return absl::UnavailableError("the agent closed the connection");
    }
    absl::StatusOr<passpersist::debug::Response> answer =
        agent_.answers.front();
    agent_.answers.pop_front();
    return answer;
  }

  absl::Status Dump(
      const passpersist::debug::Dump& dump,
      absl::FunctionRef<absl::Status(const passpersist::debug::DumpEntry&)>
          take) override {
    passpersist::debug::Request request;
    *request.mutable_dump() = dump;
    Remember(request);
    for (const passpersist::debug::DumpEntry& entry : agent_.entries) {
      const absl::Status status = take(entry);
      if (!status.ok()) return status;
    }
    return agent_.dump_end;
  }

  void Interrupt() override {}

 private:
  void Remember(const passpersist::debug::Request& request) {
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    std::string text;
    (void)printer.PrintToString(request, &text);
    if (!text.empty()) text.pop_back();  // a blank
    agent_.requests.push_back(text);
  }

  FakeAgent& agent_;
};

}  // namespace passpersist_testing

#endif  // TOOLS_PASSPERSIST_CLIENT_TESTING_FAKE_AGENT_CLIENT_H_
