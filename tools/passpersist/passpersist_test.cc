// SPDX-License-Identifier: Apache-2.0
//
// Runs the tool itself, against an agent in the test's process and against
// programs.

#include <signal.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/value.h"
#include "tools/passpersist/client/child_program.h"
#include "tools/process/testing/wait.h"
#include "tools/runfile.h"
#include "transport/debug/debug_codec.h"
#include "transport/posix/unix_listener.h"
#include "transport/testing/fake_snmpd.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::Contents;
using passpersist::DebugCodec;
using passpersist::Integer32;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::UnixListener;
using passpersist::UnixListenerOptions;
using passpersist::tool::ChildProgram;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::StartsWith;

struct Result {
  std::string output;
  std::string errors;
  std::optional<int> exit_status;
};

class PasspersistTest : public testing::Test {
 protected:
  static std::string Tool() { return Runfile("tools/passpersist/passpersist"); }

  static std::unique_ptr<ChildProgram> Start(
      const std::vector<std::string>& command) {
    return ChildProgram::Start(command).value();
  }

  static Result Finish(ChildProgram& program) {
    Result result;
    while (program.transport().Read(&result.output, kTimeout).value_or(0) > 0) {
    }
    result.exit_status = program.Wait(kTimeout);
    result.errors = program.standard_error();
    return result;
  }

  static Result Run(std::vector<std::string> arguments,
                    const std::string& input = "") {
    arguments.insert(arguments.begin(), Tool());
    const auto program = Start(arguments);
    EXPECT_TRUE(program->transport().Write(input).ok() || input.empty());
    program->CloseInput();
    return Finish(*program);
  }
};

// Runs an agent with two debug sockets; one of them rejects all clients.
class PasspersistSocketTest : public PasspersistTest {
 protected:
  static constexpr char kSocket[] = "agent.sock";
  static constexpr char kFull[] = "full.sock";

  PasspersistSocketTest() : snmpd_(Builder()) {
    setenv("PASSPERSIST_SOCKET", kSocket, /*replace=*/1);
  }
  ~PasspersistSocketTest() override { unsetenv("PASSPERSIST_SOCKET"); }

  static UnixListenerOptions NoClients() {
    UnixListenerOptions options;
    options.max_clients = 0;
    return options;
  }

  static AgentBuilder Builder() {
    AgentBuilder builder;
    builder.SetStoreFactory([] { return std::make_unique<FakeStore>(); })
        .AddSubtree(Oid{1, 3}, absl::Seconds(10),
                    [](Contents& contents) {
                      contents.Put({1, 1}, Integer32{5}, "five");
                      contents.Put({1, 2}, OctetString{"eth0"});
                      for (uint32_t row = 1; row <= 20'000; ++row) {
                        contents.Put({2, row}, Integer32{1});
                      }
                      return absl::OkStatus();
                    })
        .AddListener(UnixListener::Listen(kSocket), DebugCodec::Factory())
        .AddListener(UnixListener::Listen(kFull, NoClients()),
                     DebugCodec::Factory());
    return builder;
  }

  const ScopedTempDir directory_;
  FakeSnmpd snmpd_;
};

TEST_F(PasspersistSocketTest, SendsRequestsToARunningAgent) {
  const Result get = Run({"get", ".1.3.1.1", ".1.3.9"});
  EXPECT_EQ(get.output,
            ".1.3.1.1 = INTEGER: 5  (five)\n"
            ".1.3.9 = No Such Instance currently exists at this OID\n");
  EXPECT_EQ(get.errors, "");
  EXPECT_EQ(get.exit_status, 0);
  EXPECT_EQ(Run({"getnext", ".1.3.1.1"}).output,
            ".1.3.1.2 = STRING: \"eth0\"\n");
  EXPECT_EQ(Run({"walk", ".1.3.1"}).output,
            ".1.3.1.1 = INTEGER: 5  (five)\n.1.3.1.2 = STRING: \"eth0\"\n");
  EXPECT_THAT(Run({"dump", ".1.3.1"}).output,
              ContainsRegex("\n.1.3.1.1  INTEGER  5       five +[0-9.a-z]+ +"
                            "\\.1\\.3\n"));
  EXPECT_THAT(Run({"describe"}).output,
              ContainsRegex("\n\\.1\\.3 +every 10.0s +passpersist_testing"));
  EXPECT_THAT(Run({"update"}).output,
              StartsWith(".1.3: 20002 instances, updated"));
  EXPECT_EQ(snmpd_.Get(".1.3.1.1"), "INTEGER 5");
  EXPECT_THAT(Run({"stats"}).output, ContainsRegex("\nget +1 "));
}

TEST_F(PasspersistSocketTest,
       ARejectedClientNamesTooManyClientsAsAPossibleReason) {
  const Result result = Run({"--socket", kFull, "describe"});
  EXPECT_THAT(result.errors, HasSubstr("too many"));
  EXPECT_EQ(result.exit_status, 3);
}

TEST_F(PasspersistSocketTest, TheAgentSoonNoticesThatAWatchingToolWasKilled) {
  const auto watch = Start({Tool(), "watch"});
  // The first event shows that the tool watches; then it requests more events.
  std::string shown;
  while (!watch->transport().Read(&shown, absl::Milliseconds(10)).ok()) {
    EXPECT_EQ(snmpd_.Get(".1.3.1.1"), "INTEGER 5");
  }
  EXPECT_THAT(Run({"stats"}).output, HasSubstr("debug clients: 2 open"));
  ASSERT_EQ(kill(watch->pid(), SIGKILL), 0);
  // Without noticing it, the agent would wait for events for 20 seconds.
  const absl::Time begin = absl::Now();
  while (Run({"stats"}).output.find("debug clients: 1 open") ==
         std::string::npos) {
    ASSERT_LT(absl::Now() - begin, absl::Seconds(10));
  }
}

TEST_F(PasspersistSocketTest, ARefusedSetFails) {
  const Result set = Run({"set", ".1.3.1.1", "i", "-7"});
  EXPECT_EQ(set.exit_status, 1);
  EXPECT_EQ(set.errors,
            "passpersist: the agent refused: notWritable for .1.3.1.1\n");
}

TEST_F(PasspersistSocketTest, WatchShowsRequestsOfSnmpdUntilItIsInterrupted) {
  const auto watch = Start({Tool(), "watch"});
  std::string output;
  // Only an event shows that the tool watches.
  while (output.empty()) {
    EXPECT_EQ(snmpd_.Get(".1.3.1.1"), "INTEGER 5");
    (void)watch->transport().Read(&output, absl::Milliseconds(1));
    ASSERT_FALSE(watch->Wait(absl::ZeroDuration()).has_value());
  }
  EXPECT_THAT(output, HasSubstr("  get      .1.3.1.1 = INTEGER: 5\n"));
  EXPECT_EQ(kill(watch->pid(), SIGINT), 0);
  const Result result = Finish(*watch);
  EXPECT_EQ(result.exit_status, 0);
  EXPECT_EQ(result.errors, "");
}

TEST_F(PasspersistSocketTest, StatisticsAreSampledUntilItIsInterrupted) {
  const auto stats = Start({Tool(), "stats", "--watch", "--interval=1h"});
  std::string output;
  EXPECT_TRUE(stats->transport().Read(&output, kTimeout).ok());
  EXPECT_THAT(output, StartsWith("up "));
  EXPECT_EQ(kill(stats->pid(), SIGTERM), 0);
  EXPECT_EQ(Finish(*stats).exit_status, 0);
}

TEST_F(PasspersistSocketTest, EndsWithoutAnErrorWhenTheOutputIsClosed) {
  const auto shell =
      Start({"/bin/sh", "-c", "\"$0\" walk | head -n 1", Tool()});
  const Result result = Finish(*shell);
  EXPECT_EQ(result.output, ".1.3.1.1 = INTEGER: 5  (five)\n");
  EXPECT_EQ(result.errors, "");
}

TEST_F(PasspersistTest, ReportsThatNoAgentListens) {
  const Result result = Run({"--socket=/no/such.sock", "get", ".1.3"});
  EXPECT_EQ(result.exit_status, 3);
  EXPECT_THAT(result.errors,
              StartsWith("passpersist: no agent listens at /no/such.sock"));
}

TEST_F(PasspersistTest, AnErrorInTheCommandLineIsOneLine) {
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{},
                                             {"wlak"},
                                             {"--fromat=json", "walk"},
                                             {"get"},
                                             {"get", ".1.3"},
                                             {"update", "--limit=1s"}}) {
    const Result result = Run(arguments);
    EXPECT_EQ(result.exit_status, 2);
    EXPECT_EQ(result.output, "");
    EXPECT_THAT(result.errors, ContainsRegex("^passpersist: [^\n]+\n$"));
  }
}

TEST_F(PasspersistTest, HelpIsPrintedToStandardOutput) {
  EXPECT_THAT(Run({"--help"}).output, HasSubstr("Inside a running agent"));
  EXPECT_THAT(Run({"walk", ".1.3", "--help"}).output,
              StartsWith("passpersist walk [OID]"));
}

constexpr char kHelloRoot[] = ".1.3.6.1.4.1.8072.9999.9999.1";

TEST_F(PasspersistTest, SendsRequestsToAProgram) {
  const std::string agent = Runfile("examples/hello_agent");
  EXPECT_THAT(Run({"exec", "walk", "--", agent}).output,
              ContainsRegex(absl::StrCat(
                  "^", kHelloRoot, ".1.0 = STRING: \"hello, world\"\n",
                  kHelloRoot, ".2.0 = Timeticks: [^\n]+\n$")));
  const Result typed =
      Run({"exec", "--", agent},
          absl::StrCat("get ", kHelloRoot, ".1.0\nstats\nquit\n"));
  EXPECT_EQ(typed.output,
            absl::StrCat(kHelloRoot, ".1.0 = STRING: \"hello, world\"\n"));
  EXPECT_EQ(typed.errors,
            "passpersist: a pass_persist program doesn't support "
            "get_statistics\n");
  EXPECT_EQ(typed.exit_status, 1);
}

TEST_F(PasspersistTest, ShowsWhatAProgramWritesToStandardError) {
  const Result result = Run({"exec", "get", ".1.3", "--", "/bin/sh", "-c",
                             "echo 'oh \033no' >&2; read ping; echo PONG; "
                             "read command; read oid; echo NONE; read end"});
  EXPECT_EQ(result.output,
            ".1.3 = No Such Instance currently exists at this OID\n");
  EXPECT_EQ(result.errors,
            "passpersist: the program's stderr: oh \\x1bno\n"
            "passpersist: snmpd would read that as part of the answer\n");
}

TEST_F(PasspersistTest, ChecksAProgram) {
  const Result good = Run(
      {"check", "--base", kHelloRoot, "--", Runfile("examples/hello_agent")});
  EXPECT_EQ(good.output,
            absl::StrCat("no findings in 2 names below ", kHelloRoot, "\n"));
  EXPECT_EQ(good.exit_status, 0);
  const Result bad = Run({"check", "--format=json", "--", "/bin/cat"});
  EXPECT_THAT(bad.output, HasSubstr("\"severity\":\"ERROR\",\"id\":\"pong\""));
  EXPECT_EQ(bad.errors, "");
  EXPECT_EQ(bad.exit_status, 1);
}

}  // namespace
}  // namespace passpersist_testing
