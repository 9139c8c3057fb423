// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_HOST_AGENT_DISKS_H_
#define EXAMPLES_HOST_AGENT_DISKS_H_

#include <string>

#include "passpersist/agent_builder.h"

namespace host_agent {

// Adds hostDiskTable: the block devices of `proc`/diskstats with their reads
// and writes (Linux, Documentation/admin-guide/iostats.rst), read every 5
// seconds.
//
//   .1.3.6.1.4.1.8072.9999.9999.10.1.2.1.1.<column>.<major>.<minor>
//
// The index is the device's number, as in st_dev of stat(2): it stays while the
// device exists, even if other devices are added or removed. The position in
// the file would change, and a name may contain bytes that do not suit an
// index.
//
// Times are Counter32, because the kernel's own counters of milliseconds wrap
// at the same value. Discards are missing before Linux 4.18 and flushes before
// Linux 5.5, which do not count them.
//
// If a line cannot be parsed, the update fails and the table keeps its old
// rows.
void AddDisks(passpersist::AgentBuilder& builder,
              const std::string& proc = "/proc");

}  // namespace host_agent

#endif  // EXAMPLES_HOST_AGENT_DISKS_H_
