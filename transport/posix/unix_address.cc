// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/unix_address.h"

#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace passpersist::transport_internal {

absl::StatusOr<UnixAddress> UnixAddress::FromPath(absl::string_view path) {
  constexpr size_t kMaxPath = sizeof(sockaddr_un::sun_path) - 1;
  if (path.empty()) return absl::InvalidArgumentError("empty path of a socket");
  if (absl::StrContains(path, '\0')) {
    return absl::InvalidArgumentError(
        absl::StrCat("zero byte in the path ", absl::CHexEscape(path)));
  }
  if (path.size() > kMaxPath) {
    return absl::InvalidArgumentError(
        absl::StrCat("path of ", path.size(), " bytes is too long for a socket",
                     ", which can have ", kMaxPath, ": ", path));
  }
  UnixAddress address;
  address.address_.sun_family = AF_UNIX;
  path.copy(address.address_.sun_path, path.size());
  return address;
}

}  // namespace passpersist::transport_internal
