// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/client/walk.h"

#include <cstdint>
#include <limits>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "tools/passpersist/client/response_error.h"
#include "transport/debug/debug_values.h"

namespace passpersist::tool {
namespace {

// Small enough that the first instances arrive soon, large enough that the cost
// of a request is small.
constexpr uint32_t kPage = 64;

// The first OID after all OIDs that begin with `oid`; empty if there is none.
Oid End(Oid oid) {
  while (!oid.empty()) {
    const uint32_t last = oid.back();
    oid.Truncate(oid.size() - 1);
    if (last == std::numeric_limits<uint32_t>::max()) continue;
    oid.Append(last + 1);
    break;
  }
  return oid;
}

}  // namespace

debug::SearchRange SubtreeRange(const Oid& oid) {
  debug::SearchRange range;
  if (oid.empty()) return range;
  range.set_start(ToProto(oid));
  range.set_inclusive(true);
  range.set_end(ToProto(End(oid)));
  return range;
}

std::vector<debug::DumpEntry> EntriesOf(const debug::Response& response) {
  std::vector<debug::DumpEntry> entries(response.entries().begin(),
                                        response.entries().end());
  for (const debug::VarBind& binding : response.bindings()) {
    *entries.emplace_back().mutable_binding() = binding;
  }
  return entries;
}

absl::Status Walk(
    AgentClient& client, const debug::SearchRange& range,
    absl::FunctionRef<absl::Status(const debug::DumpEntry&)> take) {
  debug::Request request;
  request.set_instance_info(true);
  request.mutable_get_bulk()->set_max_repetitions(kPage);
  debug::SearchRange* const rest = request.mutable_get_bulk()->add_ranges();
  *rest = range;
  Oid last;
  absl::Status status = FromProto(range.start(), &last);
  if (!status.ok()) return status;
  while (true) {
    const absl::StatusOr<debug::Response> page = client.Call(request);
    if (!page.ok()) return page.status();
    if (page->error() != debug::NO_ERROR) return ErrorFromResponse(*page, {});
    const std::vector<debug::DumpEntry> entries = EntriesOf(*page);
    if (entries.empty()) return absl::OkStatus();
    for (const debug::DumpEntry& entry : entries) {
      if (entry.binding().has_exception()) return absl::OkStatus();
      Oid name;
      status = FromProto(entry.binding().oid(), &name);
      if (!status.ok()) return status;
      if (name < last || (name == last && !rest->inclusive())) {
        return absl::FailedPreconditionError(
            absl::StrCat("OID not increasing: ", name.ToString(), " after ",
                         last.ToString()));
      }
      status = take(entry);
      if (!status.ok()) return status;
      last = name;
      rest->set_inclusive(false);
    }
    rest->set_start(ToProto(last));
  }
}

}  // namespace passpersist::tool
