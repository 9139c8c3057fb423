// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_DISKS_H_
#define EXAMPLES_DISKS_H_

#include <string>

#include "passpersist/agent_builder.h"

// Adds a table of the block devices below `sys`/block, read every 5 seconds:
//
//   .1.3.6.1.4.1.8072.9999.9999.7.1.1.<column>.<length>.<byte>…
//
// The index is the name, a string with its length. The columns are 2, the model
// (missing where the device has none), and 3, the bytes read since the start of
// the machine.
void AddDisks(passpersist::AgentBuilder& builder,
              const std::string& sys = "/sys");

#endif  // EXAMPLES_DISKS_H_
