// SPDX-License-Identifier: Apache-2.0
//
// get, getnext and walk.

#include <string>
#include <utility>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "tools/passpersist/client/response_error.h"
#include "tools/passpersist/client/walk.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/printable.h"
#include "tools/passpersist/text/value_text.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

// ".1.3.1 = INTEGER: 5  (a label)".
std::string Line(const debug::DumpEntry& entry) {
  std::string line = BindingText(entry.binding());
  if (!entry.label().empty()) {
    absl::StrAppend(&line, "  (", Printable(entry.label()), ")");
  }
  return absl::StrCat(line, "\n");
}

// Sends the request for `oids`, of which `add` adds one, and prints the
// response.
absl::Status AskAndPrint(
    Context& context, const Arguments& oids,
    absl::FunctionRef<void(const Oid& oid, debug::Request* request)> add) {
  debug::Request request;
  request.set_instance_info(context.options().format == Format::kText);
  for (const std::string& text : oids) {
    const absl::StatusOr<Oid> oid = Oid::Parse(text);
    if (!oid.ok()) return oid.status();
    add(*oid, &request);
  }
  absl::StatusOr<debug::Response> response = context.Ask(std::move(request));
  if (!response.ok()) return response.status();
  response->clear_id();
  const absl::Status status = context.Print(*response, [&] {
    std::string text;
    for (const debug::DumpEntry& entry : EntriesOf(*response)) {
      absl::StrAppend(&text, Line(entry));
    }
    return text;
  });
  if (!status.ok()) return status;
  return response->error() == debug::NO_ERROR
             ? absl::OkStatus()
             : ErrorFromResponse(*response, oids);
}

}  // namespace

absl::Status GetCommand(Context& context, const Arguments& oids) {
  return AskAndPrint(context, oids,
                     [](const Oid& oid, debug::Request* request) {
                       request->mutable_get()->add_oids(ToProto(oid));
                     });
}

absl::Status GetNextCommand(Context& context, const Arguments& oids) {
  return AskAndPrint(
      context, oids, [](const Oid& oid, debug::Request* request) {
        request->mutable_get_next()->add_ranges()->set_start(ToProto(oid));
      });
}

absl::Status WalkCommand(Context& context, const Arguments& oid) {
  const absl::StatusOr<Oid> root = oid.empty() ? Oid() : Oid::Parse(oid[0]);
  if (!root.ok()) return root.status();
  const absl::StatusOr<AgentClient*> client = context.Client();
  if (!client.ok()) return client.status();
  bool empty = true;
  const absl::Status status =
      Walk(**client, SubtreeRange(*root), [&](const debug::DumpEntry& entry) {
        empty = false;
        return context.Print(entry.binding(), [&] { return Line(entry); });
      });
  if (status.ok() && empty) {
    context.console().Note(
        root->empty() ? "the agent has no values"
                      : absl::StrCat("nothing at or below ", root->ToString()));
  }
  return FromAgent(status);
}

}  // namespace passpersist::tool
