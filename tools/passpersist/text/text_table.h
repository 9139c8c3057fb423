// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_TEXT_TABLE_H_
#define TOOLS_PASSPERSIST_TEXT_TEXT_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tools/passpersist/text/palette.h"

namespace passpersist::tool {

// Rows in aligned columns:
//
//   OID       TYPE     VALUE   <- titles, unless all are empty
//   .1.3.1    INTEGER      5   <- two blanks separate cells
//
// A table that is too long for memory is taken in blocks. The first block
// determines the widths of the columns; a wider cell in a later block moves the
// rest of its row to the right.
//
// Cells must be printable text (printable.h).
//
// Used by one thread at a time.
class TextTable {
 public:
  enum class Align { kLeft, kRight };

  struct Column {
    std::string title;
    Align align = Align::kLeft;
  };

  explicit TextTable(std::vector<Column> columns);

  // Requires one cell for each column.
  void AddRow(std::vector<std::string> cells);

  // The number of rows that the next Take() returns.
  size_t size() const { return rows_.size(); }

  // Returns the rows added since the last call, each with its newline; the
  // first block begins with the titles. Empty if no row was added.
  std::string Take(const Palette& palette);

 private:
  void Measure();
  std::string Line(const std::vector<std::string>& cells) const;

  const std::vector<Column> columns_;
  std::vector<size_t> widths_;  // empty until the first rows are taken
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_TEXT_TABLE_H_
