// SPDX-License-Identifier: Apache-2.0
//
// describe.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/printable.h"
#include "tools/passpersist/text/quantity_text.h"
#include "tools/passpersist/text/text_table.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

std::string HowUpdated(const debug::Description::Subtree& subtree) {
  if (!subtree.has_period()) return "by the program";
  const std::string period = DurationText(FromProto(subtree.period()));
  return subtree.on_demand() ? absl::StrCat("on demand, after ", period)
                             : absl::StrCat("every ", period);
}

std::string DescriptionText(const debug::Description& description,
                            absl::TimeZone zone, const Palette& palette) {
  TextTable head({{""}, {""}});
  head.AddRow({"program", Printable(description.program())});
  head.AddRow({"pid", absl::StrCat(description.pid())});
  head.AddRow(
      {"started", absl::FormatTime("%Y-%m-%d %H:%M:%S %Z",
                                   FromProto(description.started()), zone)});
  head.AddRow({"codec", Printable(description.codec())});
  TextTable subtrees({{"SUBTREE"}, {"UPDATED"}, {"STORE"}});
  for (const debug::Description::Subtree& subtree : description.subtrees()) {
    subtrees.AddRow({Printable(subtree.root()), HowUpdated(subtree),
                     Printable(subtree.store())});
  }
  TextTable setters({{"SETTER"}});
  for (const std::string& root : description.setters()) {
    setters.AddRow({Printable(root)});
  }
  std::string out = head.Take(palette);
  for (TextTable* const table : {&subtrees, &setters}) {
    if (table->size() == 0) continue;
    absl::StrAppend(&out, "\n", table->Take(palette));
  }
  return out;
}

}  // namespace

absl::Status DescribeCommand(Context& context, const Arguments& /*none*/) {
  debug::Request request;
  request.mutable_describe();
  const absl::StatusOr<debug::Response> response = context.Call(request);
  if (!response.ok()) return response.status();
  const debug::Description& description = response->description();
  return context.Print(description, [&] {
    return DescriptionText(description, context.time_zone(),
                           context.console().palette());
  });
}

}  // namespace passpersist::tool
