// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/raw_set.h"

#include "passpersist/oid.h"
#include "tools/e2e/snmpd/raw_request.h"

namespace passpersist_testing {

using passpersist::Oid;

absl::StatusOr<int> RawSet(int port, const std::string& community,
                           const std::string& name, RawType type,
                           uint64_t number) {
  return RawSet(port, community, name, type, BerNumber(number));
}

absl::StatusOr<int> RawSet(int port, const std::string& community,
                           const std::string& name, RawType type,
                           absl::string_view content) {
  const absl::StatusOr<Oid> oid = Oid::Parse(name);
  if (!oid.ok()) return oid.status();
  const absl::StatusOr<RawResponse> response =
      SendRaw(port, community,
              {RawRequest::Pdu::kSet,
               {{*oid, static_cast<uint8_t>(type), std::string(content)}}});
  if (!response.ok()) return response.status();
  return response->error_status;
}

}  // namespace passpersist_testing
