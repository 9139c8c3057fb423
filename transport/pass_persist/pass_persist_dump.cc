// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_dump.h"

#include <cstddef>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist {
namespace {

constexpr size_t kWidth = 80;  // pprint's

// Returns `text` as Python's repr() prints it.
std::string Quoted(absl::string_view text) {
  const bool has_single = text.find('\'') != absl::string_view::npos;
  const bool has_double = text.find('"') != absl::string_view::npos;
  const char quote = has_single && !has_double ? '"' : '\'';
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\') {
      quoted.push_back('\\');
      quoted.push_back(c);
    } else if (c == '\n') {
      quoted.append("\\n");
    } else if (c == '\r') {
      quoted.append("\\r");
    } else if (c == '\t') {
      quoted.append("\\t");
    } else if (absl::ascii_isprint(static_cast<unsigned char>(c))) {
      quoted.push_back(c);
    } else {
      absl::StrAppendFormat(&quoted, "\\x%02x", static_cast<unsigned char>(c));
    }
  }
  quoted.push_back(quote);
  return quoted;
}

// Returns the items of an entry's dictionary.
std::vector<std::string> Items(const Value& value, absl::string_view label) {
  std::vector<std::string> items;
  if (!label.empty()) items.push_back(absl::StrCat("'label': ", Quoted(label)));
  items.push_back(absl::StrCat("'type': ", Quoted(PassPersistType(value))));
  std::string text;
  AppendPassPersistText(value, &text);
  items.push_back(absl::StrCat("'value': ", Quoted(text)));
  return items;
}

}  // namespace

PassPersistDump::PassPersistDump(Oid root) : root_(std::move(root)) {}

std::string PassPersistDump::DictionaryKey(const Oid& oid) const {
  if (root_.empty()) return Quoted(oid.ToString());
  // The Python library's names have no leading dot.
  const std::string relative = Oid(oid.ArcsFrom(root_.size())).ToString();
  return Quoted(absl::string_view(relative).substr(1));
}

void PassPersistDump::AppendPage(absl::Span<const ResponseVarBind> bindings,
                                 absl::Span<const InstanceInfo> infos,
                                 bool last, std::string* out) {
  std::vector<std::string> short_lines;
  std::vector<std::string> lines;
  for (size_t i = 0; i < bindings.size(); ++i) {
    const std::string key = absl::StrCat(DictionaryKey(bindings[i].oid), ": ");
    const auto items =
        Items(std::get<Value>(bindings[i].value), infos[i].label);
    short_lines.push_back(
        absl::StrCat(key, "{", absl::StrJoin(items, ", "), "}"));
    // The line also has a brace before the entry, and a brace or comma after.
    if (short_lines.back().size() + 2 <= kWidth) {
      lines.push_back(short_lines.back());
      continue;
    }
    const std::string indented =
        absl::StrCat(",\n", std::string(key.size() + 2, ' '));
    lines.push_back(
        absl::StrCat(key, "{", absl::StrJoin(items, indented), "}"));
  }
  const std::string one_line = absl::StrJoin(short_lines, ", ");
  const bool fits = first_page_ && last && one_line.size() + 2 <= kWidth;
  if (!lines.empty() || first_page_) {
    absl::StrAppend(out, first_page_ ? "{" : ",\n ",
                    fits ? one_line : absl::StrJoin(lines, ",\n "));
  }
  if (last) out->append("}\n");
  first_page_ = false;
}

}  // namespace passpersist
