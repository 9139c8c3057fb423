// SPDX-License-Identifier: Apache-2.0
//
// How a UnixListener creates and removes its socket, and handles existing
// files.

#include <signal.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/posix/testing/unix_listener_fixture.h"
#include "transport/posix/testing/unix_test_socket.h"
#include "transport/posix/unix_listener.h"

namespace passpersist_testing {
namespace {

using passpersist::UnixListener;
using passpersist::UnixListenerOptions;
using passpersist::transport_internal::ScopedFd;
using testing::StartsWith;

// Sets the umask during its lifetime.
class ScopedUmask {
 public:
  explicit ScopedUmask(mode_t mask) : former_(umask(mask)) {}
  ~ScopedUmask() { umask(former_); }

 private:
  const mode_t former_;
};

mode_t ModeOf(const char* path) {
  struct stat file = {};
  EXPECT_EQ(lstat(path, &file), 0);
  return file.st_mode & 07777;
}

// Watches the working directory: records the names of created files, and of
// files whose mode or owner was changed.
class DirectoryWatch {
 public:
  DirectoryWatch() : fd_(inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    EXPECT_GE(inotify_add_watch(fd_.get(), ".", IN_CREATE | IN_ATTRIB), 0);
  }

  bool Saw(uint32_t what, const std::string& name) {
    alignas(inotify_event) std::array<char, 4096> events;
    ssize_t size;
    while ((size = read(fd_.get(), events.data(), events.size())) > 0) {
      for (ssize_t at = 0; at < size;) {
        const auto* const event =
            reinterpret_cast<const inotify_event*>(events.data() + at);
        if (event->len > 0) seen_.push_back({event->mask, event->name});
        at += sizeof(inotify_event) + event->len;
      }
    }
    for (const auto& [mask, seen] : seen_) {
      if ((mask & what) != 0 && seen == name) return true;
    }
    return false;
  }

 private:
  const ScopedFd fd_;
  std::vector<std::pair<uint32_t, std::string>> seen_;
};

TEST_F(UnixListenerTest, OnlyItsUserCanConnectFromTheBeginning) {
  const ScopedUmask umask(0);
  DirectoryWatch watch;
  const auto listener = UnixListener::Listen(kPath);
  EXPECT_EQ(ModeOf(kPath), 0600);
  EXPECT_EQ(ModeOf("debug.sock.lock"), 0600);
  EXPECT_TRUE(watch.Saw(IN_CREATE, kPath));
  EXPECT_FALSE(watch.Saw(IN_ATTRIB, kPath));
}

TEST_F(UnixListenerTest, AllUsersCanConnectWithAllowedUids) {
  const ScopedUmask umask(077);
  UnixListenerOptions options;
  options.allowed_uids = {65534};
  const auto listener = UnixListener::Listen(kPath, options);
  EXPECT_EQ(ModeOf(kPath), 0666);
}

TEST_F(UnixListenerTest, ReportsAPathThatIsTooLong) {
  EXPECT_THAT(UnixListener::Listen(std::string(108, 'x'))->Accept(),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       StartsWith("path of 108 bytes is too long")));
  EXPECT_TRUE(directory_.empty());
}

TEST_F(UnixListenerTest, ReportsAMissingDirectory) {
  EXPECT_THAT(UnixListener::Listen("absent/debug.sock")->Accept(),
              StatusIs(absl::StatusCode::kNotFound,
                       StartsWith("opening absent/debug.sock")));
}

TEST_F(UnixListenerTest, LeavesAFileThatIsNotASocket) {
  MakeStaleSocket("stale.sock");
  std::ofstream("file") << "text";
  std::filesystem::create_directory("directory");
  std::filesystem::create_symlink("stale.sock", "link");
  std::filesystem::create_symlink("absent", "dangling");
  for (const std::string path : {"file", "directory", "link", "dangling"}) {
    const auto listener = UnixListener::Listen(path);
    EXPECT_THAT(listener->Accept(),
                StatusIs(absl::StatusCode::kFailedPrecondition,
                         "the file at " + path + " is not a socket"));
    EXPECT_NE(std::filesystem::symlink_status(path).type(),
              std::filesystem::file_type::not_found);
    EXPECT_FALSE(std::filesystem::exists(path + ".lock"));
  }
}

TEST_F(UnixListenerTest, LeavesTheSocketOfAnotherListener) {
  const auto first = UnixListener::Listen(kPath);
  EXPECT_THAT(UnixListener::Listen(kPath)->Accept(),
              StatusIs(absl::StatusCode::kAlreadyExists,
                       "another process listens at debug.sock"));
  const auto client = Connect();
  EXPECT_NE(Accept(first.get()), nullptr);
}

TEST_F(UnixListenerTest, LeavesASocketAtWhichAProgramWithoutLocksListens) {
  const ScopedFd other = ForeignSocket(kPath, SOCK_STREAM, /*backlog=*/0);
  // The second attempt finds the queue full.
  for (int i = 0; i < 2; ++i) {
    EXPECT_THAT(UnixListener::Listen(kPath)->Accept(),
                StatusIs(absl::StatusCode::kAlreadyExists,
                         "another process listens at debug.sock"));
  }
  EXPECT_TRUE(std::filesystem::exists(kPath));
}

TEST_F(UnixListenerTest, LeavesASocketOfAnotherType) {
  const ScopedFd datagrams = ForeignSocket(kPath, SOCK_DGRAM);
  EXPECT_TRUE(absl::IsFailedPrecondition(
      UnixListener::Listen(kPath)->Accept().status()));
  EXPECT_TRUE(std::filesystem::exists(kPath));
}

TEST_F(UnixListenerTest, ReplacesAStaleSocket) {
  MakeStaleSocket(kPath);
  const auto listener = UnixListener::Listen(kPath);
  const auto client = Connect();
  EXPECT_NE(Accept(listener.get()), nullptr);
}

TEST_F(UnixListenerTest, ReplacesTheSocketOfAKilledProcess) {
  std::array<int, 2> ready;
  ASSERT_EQ(pipe(ready.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto listener = UnixListener::Listen(kPath);
    (void)!write(ready[1], "!", 1);
    while (true) pause();
  }
  char byte;
  EXPECT_EQ(read(ready[0], &byte, 1), 1);
  EXPECT_TRUE(
      absl::IsAlreadyExists(UnixListener::Listen(kPath)->Accept().status()));
  EXPECT_EQ(kill(child, SIGKILL), 0);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  close(ready[0]);
  close(ready[1]);
  const auto listener = UnixListener::Listen(kPath);
  const auto client = Connect();
  EXPECT_NE(Accept(listener.get()), nullptr);
}

TEST_F(UnixListenerTest, OneOfManyReplacesAStaleSocket) {
  constexpr int kRounds = 50;
  constexpr size_t kListeners = 4;
  for (int round = 0; round < kRounds; ++round) {
    MakeStaleSocket(kPath);
    std::array<std::unique_ptr<UnixListener>, kListeners> listeners;
    std::vector<std::thread> threads;
    for (auto& listener : listeners) {
      threads.emplace_back([&] { listener = UnixListener::Listen(kPath); });
    }
    for (std::thread& thread : threads) thread.join();
    const auto client = Connect();
    size_t open = 0;
    for (auto& listener : listeners) {
      // If two of them were open, one Accept() would wait forever.
      const absl::Status status = listener->Accept().status();
      if (status.ok()) ++open;
      EXPECT_TRUE(status.ok() || absl::IsAlreadyExists(status)) << status;
    }
    EXPECT_EQ(open, 1);
  }
}

TEST_F(UnixListenerTest, IsCancelledAfterShutdownEvenIfItNeverListened) {
  const auto listener = UnixListener::Listen("absent/debug.sock");
  EXPECT_TRUE(absl::IsNotFound(listener->Accept().status()));
  listener->Shutdown();
  EXPECT_TRUE(absl::IsCancelled(listener->Accept().status()));
}

}  // namespace
}  // namespace passpersist_testing
