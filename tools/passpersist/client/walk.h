// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CLIENT_WALK_H_
#define TOOLS_PASSPERSIST_CLIENT_WALK_H_

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "passpersist/oid.h"
#include "tools/passpersist/client/agent_client.h"
#include "transport/debug/debug.pb.h"

namespace passpersist::tool {

// The range of `oid` and all names below it; everything if `oid` is empty.
debug::SearchRange SubtreeRange(const Oid& oid);

// Returns the instances of a response, with their labels and subtrees if the
// response has them.
std::vector<debug::DumpEntry> EntriesOf(const debug::Response& response);

// Calls `take` for each instance of `range`, in pages requested by GetBulk. The
// first error of `take` ends the walk and is returned.
//
// Returns FailedPrecondition if the agent refuses a request, if a name is not
// greater than the previous one, or if the first name is before the range's
// start: such a walk might never end, and snmpwalk(1) stops there, too. Returns
// InvalidArgument if the start is not an OID.
absl::Status Walk(
    AgentClient& client, const debug::SearchRange& range,
    absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CLIENT_WALK_H_
