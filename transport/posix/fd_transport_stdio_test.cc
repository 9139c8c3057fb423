// SPDX-License-Identifier: Apache-2.0

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace passpersist_testing {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// The texts that the helper prints, by descriptor.
constexpr absl::string_view kPrintedTo1[] = {
    "by printf",    "by puts",      "by cout",           "by write to 1",
    "by a shell\n", "by a child\n", "left in the buffer"};
constexpr absl::string_view kPrintedTo2[] = {
    "by cerr", "by fprintf to stderr", "by write to 2", "by a shell to 2"};

std::string ReadFile(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// Runs the helper program with a pipe for descriptor 0 and a pipe for
// descriptors 1 and 2, as snmpd starts a program.
class FdTransportStdioTest : public testing::Test {
 protected:
  FdTransportStdioTest() {
    EXPECT_EQ(pipe2(to_.data(), O_CLOEXEC), 0);
    EXPECT_EQ(pipe2(from_.data(), O_CLOEXEC), 0);
    EXPECT_EQ(posix_spawn_file_actions_init(&actions_), 0);
    Dup(to_[0], STDIN_FILENO);
    Dup(from_[1], STDOUT_FILENO);
    Dup(from_[1], STDERR_FILENO);
    unlink(stray_file_.c_str());
  }

  ~FdTransportStdioTest() override {
    posix_spawn_file_actions_destroy(&actions_);
    CloseInput();
    close(from_[0]);
    // The program ends at the end of its input, also after a failure.
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
  }

  // Before Start(): set the program's descriptor `to`.
  void Dup(int from, int to) {
    EXPECT_EQ(posix_spawn_file_actions_adddup2(&actions_, from, to), 0);
  }
  void OpenDescriptor(const std::string& path, int to) {
    EXPECT_EQ(posix_spawn_file_actions_addopen(&actions_, to, path.c_str(),
                                               O_RDWR | O_CREAT, 0600),
              0);
  }
  void CloseDescriptor(int to) {
    EXPECT_EQ(posix_spawn_file_actions_addclose(&actions_, to), 0);
  }

  void Start(const std::string& task, const std::string& stray_file) {
    // Tests run in the directory that the paths of data are relative to.
    std::string program = "transport/posix/testing/fd_transport_stdio_helper";
    std::string arguments[] = {program, task, stray_file};
    char* const argv[] = {&arguments[0][0], &arguments[1][0], &arguments[2][0],
                          nullptr};
    ASSERT_EQ(
        posix_spawn(&pid_, program.c_str(), &actions_, nullptr, argv, environ),
        0);
    close(to_[0]);
    close(from_[1]);
  }

  void Send(absl::string_view bytes) {
    EXPECT_EQ(write(to_[1], bytes.data(), bytes.size()), bytes.size());
  }
  void CloseInput() {
    if (to_[1] >= 0) close(to_[1]);
    to_[1] = -1;
  }

  // Returns the bytes up to `end`, or until every process has closed the other
  // end.
  std::string ReceiveUntil(absl::string_view end = {}) {
    std::string received;
    char c;
    while (read(from_[0], &c, 1) == 1) {
      received.push_back(c);
      if (!end.empty() && absl::EndsWith(received, end)) break;
    }
    return received;
  }

  // Waits for the program and returns its exit status, or minus the signal.
  int AwaitExit() {
    int status = 0;
    EXPECT_EQ(waitpid(pid_, &status, 0), pid_);
    pid_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  const std::string stray_file_ = absl::StrCat(testing::TempDir(), "/stray");

 private:
  std::array<int, 2> to_;
  std::array<int, 2> from_;
  posix_spawn_file_actions_t actions_;
  pid_t pid_ = 0;
};

TEST_F(FdTransportStdioTest, NothingThatIsPrintedReachesThePeer) {
  Start("converse", "");
  Send("PING\n");
  EXPECT_EQ(ReceiveUntil("\n"), "got PING\n");
  Send("get\n");
  EXPECT_EQ(ReceiveUntil("\n"), "got get\n");
  CloseInput();
  EXPECT_EQ(ReceiveUntil(), "");
  EXPECT_EQ(AwaitExit(), 0);
}

TEST_F(FdTransportStdioTest, TheLastWordsOfAProgramThatDiesDontReachThePeer) {
  Start("terminate", "");
  EXPECT_EQ(ReceiveUntil(), "last words\n");
  EXPECT_EQ(AwaitExit(), -SIGABRT);
}

TEST_F(FdTransportStdioTest, StrayOutputIsAppendedToAFile) {
  std::ofstream(stray_file_) << "from before\n";
  Start("converse", stray_file_);
  CloseInput();
  EXPECT_EQ(ReceiveUntil(), "");
  EXPECT_EQ(AwaitExit(), 0);
  const std::string stray = ReadFile(stray_file_);
  EXPECT_THAT(stray, HasSubstr("from before\n"));
  for (const absl::string_view text : kPrintedTo1) {
    EXPECT_THAT(stray, HasSubstr(std::string(text)));
  }
  for (const absl::string_view text : kPrintedTo2) {
    EXPECT_THAT(stray, HasSubstr(std::string(text)));
  }
}

TEST_F(FdTransportStdioTest, TheMessageOfAnAbortIsStrayOutput) {
  Start("terminate", stray_file_);
  EXPECT_EQ(AwaitExit(), -SIGABRT);
  EXPECT_THAT(ReadFile(stray_file_), HasSubstr("terminate called"));
}

TEST_F(FdTransportStdioTest, StandardErrorToAnotherFileIsUnchanged) {
  const std::string errors = absl::StrCat(testing::TempDir(), "/errors");
  unlink(errors.c_str());
  OpenDescriptor(errors, STDERR_FILENO);
  Start("converse", stray_file_);
  CloseInput();
  EXPECT_EQ(ReceiveUntil(), "");
  EXPECT_EQ(AwaitExit(), 0);
  for (const absl::string_view text : kPrintedTo2) {
    EXPECT_THAT(ReadFile(errors), HasSubstr(std::string(text)));
    EXPECT_THAT(ReadFile(stray_file_), Not(HasSubstr(std::string(text))));
  }
  EXPECT_THAT(ReadFile(stray_file_), HasSubstr("by printf"));
}

// Otherwise the next file that the program opens would become standard error.
TEST_F(FdTransportStdioTest, ClosedStandardErrorIsRedirected) {
  CloseDescriptor(STDERR_FILENO);
  Start("converse", stray_file_);
  Send("PING\n");
  EXPECT_EQ(ReceiveUntil("\n"), "got PING\n");
  CloseInput();
  EXPECT_EQ(ReceiveUntil(), "");
  EXPECT_EQ(AwaitExit(), 0);
  EXPECT_THAT(ReadFile(stray_file_),
              AllOf(HasSubstr("by cerr"), HasSubstr("by printf")));
}

TEST_F(FdTransportStdioTest, ATerminalKeepsStandardError) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  ASSERT_GE(master, 0);
  ASSERT_EQ(grantpt(master), 0);
  ASSERT_EQ(unlockpt(master), 0);
  const std::string slave = ptsname(master);
  OpenDescriptor(slave, STDOUT_FILENO);
  Dup(STDOUT_FILENO, STDERR_FILENO);
  Start("converse", "");
  Send("PING\n");
  std::string shown;
  char c;
  while (!absl::StrContains(shown, "got PING") && read(master, &c, 1) == 1) {
    shown.push_back(c);
  }
  EXPECT_THAT(shown, AllOf(HasSubstr("by cerr"), HasSubstr("by a shell to 2"),
                           Not(HasSubstr("by printf"))));
  CloseInput();
  while (read(master, &c, 1) == 1) continue;
  EXPECT_EQ(AwaitExit(), 0);
  close(master);
}

TEST_F(FdTransportStdioTest, ChildrenInheritNoDescriptorOfTheConnection) {
  Start("list-descriptors", stray_file_);
  EXPECT_EQ(AwaitExit(), 0);
  EXPECT_THAT(ReadFile(stray_file_),
              AllOf(HasSubstr("0 -> /dev/null"), HasSubstr("stray"),
                    Not(HasSubstr("pipe:"))));
}

TEST_F(FdTransportStdioTest, NobodyElseReadsThePeersBytes) {
  Send("PING\n");
  Start("read-standard-input", "");
  EXPECT_EQ(ReceiveUntil("\n"), "got PING\n");
  CloseInput();
  EXPECT_EQ(AwaitExit(), 0);
}

TEST_F(FdTransportStdioTest, ClosedDescriptorsMakeEachCallReturnTheError) {
  CloseDescriptor(STDIN_FILENO);
  Start("expect-broken", "");
  EXPECT_EQ(AwaitExit(), 0);
}

TEST_F(FdTransportStdioTest, AClosedStandardOutputMakesEachCallReturnTheError) {
  CloseDescriptor(STDOUT_FILENO);
  Start("expect-broken", "");
  EXPECT_EQ(AwaitExit(), 0);
}

}  // namespace
}  // namespace passpersist_testing
