// SPDX-License-Identifier: Apache-2.0

#include "transport/posix/lock_file.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist_testing {
namespace {

using passpersist::transport_internal::LockFile;

constexpr char kPath[] = "x.lock";

class LockFileTest : public testing::Test {
 protected:
  ScopedTempDir directory_;
};

TEST_F(LockFileTest, IsHeldOnlyOnce) {
  std::optional<absl::StatusOr<LockFile>> lock = LockFile::Take(kPath);
  ASSERT_THAT(*lock, IsOk());
  EXPECT_TRUE(std::filesystem::exists(kPath));
  EXPECT_THAT(LockFile::Take(kPath),
              StatusIs(absl::StatusCode::kAlreadyExists,
                       "x.lock is held by a running process"));
  lock.reset();
  EXPECT_TRUE(directory_.empty());
  EXPECT_THAT(LockFile::Take(kPath), IsOk());
}

TEST_F(LockFileTest, AMovedLockIsHeld) {
  std::optional<absl::StatusOr<LockFile>> from = LockFile::Take(kPath);
  const LockFile to = **std::move(from);
  from.reset();
  EXPECT_TRUE(absl::IsAlreadyExists(LockFile::Take(kPath).status()));
}

TEST_F(LockFileTest, AnUnlockedFileDoesNotBlock) {
  std::ofstream(kPath) << "from an earlier process";
  EXPECT_THAT(LockFile::Take(kPath), IsOk());
}

TEST_F(LockFileTest, EndsWithAProcessThatIsKilled) {
  std::array<int, 2> ready;
  ASSERT_EQ(pipe(ready.data()), 0);
  const pid_t child = fork();
  if (child == 0) {
    const absl::StatusOr<LockFile> lock = LockFile::Take(kPath);
    (void)!write(ready[1], lock.ok() ? "y" : "n", 1);
    while (true) pause();
  }
  char answer = '?';
  EXPECT_EQ(read(ready[0], &answer, 1), 1);
  EXPECT_EQ(answer, 'y');
  EXPECT_TRUE(absl::IsAlreadyExists(LockFile::Take(kPath).status()));
  EXPECT_EQ(kill(child, SIGKILL), 0);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_TRUE(std::filesystem::exists(kPath));
  EXPECT_THAT(LockFile::Take(kPath), IsOk());
  close(ready[0]);
  close(ready[1]);
}

TEST_F(LockFileTest, FollowsNoSymbolicLink) {
  std::filesystem::create_symlink("elsewhere", kPath);
  EXPECT_FALSE(LockFile::Take(kPath).ok());
  EXPECT_FALSE(std::filesystem::exists("elsewhere"));
  EXPECT_TRUE(std::filesystem::is_symlink(kPath));
}

TEST_F(LockFileTest, NamesTheFileThatCannotBeCreated) {
  EXPECT_THAT(LockFile::Take("absent/x.lock"),
              StatusIs(absl::StatusCode::kNotFound,
                       "opening absent/x.lock: No such file or directory"));
}

TEST_F(LockFileTest, LeavesAFileThatHasReplacedIt) {
  {
    const auto lock = LockFile::Take(kPath);
    ASSERT_THAT(lock, IsOk());
    std::filesystem::remove(kPath);
    std::ofstream(kPath) << "other";
  }
  EXPECT_TRUE(std::filesystem::exists(kPath));
}

// Each release removes the file that other threads are about to lock.
TEST_F(LockFileTest, IsNeverHeldTwiceUnderContention) {
  constexpr int kThreads = 4;
  constexpr int kTimes = 5'000;
  std::atomic<int> holders = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int time = 0; time < kTimes; ++time) {
        const auto lock = LockFile::Take(kPath);
        if (lock.ok()) {
          EXPECT_EQ(++holders, 1);
          std::this_thread::yield();
          --holders;
        } else {
          ASSERT_TRUE(absl::IsAlreadyExists(lock.status())) << lock.status();
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_TRUE(directory_.empty());
}

}  // namespace
}  // namespace passpersist_testing
