// SPDX-License-Identifier: Apache-2.0
//
// dump.

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"
#include "tools/passpersist/client/walk.h"
#include "tools/passpersist/command/run_commands.h"
#include "tools/passpersist/text/message_text.h"
#include "tools/passpersist/text/printable.h"
#include "tools/passpersist/text/quantity_text.h"
#include "tools/passpersist/text/text_table.h"
#include "tools/passpersist/text/value_text.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

// Rows are printed in blocks of this size. The first block determines the
// widths of the columns.
constexpr size_t kRows = 256;

// A pass_persist program gives only names and values, so `with_info` is false.
std::vector<TextTable::Column> Columns(bool with_info) {
  std::vector<TextTable::Column> columns = {{"OID"}, {"TYPE"}, {"VALUE"}};
  if (with_info)
    columns.insert(columns.end(), {{"LABEL"}, {"AGE"}, {"SUBTREE"}});
  return columns;
}

std::vector<std::string> Row(const debug::DumpEntry& entry, bool with_info) {
  const ValueText value = TextOf(entry.binding());
  std::vector<std::string> row = {Printable(entry.binding().oid()), value.type,
                                  value.text};
  if (!with_info) return row;
  const std::string age = entry.computed() ? "computed"
                          : entry.has_age()
                              ? DurationText(FromProto(entry.age()))
                              : "";
  row.push_back(Printable(entry.label()));
  row.push_back(age);
  row.push_back(Printable(entry.root()));
  return row;
}

}  // namespace

absl::Status DumpCommand(Context& context, const Arguments& oid) {
  const absl::StatusOr<Oid> root = oid.empty() ? Oid() : Oid::Parse(oid[0]);
  if (!root.ok()) return root.status();
  const absl::StatusOr<AgentClient*> client = context.Client();
  if (!client.ok()) return client.status();
  Console& console = context.console();
  const Format format = context.options().format;
  const bool with_info = context.program().empty();
  TextTable table(Columns(with_info));
  debug::Dump dump;
  *dump.mutable_range() = SubtreeRange(*root);
  const absl::Status status =
      (*client)->Dump(dump, [&](const debug::DumpEntry& entry) {
        if (format != Format::kText) {
          return console.Print(MessageLine(entry, format));
        }
        table.AddRow(Row(entry, with_info));
        return table.size() < kRows
                   ? absl::OkStatus()
                   : console.Print(table.Take(console.palette()));
      });
  // The rows that arrived before an error are printed, too.
  const absl::Status printed = console.Print(table.Take(console.palette()));
  return status.ok() ? printed : FromAgent(status);
}

}  // namespace passpersist::tool
