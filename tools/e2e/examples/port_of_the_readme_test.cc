// SPDX-License-Identifier: Apache-2.0
//
// Plays the sessions of testdata/port_of_the_readme with
// examples/port_of_the_readme.cc, started as from a shell.

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/wait.h"
#include "tools/transcript/transcript.h"
#include "transport/posix/scoped_fd.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::ParseTranscript;
using passpersist::tool::Subprocess;
using passpersist::tool::Transcript;
using passpersist::transport_internal::ScopedFd;
using testing::IsSupersetOf;
using testing::Optional;
using Event = Transcript::Event;

constexpr char kProgram[] = "examples/port_of_the_readme";
constexpr char kFolder[] = "testdata/port_of_the_readme";

// Returns the file's name without directory and ".transcript".
std::vector<std::string> SessionNames() {
  std::error_code error;
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(kFolder, error)) {
    if (file.path().extension() == ".transcript") {
      names.push_back(file.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::StatusOr<Transcript> ReadSession(const std::string& name) {
  std::ifstream file(absl::StrCat(kFolder, "/", name, ".transcript"));
  if (!file) return absl::NotFoundError(name);
  return ParseTranscript(std::string(std::istreambuf_iterator<char>(file), {}));
}

// The program with a pipe for its standard input.
//
// Used by one thread at a time.
class Terminal {
 public:
  // `redirection` is that of the shell: "2>&1".
  explicit Terminal(absl::string_view redirection = "") {
    Subprocess::Options options;
    options.command = {"/bin/sh", "-c",
                       absl::StrCat("exec \"$0\" ", redirection), kProgram};
    options.input = Subprocess::Stream::kPipe;
    program_ = Subprocess::Start(options).value();
    // An answer shows that the shell has executed the program.
    Type("PING\n");
    ExpectAnswer("PONG\n");
  }

  void Type(absl::string_view bytes) {
    EXPECT_EQ(write(program_->input_pipe().get(), bytes.data(), bytes.size()),
              static_cast<ssize_t>(bytes.size()));
  }

  // Returns the next bytes of standard output.
  void ExpectAnswer(absl::string_view bytes) {
    absl::StrAppend(&answers_, bytes);
    Eventually(
        [&] { return program_->standard_output().size() >= answers_.size(); });
    EXPECT_EQ(program_->standard_output(), answers_);
  }

  void ExpectPrinted(absl::string_view text) {
    EXPECT_TRUE(Eventually([&] {
      return absl::StrContains(program_->standard_error(), text);
    })) << program_->standard_error();
  }

  void ExpectEndBy(int signal) {
    program_->Signal(signal);
    EXPECT_THAT(program_->Wait(kTimeout), Optional(128 + signal));
  }

  // Expects no more answers, and status 0.
  void ExpectEndOnEndOfInput() {
    program_->input_pipe() = ScopedFd();
    EXPECT_THAT(program_->Wait(kTimeout), Optional(0));
    EXPECT_EQ(program_->standard_output(), answers_);
  }

 private:
  std::unique_ptr<Subprocess> program_;
  std::string answers_;
};

TEST(PortOfTheReadmeTest, HasEverySessionOfTheReadme) {
  EXPECT_THAT(SessionNames(),
              IsSupersetOf({"ping", "dump", "get_of_the_base", "get", "getnext",
                            "set", "set_without_a_setter"}));
}

// snmpd gives its programs one pipe for standard output and standard error.
TEST(PortOfTheReadmeTest, PrintsNothingWhereStandardErrorIsStandardOutput) {
  Terminal terminal("2>&1");
  terminal.Type("set\n.1.3.6.1.3.53.8.0.4\ninteger 987\n");
  terminal.ExpectAnswer("DONE\n");
  terminal.ExpectEndOnEndOfInput();
}

TEST(PortOfTheReadmeTest, EndsByASignalWithoutOutput) {
  for (const int signal : {SIGINT, SIGTERM}) {
    SCOPED_TRACE(signal);
    Terminal terminal;
    terminal.ExpectEndBy(signal);
  }
}

class PortOfTheReadmeSessionTest : public testing::TestWithParam<std::string> {
};

TEST_P(PortOfTheReadmeSessionTest, HappensAsItIsWritten) {
  const absl::StatusOr<Transcript> session = ReadSession(GetParam());
  ASSERT_TRUE(session.ok()) << session.status();
  ASSERT_FALSE(session->events.empty());
  Terminal terminal;
  for (const Event& event : session->events) {
    switch (event.kind) {
      case Event::kSays:
        terminal.Type(event.text);
        break;
      case Event::kReplies:
        terminal.ExpectAnswer(event.text);
        break;
      case Event::kReports:
        terminal.ExpectPrinted(event.text);
        break;
      case Event::kSilence:
      case Event::kUpdate:
        FAIL() << "not a part of a session at a terminal";
    }
    ASSERT_FALSE(HasFailure());
  }
  terminal.ExpectEndOnEndOfInput();
}

INSTANTIATE_TEST_SUITE_P(Sessions, PortOfTheReadmeSessionTest,
                         testing::ValuesIn(SessionNames()),
                         [](const testing::TestParamInfo<std::string>& info) {
                           return info.param;
                         });

}  // namespace
}  // namespace passpersist_testing
