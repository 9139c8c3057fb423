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

namespace passpersist {
namespace {

// Of as many the widths of columns are measured, and printed at once.
constexpr size_t kRows = 256;

// A program that is asked by pass_persist tells only names and values.
std::vector<TextTable::Column> Columns(bool origins) {
  std::vector<TextTable::Column> columns = {{"OID"}, {"TYPE"}, {"VALUE"}};
  if (origins) columns.insert(columns.end(), {{"LABEL"}, {"AGE"}, {"SUBTREE"}});
  return columns;
}

std::vector<std::string> Row(const debug::DumpEntry& entry, bool origins) {
  const ValueText value = TextOf(entry.binding());
  std::vector<std::string> row = {Printable(entry.binding().oid()), value.type,
                                  value.text};
  if (!origins) return row;
  const std::string age = entry.lazy() ? "lazy"
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
  const absl::StatusOr<AgentClient*> link = context.Link();
  if (!link.ok()) return link.status();
  Console& console = context.console();
  const Format format = context.options().format;
  const bool origins = context.program().empty();
  TextTable table(Columns(origins));
  debug::Dump dump;
  *dump.mutable_range() = SubtreeRange(*root);
  const absl::Status status =
      (*link)->Dump(dump, [&](const debug::DumpEntry& entry) {
        if (format != Format::kText) {
          return console.Print(MessageLine(entry, format));
        }
        table.AddRow(Row(entry, origins));
        return table.size() < kRows
                   ? absl::OkStatus()
                   : console.Print(table.Take(console.palette()));
      });
  // What came before an error is worth seeing, too.
  const absl::Status printed = console.Print(table.Take(console.palette()));
  return status.ok() ? printed : FromAgent(status);
}

}  // namespace passpersist
