// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_DISKS_H_
#define EXAMPLES_HOST_AGENT_DISKS_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds hostDiskTable: the block devices of `proc`/diskstats with what they have
// read and written (Linux, Documentation/admin-guide/iostats.rst), read anew
// every 5 seconds.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.2.1.1.<column>.<major>.<minor>
//
// The index is the device's number, as stat(2) has it in st_dev: it stays while
// the device exists, whatever comes and goes beside it. A place in the file
// would not, and a name has other bytes than an index likes.
//
// Times are Counter32, because that is where the kernel's own counters of
// milliseconds wrap. Discards and flushes are missing before Linux 4.18 and
// 5.5, which don't count them.
//
// An update that meets a line which it can't understand fails, and the table
// stays as it was.
void AddDisks(passpersist::AgentBuilder& builder,
              const std::string& proc = "/proc");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_DISKS_H_
