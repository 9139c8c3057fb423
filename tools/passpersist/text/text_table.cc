// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/text_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "tools/passpersist/text/printable.h"

namespace passpersist::tool {
namespace {

// Limits the width of a column: one long cell must not move the next columns of
// all other rows.
constexpr size_t kMaxWidth = 60;

}  // namespace

TextTable::TextTable(std::vector<Column> columns)
    : columns_(std::move(columns)) {}

void TextTable::AddRow(std::vector<std::string> cells) {
  rows_.push_back(std::move(cells));
}

std::string TextTable::Take(const Palette& palette) {
  std::string out;
  if (rows_.empty()) return out;
  if (widths_.empty()) {
    Measure();
    std::vector<std::string> titles;
    for (const Column& column : columns_) titles.push_back(column.title);
    const std::string line = Line(titles);
    if (!line.empty()) {
      absl::StrAppend(&out, palette.Paint(Palette::Style::kBold, line), "\n");
    }
  }
  for (const std::vector<std::string>& row : rows_) {
    absl::StrAppend(&out, Line(row), "\n");
  }
  rows_.clear();
  return out;
}

void TextTable::Measure() {
  for (size_t i = 0; i < columns_.size(); ++i) {
    size_t width = Width(columns_[i].title);
    for (const std::vector<std::string>& row : rows_) {
      width = std::max(width, std::min(Width(row[i]), kMaxWidth));
    }
    widths_.push_back(width);
  }
}

std::string TextTable::Line(const std::vector<std::string>& cells) const {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) {
    const size_t width = Width(cells[i]);
    const std::string blanks(widths_[i] - std::min(width, widths_[i]), ' ');
    const bool right = columns_[i].align == Align::kRight;
    absl::StrAppend(&line, i == 0 ? "" : "  ", right ? blanks : "", cells[i],
                    right ? "" : blanks);
  }
  line.resize(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace passpersist::tool
