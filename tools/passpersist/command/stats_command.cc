// SPDX-License-Identifier: Apache-2.0
//
// stats.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tools/passpersist/command/interrupt_scope.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/message_text.h"
#include "tools/passpersist/text/statistics_text.h"

namespace passpersist::tool {
namespace {

absl::StatusOr<debug::Statistics> Ask(Context& context) {
  debug::Request request;
  request.mutable_get_statistics();
  absl::StatusOr<debug::Response> response = context.Call(request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_statistics());
}

// Prints samples; each has rates relative to the previous one.
class Samples {
 public:
  explicit Samples(Context* context) : context_(*context) {}

  absl::Status Print(debug::Statistics now) {
    Console& console = context_.console();
    const Format format = context_.options().format;
    if (format != Format::kText) return console.Print(MessageLine(now, format));
    std::string text = StatisticsText(now, before_ ? &*before_ : nullptr,
                                      context_.time_zone(), console.palette());
    const bool in_place = context_.options().watch && console.terminal();
    if (before_ && !in_place) text.insert(0, "\n");
    before_ = std::move(now);
    return in_place ? console.PrintInPlace(text) : console.Print(text);
  }

 private:
  Context& context_;
  std::optional<debug::Statistics> before_;
};

}  // namespace

absl::Status StatsCommand(Context& context, const Arguments& /*none*/) {
  const Options& options = context.options();
  const Options defaults;
  if (!options.watch && (options.count != defaults.count ||
                         options.interval != defaults.interval)) {
    return absl::InvalidArgumentError(
        "stats takes --interval and --count only with --watch");
  }
  const absl::StatusOr<AgentClient*> client = context.Client();
  if (!client.ok()) return client.status();
  const uint64_t count = options.watch ? options.count : 1;
  InterruptScope interrupt([&client] { (*client)->Interrupt(); });
  Samples samples(&context);
  for (uint64_t i = 0; count == 0 || i < count; ++i) {
    if (i > 0 && interrupt.Await(options.interval)) break;
    absl::StatusOr<debug::Statistics> now = Ask(context);
    if (interrupt.interrupted()) break;
    if (!now.ok()) return now.status();
    const absl::Status status = samples.Print(*std::move(now));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace passpersist::tool
