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
#include "passpersist/scheduling/monotonic_clock.h"
#include "passpersist/transport.h"

namespace passpersist {

// A transport over two file descriptors: a pair of pipes, a socket, a terminal.
//
// The constructor ignores SIGPIPE unless the process has installed a handler.
// A write to a peer that has closed its end therefore returns an error and does
// not terminate the process.
//
// Thread-safety: see Transport.
class FdTransport : public Transport {
 public:
  // The effect of Shutdown() on a blocked Read() or Write().
  enum class Waiting {
    // Shutdown() interrupts the call. Costs a poll(2) for each call.
    kInterruptible,
    // None: the call returns when the peer acts or closes its end.
    kBlocking,
  };

  // Takes ownership of the descriptors, which may be the same. Requires open
  // descriptors.
  FdTransport(int input, int output, Waiting waiting = Waiting::kInterruptible);
  ~FdTransport() override;

  FdTransport(const FdTransport&) = delete;
  FdTransport& operator=(const FdTransport&) = delete;

  // Returns the transport of a program that snmpd starts: takes over
  // descriptors 0 and 1. In such a program, all printed output goes into the
  // pipe to snmpd (net-snmp 5.9.3 agent/mibgroup/util_funcs.c,
  // get_exec_pipes_fork()), and one superfluous line makes snmpd kill the
  // program. Stdio() therefore replaces descriptors 0, 1 and 2 by /dev/null:
  // output printed by this process or its children does not reach snmpd.
  // Descriptor 2 remains unchanged if it is a different file than 1, or a
  // terminal.
  //
  // `stray_output`, if not empty, is a file to which the printed output is
  // appended instead. Creates the file if necessary, with mode 0640 less the
  // bits in the umask.
  //
  // Call Stdio() at the start of main. The transport is kBlocking, because only
  // snmpd ends such a program. If the descriptors cannot be taken over or
  // `stray_output` cannot be opened, every Read() and Write() returns the
  // error.
  static std::unique_ptr<Transport> Stdio(const std::string& stray_output = "");

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override;
  absl::Status Write(absl::string_view bytes) override;

  // Does nothing if the transport is kBlocking.
  void Wake() override;

  void Shutdown() override;

 private:
  // Waits until `fd` is ready for `events`. `deadline` is a time of clock_.
  // Aborted after Wake(), if `events` is POLLIN.
  absl::Status Await(int fd, short events, absl::Duration deadline);

  const int input_;
  const int output_;
  const Waiting waiting_;
  const int wake_;  // an eventfd; Wake() and Shutdown() make it readable
  const MonotonicClock clock_;
  const std::unique_ptr<char[]> received_;  // the buffer for one read(2)
  std::atomic<bool> woken_ = false;         // a Read() has to return Aborted
  std::atomic<bool> shut_down_ = false;
};

}  // namespace passpersist

#endif  // TRANSPORT_POSIX_FD_TRANSPORT_H_
