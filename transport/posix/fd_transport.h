// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_POSIX_FD_TRANSPORT_H_
#define TRANSPORT_POSIX_FD_TRANSPORT_H_

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/clock.h"
#include "passpersist/transport.h"

namespace passpersist {

// Moves bytes over two file descriptors: a pair of pipes, a socket, a terminal.
//
// Making one lets the process ignore SIGPIPE, unless it has a handler of its
// own: writing to a peer that has gone is an error here, not the end of the
// process.
class FdTransport : public Transport {
 public:
  // What Shutdown() can do to a Read() or Write() that waits.
  enum class Waiting {
    // Interrupt it. Costs a poll(2) for each.
    kInterruptible,
    // Nothing: it ends when the peer does something or closes its end.
    kBlocking,
  };

  // Takes descriptors that the caller gives away, and closes them; they may be
  // the same. Requires open descriptors.
  FdTransport(int input, int output, Waiting waiting = Waiting::kInterruptible);
  ~FdTransport() override;

  FdTransport(const FdTransport&) = delete;
  FdTransport& operator=(const FdTransport&) = delete;

  // The transport of a program that snmpd starts: takes descriptors 0 and 1 for
  // itself. They and everything that the program prints are one pipe there
  // (net-snmp 5.9.3 agent/mibgroup/util_funcs.c, get_exec_pipes_fork()), where
  // a line too many kills the program. So 0 becomes /dev/null, as do 1 and 2:
  // nothing that this process or a child of it prints reaches snmpd. Only a
  // descriptor 2 that is another file than 1, or a terminal, stays as it is.
  //
  // `stray_output`, if not empty, is a file to which stray output is appended.
  //
  // Call it first thing in main. Waits in kBlocking: nobody but snmpd ends such
  // a program. If the descriptors can't be had, every Read() and Write() says
  // why.
  static std::unique_ptr<Transport> Stdio(const std::string& stray_output = "");

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override;
  absl::Status Write(absl::string_view bytes) override;

  // Knows it of pipes and Unix-domain sockets. Of a TCP connection that was
  // closed at the other end it isn't known who still reads there.
  bool PeerHasGone() const override;

  void Shutdown() override;

 private:
  // OK once `fd` is ready for `events`. The deadline is one of clock_.
  absl::Status Await(int fd, short events, absl::Duration deadline);

  const int input_;
  const int output_;
  const Waiting waiting_;
  const int wake_;  // an eventfd that Shutdown() makes readable
  const MonotonicClock clock_;
  const std::unique_ptr<char[]> received_;  // of one read
  std::atomic<bool> shut_down_ = false;
};

}  // namespace passpersist

#endif  // TRANSPORT_POSIX_FD_TRANSPORT_H_
