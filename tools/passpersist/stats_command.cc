// stats.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tools/passpersist/interrupt_scope.h"
#include "tools/passpersist/message_text.h"
#include "tools/passpersist/run_commands.h"
#include "tools/passpersist/statistics_text.h"

namespace passpersist {
namespace {

absl::StatusOr<debug::Statistics> Ask(Context& context) {
  debug::Request request;
  request.mutable_get_statistics();
  absl::StatusOr<debug::Response> response = context.Call(request);
  if (!response.ok()) return response.status();
  return std::move(*response->mutable_statistics());
}

// `text` in place of what is on the terminal: each line ends by clearing what
// stood behind it, the last one also what stood below.
std::string Screen(const std::string& text, int height) {
  std::vector<std::string> lines = absl::StrSplit(text, '\n');
  // One more would scroll.
  const size_t room = height > 1 ? static_cast<size_t>(height - 1) : SIZE_MAX;
  if (lines.size() > room) lines.resize(room);
  std::string screen = "\x1b[H";
  for (const std::string& line : lines) {
    absl::StrAppend(&screen, line, "\x1b[K\n");
  }
  return absl::StrCat(screen, "\x1b[J");
}

class Samples {
 public:
  explicit Samples(Context* context) : context_(*context) {}

  absl::Status Print(debug::Statistics now) {
    Console& console = context_.console();
    const Format format = context_.options().format;
    const bool in_place = context_.options().watch && console.terminal();
    std::string text;
    if (format != Format::kText) {
      text = MessageLine(now, format);
    } else {
      text = StatisticsText(now, before_ ? &*before_ : nullptr,
                            context_.time_zone(), console.palette());
      if (in_place) {
        text = absl::StrCat(before_ ? "" : "\x1b[2J",
                            Screen(text, console.height()));
      } else if (before_) {
        text = absl::StrCat("\n", text);
      }
    }
    before_ = std::move(now);
    return console.Print(text);
  }

 private:
  Context& context_;
  std::optional<debug::Statistics> before_;
};

}  // namespace

absl::Status StatsCommand(Context& context, const Arguments& none) {
  (void)none;
  const Options& options = context.options();
  const Options defaults;
  if (!options.watch && (options.count != defaults.count ||
                         options.interval != defaults.interval)) {
    return absl::InvalidArgumentError(
        "stats takes --interval and --count with --watch only");
  }
  const absl::StatusOr<AgentLink*> link = context.Link();
  if (!link.ok()) return link.status();
  const uint64_t count = options.watch ? options.count : 1;
  InterruptScope interrupt([&link] { (*link)->Interrupt(); });
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

}  // namespace passpersist
