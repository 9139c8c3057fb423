// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_TABLE_UPDATE_H_
#define PASSPERSIST_TABLE_TABLE_UPDATE_H_

#include <cstddef>

#include "passpersist/contents.h"
#include "passpersist/table/declaration.h"
#include "passpersist/table/read_rows.h"

namespace passpersist::table_internal {

// Makes an update of a subtree from a function that reads the rows of a table.
// The OID of the table has `root_arcs` arcs; the root of the subtree is the
// base of the table (see Declaration::Layout). An error keeps the present rows.
// A row that has no index, and a null pointer, is left out and reported; so is
// a cell that has no value.
UpdateFn MakeUpdate(const Declaration* table, size_t root_arcs,
                    ReadRowsFn read);

}  // namespace passpersist::table_internal

#endif  // PASSPERSIST_TABLE_TABLE_UPDATE_H_
