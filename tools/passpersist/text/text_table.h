// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_TEXT_TABLE_H_
#define TOOLS_PASSPERSIST_TEXT_TEXT_TABLE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tools/passpersist/text/palette.h"

namespace passpersist {

// Rows in aligned columns:
//
//   OID       TYPE     VALUE   <- titles, unless there are none
//   .1.3.1    INTEGER      5   <- cells are apart by two blanks
//
// A table that is too long for memory is taken in pieces. The first piece
// decides how wide the columns are; a cell that is wider later on pushes its
// row to the right.
//
// Cells are printable text (printable.h).
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

  // Requires as many cells as there are columns.
  void AddRow(std::vector<std::string> cells);

  // How many rows there are to take.
  size_t size() const { return rows_.size(); }

  // The rows that were added since the last time, and the titles before the
  // first, each with its newline. Empty if there never was a row.
  std::string Take(const Palette& palette);

 private:
  void Measure();
  std::string Line(const std::vector<std::string>& cells) const;

  const std::vector<Column> columns_;
  std::vector<size_t> widths_;  // empty until the first rows are taken
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_TEXT_TEXT_TABLE_H_
