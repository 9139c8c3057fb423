// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_QUEUES_H_
#define EXAMPLES_QUEUES_H_

#include <string>

#include "passpersist/agent_builder.h"

// Adds a table of a packet scheduler's queues, read anew every second from the
// file that the scheduler writes: a line for each queue, in any order,
//
//   <port> <queue> <packets> <bytes> <dropped> [<limit>]
//
// A row is indexed by port and queue; its columns are packets and bytes sent,
// packets dropped, and how many packets may wait, which a queue without a limit
// lacks:
//
//   .1.3.6.1.4.1.8072.9999.9999.4.1.<column>.<port>.<queue>
//
// A file that can't be read or understood is an error, and the table stays as
// it was.
void AddQueues(passpersist::AgentBuilder& builder, const std::string& file);

#endif  // EXAMPLES_QUEUES_H_
