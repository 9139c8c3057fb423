// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_COMMAND_COMMAND_H_
#define TOOLS_PASSPERSIST_COMMAND_COMMAND_H_

#include <cstddef>
#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/passpersist/client/agent_client.h"
#include "tools/passpersist/command/console.h"
#include "tools/passpersist/command/options.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// What commands work with: an agent to ask, a console to print to.
//
// Used by one thread at a time.
class Context {
 public:
  struct Parts {
    Options options;
    std::vector<std::string> program;  // behind "--"; empty: a socket's agent
    Console* console;                  // borrowed
    std::istream* input = nullptr;     // borrowed; what exec reads
    bool prompt = false;               // a person types the input
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

  // Connects at the first call. InvalidArgument if the command line names
  // nobody to ask, Unavailable if they don't answer.
  absl::StatusOr<AgentClient*> Link();

  // Asks. A refusal is an answer (Response.error); errors are FromAgent().
  absl::StatusOr<debug::Response> Ask(debug::Request request);

  // The same, but a refusal is an error, too: that of ErrorFromResponse().
  absl::StatusOr<debug::Response> Call(debug::Request request);

 private:
  const Parts parts_;
  std::unique_ptr<AgentClient> link_;
};

// What a person types behind the tool's name. A value type.
struct Command {
  absl::string_view name;
  absl::string_view arguments;  // "OID TYPE VALUE", "[OID]", "OID…"
  absl::string_view summary;    // one line
  absl::string_view details;    // more of them, each with its newline
  // What it takes, apart by blanks. All others are refused.
  absl::string_view own_flags;
  absl::string_view common_flags;  // of the first kCommonFlags of FlagNames()
  size_t min_arguments;
  size_t max_arguments;

  // InvalidArgument for arguments of no use, FailedPrecondition if the agent
  // refused or if what was looked for is not well, Cancelled if nobody wants to
  // know any more; without a message if all is said.
  absl::Status (*run)(Context& context,
                      const std::vector<std::string>& arguments);
};

// What an agent doesn't understand is no fault of the command line:
// InvalidArgument becomes FailedPrecondition.
absl::Status FromAgent(const absl::Status& status);

// 0: well; 1: the agent refused, or differences or errors were found; 2: the
// command line is wrong; 3: the two don't talk.
int ExitStatus(const absl::Status& status);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_COMMAND_COMMAND_H_
