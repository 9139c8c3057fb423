// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_TESTING_UNIX_TEST_SOCKET_H_
#define TRANSPORT_POSIX_TESTING_UNIX_TEST_SOCKET_H_

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "gtest/gtest.h"
#include "transport/posix/scoped_fd.h"
#include "transport/posix/unix_address.h"

namespace passpersist_testing {

// Creates a socket at `path` without a lock, as another program would. A stream
// socket listens.
inline passpersist::transport_internal::ScopedFd ForeignSocket(
    const std::string& path, int type = SOCK_STREAM, int backlog = 16) {
  using passpersist::transport_internal::UnixAddress;
  passpersist::transport_internal::ScopedFd fd(
      socket(AF_UNIX, type | SOCK_CLOEXEC, 0));
  EXPECT_EQ(
      bind(fd.get(), UnixAddress::FromPath(path)->get(), UnixAddress::size()),
      0);
  if (type == SOCK_STREAM) {
    EXPECT_EQ(listen(fd.get(), backlog), 0);
  }
  return fd;
}

// Creates a socket and closes its listener.
inline void MakeStaleSocket(const std::string& path) {
  (void)ForeignSocket(path);
}

// Returns true if this process may change its user.
inline bool CanBeNobody() { return geteuid() == 0; }

// Calls `function` in a process of the user nobody and returns its result.
template <typename Function>
bool HoldsForNobody(Function function) {
  constexpr uid_t kNobody = 65534;
  const pid_t child = fork();
  if (child == 0) _exit(setuid(kNobody) == 0 && function() ? 0 : 1);
  int status = -1;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return status == 0;
}

}  // namespace passpersist_testing

#endif  // TRANSPORT_POSIX_TESTING_UNIX_TEST_SOCKET_H_
