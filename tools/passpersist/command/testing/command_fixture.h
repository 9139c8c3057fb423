// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_TESTING_COMMAND_FIXTURE_H_
#define TOOLS_PASSPERSIST_COMMAND_TESTING_COMMAND_FIXTURE_H_

#include <memory>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "tools/passpersist/client/agent_client.h"
#include "tools/passpersist/client/testing/fake_agent_client.h"
#include "tools/passpersist/command/command.h"
#include "tools/passpersist/command/command_line.h"
#include "tools/passpersist/command/commands.h"
#include "tools/passpersist/command/console.h"
#include "tools/passpersist/command/options.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist_testing {

// Runs commands against a FakeAgent.
class CommandTest : public testing::Test {
 protected:
  CommandTest() { options_.socket = "agent.sock"; }

  // Queues an answer of the agent: a debug::Response in text format.
  void Answer(const std::string& text) {
    agent_.answers.push_back(FromText<passpersist::debug::Response>(text));
  }

  // Runs the command of `words`, without the tool's name. Returns the exit
  // status.
  int Run(const std::vector<std::string>& words) {
    return RunIn([&](passpersist::tool::Context& context) {
      return passpersist::tool::RunCommand(context, words);
    });
  }

  // Like Run(), for a whole command line.
  int RunLine(const passpersist::tool::CommandLine& line) {
    return RunIn([&](passpersist::tool::Context& context) {
      return passpersist::tool::RunCommandLine(context, line);
    });
  }

  std::string output() const { return output_.str(); }
  std::string errors() const { return errors_.str(); }
  // The message that main() prints at the end.
  std::string error() const { return std::string(status_.message()); }

  passpersist::tool::Options options_;
  passpersist::tool::Console::Options console_;
  std::vector<std::string> program_;
  std::string input_;
  bool prompt_ = false;
  absl::Status connect_status_;
  FakeAgent agent_;
  std::ostringstream output_;
  std::ostringstream errors_;
  absl::Status status_;

 private:
  int RunIn(absl::FunctionRef<absl::Status(passpersist::tool::Context&)> run) {
    output_.str("");
    errors_.str("");
    std::istringstream input(input_);
    passpersist::tool::Console console(&output_, &errors_, console_);
    passpersist::tool::Context::Parts parts;
    parts.options = options_;
    parts.program = program_;
    parts.console = &console;
    parts.input = &input;
    parts.prompt = prompt_;
    parts.connect = [this](const passpersist::tool::Context&)
        -> absl::StatusOr<std::unique_ptr<passpersist::tool::AgentClient>> {
      if (!connect_status_.ok()) return connect_status_;
      return std::make_unique<FakeAgentClient>(&agent_);
    };
    passpersist::tool::Context context(std::move(parts));
    status_ = run(context);
    return passpersist::tool::ExitStatus(status_);
  }
};

}  // namespace passpersist_testing

#endif  // TOOLS_PASSPERSIST_COMMAND_TESTING_COMMAND_FIXTURE_H_
