// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/trap_sink.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "absl/memory/memory.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {

absl::StatusOr<std::unique_ptr<TrapSink>> TrapSink::Open() {
  const int descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, "socket");
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(descriptor, generic, size) != 0 ||
      getsockname(descriptor, generic, &size) != 0) {
    const int number = errno;
    close(descriptor);
    return absl::ErrnoToStatus(number, "opening a UDP port");
  }
  return absl::WrapUnique(new TrapSink(descriptor, ntohs(address.sin_port)));
}

TrapSink::~TrapSink() { close(descriptor_); }

std::string TrapSink::Line() const {
  return absl::StrCat("trap2sink 127.0.0.1:", port_, " traps");
}

absl::StatusOr<RawResponse> TrapSink::Receive() {
  pollfd received = {descriptor_, POLLIN, 0};
  if (poll(&received, 1, absl::ToInt64Milliseconds(kTimeout)) != 1) {
    return absl::DeadlineExceededError("snmpd sends no notification");
  }
  std::string message(65536, '\0');
  const ssize_t size = recv(descriptor_, &message[0], message.size(), 0);
  if (size < 0) return absl::ErrnoToStatus(errno, "reading a notification");
  return ParseRaw(kRawTrap, absl::string_view(message).substr(0, size));
}

}  // namespace passpersist_testing
