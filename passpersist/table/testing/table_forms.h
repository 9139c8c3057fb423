// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_TESTING_TABLE_FORMS_H_
#define PASSPERSIST_TABLE_TESTING_TABLE_FORMS_H_

#include <map>
#include <ostream>

#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// The forms in which an agent serves the rows of a table.
enum class TableForm { kRefreshed, kOnDemand, kHeld, kComputed };

constexpr TableForm kTableForms[] = {TableForm::kRefreshed,
                                     TableForm::kOnDemand, TableForm::kHeld,
                                     TableForm::kComputed};

std::ostream& operator<<(std::ostream& os, TableForm form);

// Adds tables below `root`, all with the same rows. They differ in their
// indexes:
//
//   root.1.1  the number of rows of the next table
//   root.1.2  a number
//   root.2    a string
//   root.3    a string, IMPLIED
//   root.4    an InetAddress and a number
//
// Column 5 is not accessible, column 6 accessible for notifications only.
void AddTables(TableForm form, const passpersist::Oid& root,
               passpersist::AgentBuilder* builder);

// Returns what these tables serve in any form.
std::map<passpersist::Oid, passpersist::Value> InstancesOfTables(
    const passpersist::Oid& root);

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TABLE_TESTING_TABLE_FORMS_H_
