// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_COMMAND_H_
#define TOOLS_PASSPERSIST_COMMAND_COMMAND_H_

#include <cstddef>
#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "tools/passpersist/client/agent_client.h"
#include "tools/passpersist/command/console.h"
#include "tools/passpersist/command/options.h"
#include "transport/debug/debug.pb.h"

namespace passpersist::tool {

// What a command works with: an agent that it sends requests to, and a console
// that it prints to.
//
// Used by one thread at a time.
class Context {
 public:
  struct Parts {
    Options options;
    std::vector<std::string> program;  // after "--"; empty: use options.socket
    Console* console;                  // borrowed
    std::istream* input = nullptr;     // borrowed; exec reads commands from it
    bool prompt = false;               // the input is a terminal
    absl::TimeZone time_zone = absl::UTCTimeZone();
    std::function<absl::StatusOr<std::unique_ptr<AgentClient>>(const Context&)>
        connect;
  };

  explicit Context(Parts parts) : parts_(std::move(parts)) {}

  const Options& options() const { return parts_.options; }
  const std::vector<std::string>& program() const { return parts_.program; }
  Console& console() const { return *parts_.console; }
  std::istream& input() const { return *parts_.input; }
  bool prompt() const { return parts_.prompt; }
  absl::TimeZone time_zone() const { return parts_.time_zone; }

  // Returns the connection to the agent or program; the first call connects.
  // InvalidArgument if the command line names neither, Unavailable if the
  // connection fails.
  absl::StatusOr<AgentClient*> Client();

  // Sends `request`. A response with an error (Response.error) is OK; other
  // errors have gone through FromAgent().
  absl::StatusOr<debug::Response> Ask(debug::Request request);

  // Like Ask(), but a response with an error is an error too, that of
  // ErrorFromResponse().
  absl::StatusOr<debug::Response> Call(debug::Request request);

  // Prints `message` in the format of the options: as what `text` returns, or
  // as a line for programs.
  absl::Status Print(const google::protobuf::Message& message,
                     absl::FunctionRef<std::string()> text) const;

 private:
  const Parts parts_;
  std::unique_ptr<AgentClient> client_;
};

// A command: the first word after the tool's name. A value type.
struct Command {
  absl::string_view name;
  absl::string_view arguments;  // "OID TYPE VALUE", "[OID]", "OID…"
  absl::string_view summary;    // one line
  absl::string_view details;    // more lines, each with its newline
  // The names of the flags that the command takes, separated by blanks. Any
  // other flag is an error.
  absl::string_view own_flags;
  absl::string_view
      common_flags;  // among the first kCommonFlags of FlagNames()
  size_t min_arguments;
  size_t max_arguments;

  // Runs the command. Returns InvalidArgument for invalid arguments,
  // FailedPrecondition if the agent refused the request or if the command found
  // errors or differences, Cancelled if the output was closed. The message is
  // empty if the command has already printed everything.
  absl::Status (*run)(Context& context,
                      const std::vector<std::string>& arguments);
};

// Converts an error that the agent caused: InvalidArgument becomes
// FailedPrecondition, since a request that the agent doesn't understand is not
// an error of the command line.
absl::Status FromAgent(const absl::Status& status);

// The exit status of the process. 0: success; 1: the agent refused the request,
// or differences or errors were found; 2: the command line is wrong; 3: no
// connection or no answer.
int ExitStatus(const absl::Status& status);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_COMMAND_COMMAND_H_
