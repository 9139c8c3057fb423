// SPDX-License-Identifier: Apache-2.0
//
// watch.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tools/passpersist/command/interrupt_scope.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/event_text.h"

namespace passpersist::tool {
namespace {

// How long the agent may wait for events before it answers: less than the limit
// that the agent allows.
constexpr int kWaitSeconds = 20;

// Prints `events`, without PINGs unless --pings is set. Unless *left is 0,
// counts it down, and stops and sets *done when it reaches 0.
absl::Status PrintEvents(Context& context, const debug::Events& events,
                         uint64_t* left, bool* done) {
  Console& console = context.console();
  if (events.lost() > 0) {
    console.Note(
        absl::StrCat(events.lost(), " events were lost: they came too fast"));
  }
  for (const debug::Event& event : events.events()) {
    if (IsPing(event) && !context.options().pings) continue;
    const absl::Status status = context.Print(event, [&] {
      return EventText(event, context.time_zone(), console.palette());
    });
    if (!status.ok()) return status;
    if (*left > 0 && --*left == 0) {
      *done = true;
      break;
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status WatchCommand(Context& context, const Arguments& /*none*/) {
  const absl::StatusOr<AgentClient*> client = context.Client();
  if (!client.ok()) return client.status();
  debug::Request request;
  request.mutable_watch()->mutable_wait()->set_seconds(kWaitSeconds);
  InterruptScope interrupt([&client] { (*client)->Interrupt(); });
  uint64_t left = context.options().count;
  bool done = false;
  while (!done) {
    const absl::StatusOr<debug::Response> response = context.Call(request);
    if (interrupt.interrupted()) break;
    if (!response.ok()) return response.status();
    const absl::Status status =
        PrintEvents(context, response->events(), &left, &done);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace passpersist::tool
