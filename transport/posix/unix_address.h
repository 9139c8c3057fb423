// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_UNIX_ADDRESS_H_
#define TRANSPORT_POSIX_UNIX_ADDRESS_H_

#include <sys/socket.h>
#include <sys/un.h>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace passpersist::transport_internal {

// The address of the Unix-domain socket at a path, for bind(2) and connect(2).
//
//   +--------+---------------------------------+---+
//   | family |      path, 1 to 107 bytes       | 0 |
//   +--------+---------------------------------+---+
//
// A longer path has no address. A path with a zero byte has no address either:
// on Linux, a path that begins with a zero byte does not name a file.
//
// A value type.
class UnixAddress {
 public:
  // Returns InvalidArgument if `path` has no address.
  static absl::StatusOr<UnixAddress> FromPath(absl::string_view path);

  const sockaddr* get() const {
    return reinterpret_cast<const sockaddr*>(&address_);
  }
  static constexpr socklen_t size() { return sizeof(sockaddr_un); }

 private:
  UnixAddress() = default;

  sockaddr_un address_ = {};
};

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_POSIX_UNIX_ADDRESS_H_
