// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_TESTING_FD_TRANSPORT_PEER_H_
#define TRANSPORT_POSIX_TESTING_FD_TRANSPORT_PEER_H_

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <thread>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "transport/posix/fd_transport.h"

namespace passpersist_testing {

// A transport and the other ends of its two pipes.
class FdPeer {
 public:
  explicit FdPeer(passpersist::FdTransport::Waiting waiting =
                      passpersist::FdTransport::Waiting::kInterruptible) {
    EXPECT_EQ(pipe2(in_.data(), O_CLOEXEC), 0);
    EXPECT_EQ(pipe2(out_.data(), O_CLOEXEC), 0);
    transport_ =
        std::make_unique<passpersist::FdTransport>(in_[0], out_[1], waiting);
  }

  ~FdPeer() {
    CloseInput();
    CloseOutput();
  }

  passpersist::FdTransport& transport() { return *transport_; }
  void DestroyTransport() { transport_.reset(); }

  // The transport's own ends.
  int input() const { return in_[0]; }
  int output() const { return out_[1]; }

  void Send(absl::string_view bytes) {
    EXPECT_EQ(write(in_[1], bytes.data(), bytes.size()), bytes.size());
  }
  // Closes this end of the transport's input.
  void CloseInput() { Close(&in_[1]); }

  // Returns `size` bytes; fewer at the end.
  std::string Receive(size_t size) {
    std::string received(size, '\0');
    size_t count = 0;
    while (count < size) {
      const ssize_t more = read(out_[0], &received[count], size - count);
      if (more <= 0) break;
      count += more;
    }
    received.resize(count);
    return received;
  }
  // Closes this end of the transport's output.
  void CloseOutput() { Close(&out_[0]); }

  // Waits until the pipe that the transport writes to is full.
  void AwaitFullPipe() const {
    int unread = 0;
    while (unread < fcntl(out_[0], F_GETPIPE_SZ)) {
      EXPECT_EQ(ioctl(out_[0], FIONREAD, &unread), 0);
      std::this_thread::yield();
    }
  }

 private:
  static void Close(int* fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
  }

  std::array<int, 2> in_;
  std::array<int, 2> out_;
  std::unique_ptr<passpersist::FdTransport> transport_;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_POSIX_TESTING_FD_TRANSPORT_PEER_H_
