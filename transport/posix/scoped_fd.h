// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_SCOPED_FD_H_
#define TRANSPORT_POSIX_SCOPED_FD_H_

#include <unistd.h>

#include <utility>

namespace passpersist::transport_internal {

// A file descriptor that the destructor closes. -1 means no descriptor, as in
// the results of system calls.
//
// Used by one thread at a time.
class ScopedFd {
 public:
  explicit ScopedFd(int fd = -1) : fd_(fd) {}
  ~ScopedFd() {
    if (valid()) close(fd_);
  }
  ScopedFd(ScopedFd&& other) noexcept : fd_(other.Release()) {}
  ScopedFd& operator=(ScopedFd&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }

  bool valid() const { return fd_ >= 0; }
  int get() const { return fd_; }
  int Release() { return std::exchange(fd_, -1); }

 private:
  int fd_;
};

}  // namespace passpersist::transport_internal

#endif  // TRANSPORT_POSIX_SCOPED_FD_H_
