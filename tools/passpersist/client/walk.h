// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_WALK_H_
#define TOOLS_PASSPERSIST_CLIENT_WALK_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "passpersist/oid.h"
#include "tools/passpersist/client/agent_client.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// `oid` itself and what is below it; everything if it is empty.
debug::SearchRange SubtreeRange(const Oid& oid);

// The instances of a response with where they come from, as far as it tells.
std::vector<debug::DumpEntry> EntriesOf(const debug::Response& response);

// Calls `take` for each instance of `range`, which is asked for by GetBulk in
// pages. The first error of `take` ends the walk and is returned.
//
// FailedPrecondition if the agent refuses, or if a name does not come after the
// one before, or the first one before the range's start: such a walk might
// never end, and snmpwalk(1) ends it there, too. InvalidArgument if the start
// is no OID.
absl::Status Walk(
    AgentClient& link, const debug::SearchRange& range,
    absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CLIENT_WALK_H_
