// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/fd_transport.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "absl/base/config.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist {
namespace {

using transport_internal::ScopedFd;

// More than snmpd writes at once, so that one read(2) returns a whole message.
constexpr size_t kReadSize = 64 << 10;

void IgnoreSigpipe() {
  struct sigaction action = {};
  if (sigaction(SIGPIPE, nullptr, &action) == 0 &&
      (action.sa_flags & SA_SIGINFO) == 0 && action.sa_handler == SIG_DFL) {
    signal(SIGPIPE, SIG_IGN);
  }
}

bool IsSameFile(int a, int b) {
  struct stat stat_a = {};
  struct stat stat_b = {};
  return fstat(a, &stat_a) == 0 && fstat(b, &stat_b) == 0 &&
         stat_a.st_dev == stat_b.st_dev && stat_a.st_ino == stat_b.st_ino;
}

// Like read(2) and write(2). These are cancellation points, which costs each
// call 40 instructions in a process with threads; no thread is cancelled here.
// ThreadSanitizer needs them: it sees there that a thread waits for another.
#ifdef ABSL_HAVE_THREAD_SANITIZER
ssize_t SystemRead(int fd, char* to, size_t size) { return read(fd, to, size); }
ssize_t SystemWrite(int fd, const char* from, size_t size) {
  return write(fd, from, size);
}
#else
ssize_t SystemRead(int fd, char* to, size_t size) {
  return syscall(SYS_read, fd, to, size);
}
ssize_t SystemWrite(int fd, const char* from, size_t size) {
  return syscall(SYS_write, fd, from, size);
}
#endif

absl::Status ErrnoStatus(absl::string_view what) {
  return absl::ErrnoToStatus(errno, what);
}

// Returns milliseconds for poll(2), rounded up; -1 means no timeout.
int PollTimeout(absl::Duration timeout) {
  if (timeout == absl::InfiniteDuration()) return -1;
  const absl::Duration bounded =
      std::clamp(timeout, absl::ZeroDuration(), absl::Hours(24));
  return static_cast<int>(
      absl::ToInt64Milliseconds(absl::Ceil(bounded, absl::Milliseconds(1))));
}

absl::Status ShutDown() {
  return absl::CancelledError("the transport was shut down");
}

// Like open(2), but never returns one of the descriptors 0 to 2, which the
// caller replaces later: one of them may be closed.
int OpenApart(const char* path, int flags) {
  const int fd = open(path, flags | O_CLOEXEC, 0640);
  if (fd < 0 || fd > STDERR_FILENO) return fd;
  const int apart = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  close(fd);
  return apart;
}

// Replaces the transport if the descriptors could not be taken over.
class BrokenTransport : public Transport {
 public:
  explicit BrokenTransport(absl::Status status) : status_(std::move(status)) {}

  absl::StatusOr<size_t> Read(std::string*, absl::Duration) override {
    return status_;
  }
  absl::Status Write(absl::string_view) override { return status_; }
  void Shutdown() override {}

 private:
  const absl::Status status_;
};

// Returns copies of descriptors 0 and 1 that children do not inherit, and
// replaces 0 to 2 as described at Stdio().
absl::StatusOr<std::array<int, 2>> TakeStdio(const std::string& stray_output) {
  ScopedFd input(fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!input.valid()) return ErrnoStatus("taking standard input");
  ScopedFd output(fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!output.valid()) return ErrnoStatus("taking standard output");

  const bool stderr_is_apart =
      fcntl(STDERR_FILENO, F_GETFD) >= 0 &&
      (isatty(STDERR_FILENO) || !IsSameFile(STDOUT_FILENO, STDERR_FILENO));
  const ScopedFd null(OpenApart("/dev/null", O_RDWR));
  if (!null.valid()) return ErrnoStatus("opening /dev/null");
  const std::string stray_file =
      stray_output.empty() ? "/dev/null" : stray_output;
  const ScopedFd stray(
      OpenApart(stray_file.c_str(), O_WRONLY | O_APPEND | O_CREAT));
  if (!stray.valid()) return ErrnoStatus(absl::StrCat("opening ", stray_file));

  if (dup2(null.get(), STDIN_FILENO) < 0 ||
      dup2(stray.get(), STDOUT_FILENO) < 0 ||
      (!stderr_is_apart && dup2(stray.get(), STDERR_FILENO) < 0)) {
    return ErrnoStatus("redirecting standard output");
  }
  return std::array<int, 2>{input.Release(), output.Release()};
}

}  // namespace

FdTransport::FdTransport(int input, int output, Waiting waiting)
    : input_(input),
      output_(output),
      waiting_(waiting),
      wake_(waiting == Waiting::kInterruptible
                ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)
                : -1),
      received_(new char[kReadSize]) {
  IgnoreSigpipe();
}

FdTransport::~FdTransport() {
  close(input_);
  if (output_ != input_) close(output_);
  if (wake_ >= 0) close(wake_);
}

std::unique_ptr<Transport> FdTransport::Stdio(const std::string& stray_output) {
  const absl::StatusOr<std::array<int, 2>> taken = TakeStdio(stray_output);
  if (!taken.ok()) return std::make_unique<BrokenTransport>(taken.status());
  return std::make_unique<FdTransport>((*taken)[0], (*taken)[1],
                                       Waiting::kBlocking);
}

absl::StatusOr<size_t> FdTransport::Read(std::string* buffer,
                                         absl::Duration timeout) {
  const bool timed = timeout != absl::InfiniteDuration();
  const absl::Duration deadline =
      timed ? clock_.Now() + timeout : absl::InfiniteDuration();
  bool wait = timed || waiting_ == Waiting::kInterruptible;
  while (true) {
    if (shut_down_) return ShutDown();
    if (wait) {
      const absl::Status ready = Await(input_, POLLIN, deadline);
      if (!ready.ok()) return ready;
    }
    const ssize_t count = SystemRead(input_, received_.get(), kReadSize);
    if (shut_down_) return ShutDown();
    if (count >= 0) {
      buffer->append(received_.get(), count);
      return count;
    }
    if (errno != EINTR && errno != EAGAIN) {
      return ErrnoStatus("reading from the peer");
    }
    // The creator of the descriptor may have set O_NONBLOCK.
    wait = wait || errno == EAGAIN;
  }
}

absl::Status FdTransport::Write(absl::string_view bytes) {
  bool wait = waiting_ == Waiting::kInterruptible;
  while (true) {
    if (shut_down_) return ShutDown();
    if (bytes.empty()) return absl::OkStatus();
    size_t size = bytes.size();
    if (wait) {
      const absl::Status ready =
          Await(output_, POLLOUT, absl::InfiniteDuration());
      if (!ready.ok()) return ready;
      // A write(2) of more bytes may block where Shutdown() cannot interrupt
      // it.
      size = std::min<size_t>(size, PIPE_BUF);
    }
    const ssize_t count = SystemWrite(output_, bytes.data(), size);
    if (count >= 0) {
      bytes.remove_prefix(count);
    } else if (errno == EAGAIN) {
      wait = true;
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return absl::UnavailableError("the peer has closed its end");
    } else if (errno != EINTR) {
      return ErrnoStatus("writing to the peer");
    }
  }
}

void FdTransport::Wake() {
  if (wake_ < 0) return;
  woken_ = true;
  const uint64_t one = 1;
  // Fails only if the event is set already.
  (void)!write(wake_, &one, sizeof(one));
}

void FdTransport::Shutdown() {
  shut_down_ = true;
  Wake();
}

absl::Status FdTransport::Await(int fd, short events, absl::Duration deadline) {
  while (true) {
    if (events == POLLIN && woken_.exchange(false)) {
      return absl::AbortedError("woken");
    }
    const absl::Duration left = deadline - clock_.Now();
    // poll(2) ignores a negative descriptor.
    std::array<pollfd, 2> fds = {pollfd{fd, events, 0},
                                 pollfd{wake_, POLLIN, 0}};
    const int ready = poll(fds.data(), fds.size(), PollTimeout(left));
    if (shut_down_) return ShutDown();
    if (ready > 0 && fds[0].revents != 0) return absl::OkStatus();
    if (ready > 0) {
      // What the event says is in woken_ and shut_down_, so it may be cleared
      // while Write() waits.
      uint64_t count;
      (void)!read(wake_, &count, sizeof(count));
    }
    if (ready < 0 && errno != EINTR) return ErrnoStatus("waiting for the peer");
    if (clock_.Now() >= deadline) {
      return absl::DeadlineExceededError("the peer was silent");
    }
  }
}

}  // namespace passpersist
