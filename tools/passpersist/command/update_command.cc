// SPDX-License-Identifier: Apache-2.0
//
// update.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/printable.h"
#include "tools/passpersist/text/quantity_text.h"
#include "tools/passpersist/text/statistics_text.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

// The longest wait that the agent allows; the user can end the command earlier.
constexpr int kWaitSeconds = 600;

// The roots of all subtrees that the agent updates periodically.
absl::StatusOr<std::vector<std::string>> Roots(Context& context) {
  debug::Request request;
  request.mutable_describe();
  const absl::StatusOr<debug::Response> response = context.Call(request);
  if (!response.ok()) return response.status();
  std::vector<std::string> roots;
  for (const auto& subtree : response->description().subtrees()) {
    if (subtree.has_period()) roots.push_back(subtree.root());
  }
  if (!roots.empty()) return roots;
  return absl::FailedPreconditionError(
      "the agent has no subtree with periodic updates");
}

std::string Text(const debug::UpdateEvent& update) {
  return absl::StrCat(Printable(update.root()), ": ",
                      InstancesText(update.instances()), ", updated in ",
                      DurationText(FromProto(update.duration())), "\n");
}

// Runs one update. A failed update is printed as an error and counted in
// *failures.
absl::Status UpdateOne(Context& context, const std::string& root,
                       int* failures) {
  debug::Request request;
  request.mutable_run_update()->set_root(root);
  request.mutable_run_update()->mutable_wait()->set_seconds(kWaitSeconds);
  const absl::StatusOr<debug::Response> response = context.Call(request);
  if (!response.ok()) return response.status();
  const debug::UpdateEvent& update = response->update();
  const bool failed = update.status().code() != 0;
  if (failed) {
    ++*failures;
    context.console().Error(absl::StrCat(
        "update of ", root, " failed: ", StatusText(update.status())));
  }
  return context.Print(update, [&] { return failed ? "" : Text(update); });
}

}  // namespace

absl::Status UpdateCommand(Context& context, const Arguments& root) {
  std::vector<std::string> roots;
  if (root.empty()) {
    absl::StatusOr<std::vector<std::string>> all = Roots(context);
    if (!all.ok()) return all.status();
    roots = *std::move(all);
  } else {
    const absl::StatusOr<Oid> oid = Oid::Parse(root[0]);
    if (!oid.ok()) return oid.status();
    roots.push_back(ToProto(*oid));
  }
  int failures = 0;
  for (const std::string& one : roots) {
    const absl::Status status = UpdateOne(context, one, &failures);
    if (!status.ok()) return status;
  }
  return failures == 0 ? absl::OkStatus() : absl::FailedPreconditionError("");
}

}  // namespace passpersist::tool
