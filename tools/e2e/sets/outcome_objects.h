// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_SETS_OUTCOME_OBJECTS_H_
#define TOOLS_E2E_SETS_OUTCOME_OBJECTS_H_

#include "passpersist/agent_builder.h"

namespace passpersist_testing {

// Where the objects are stored.
enum class Storage {
  kUpdated,  // an update puts them every 2 ms
  kOwned,    // a store of the program's own; the agent writes the outcomes of
             // sets
  kWritten,  // the same, and the setters write them
};

// Adds objects whose sets leave something else than the value that was set.
// Names are below the playpen:
//
//   1.1.0  a password, which reads ""
//   1.2.0  a TestAndIncr (RFC 2579), 17 at first
//   1.3.0  an action, which reads 1 and is started by 2
//   1.4.0  how often the action was started
//   1.5.0  a text that is kept in lower case
//   1.6.0  a temperature in degrees Celsius, 20 at first
//   1.7.0  the same in degrees Fahrenheit
//   2.1    a table: 1 name, 2 limit (10 in a new row), 3 RowStatus (RFC 2579);
//          row 1 is there at first
void AddOutcomeObjects(passpersist::AgentBuilder& builder, Storage storage);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_SETS_OUTCOME_OBJECTS_H_
