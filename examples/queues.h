// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_QUEUES_H_
#define EXAMPLES_QUEUES_H_

#include <string>

#include "passpersist/agent_builder.h"

// Adds a table of a packet scheduler's queues, read every second from the file
// that the scheduler writes. The file has a line for each queue, in any order:
//
//   <port> <queue> <packets> <bytes> <dropped> [<limit>]
//
// The index of a row is port and queue. The columns are packets sent, bytes
// sent, packets dropped, and the limit of waiting packets, which is absent for
// a queue without a limit:
//
//   .1.3.6.1.4.1.8072.9999.9999.4.1.<column>.<port>.<queue>
//
// If the file cannot be read or parsed, the update fails and the table keeps
// its old rows.
void AddQueues(passpersist::AgentBuilder& builder, const std::string& file);

#endif  // EXAMPLES_QUEUES_H_
