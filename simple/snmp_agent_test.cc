// SPDX-License-Identifier: Apache-2.0

#include "simple/snmp_agent.h"

#include <unistd.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/table/table.h"
#include "passpersist/testing/fake_transport.h"
#include "passpersist/testing/simulation.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"
#include "transport/testing/fake_snmpd.h"
#include "transport/testing/scoped_temp_dir.h"

namespace passpersist_testing {
namespace {

using passpersist::Agent;
using passpersist::AgentBuilder;
using passpersist::Contents;
using passpersist::ErrorStatus;
using passpersist::Integer32;
using passpersist::MakeSetter;
using passpersist::Oid;
using passpersist::SetterOptions;
using passpersist::SnmpAgent;
using passpersist::Value;
using testing::ElementsAre;
using testing::ExitedWithCode;
using testing::IsEmpty;

// Adds .1.3.5.1 and .1.3.6.1, with the number 5.
void AddNumbers(AgentBuilder& builder) {
  for (const Oid& root : {Oid{1, 3, 5}, Oid{1, 3, 6}}) {
    builder.AddSubtree(root, absl::Hours(1), [](Contents& contents) {
      contents.Put({1}, Integer32{5});
      return absl::OkStatus();
    });
  }
}

// A command line and the agent that it makes.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments)
      : text_(std::move(arguments)) {
    text_.insert(text_.begin(), "program");
    for (std::string& argument : text_) argv_.push_back(argument.data());
    argv_.push_back(nullptr);
    argc_ = static_cast<int>(text_.size());
    agent_.emplace(argc_, argv_.data());
    AddNumbers(*agent_);
  }

  SnmpAgent& agent() { return *agent_; }

  // The arguments that are left, without the name of the program.
  std::vector<std::string> Left() const {
    EXPECT_EQ(argv_[argc_], nullptr);
    return std::vector<std::string>(argv_.begin() + 1, argv_.begin() + argc_);
  }

  std::vector<std::string> Walk() {
    return FakeSnmpd(std::move(*agent_)).Walk(".1");
  }

 private:
  std::vector<std::string> text_;
  std::vector<char*> argv_;
  int argc_;
  std::optional<SnmpAgent> agent_;
};

TEST(SnmpAgentTest, NeedsOnlyATransport) {
  SnmpAgent agent;
  AddNumbers(agent);
  std::vector<std::string> writes;
  agent.SetTransport(std::make_unique<FakeTransport>(
      std::vector<std::string>{"get\n.1.3.5.1\n"}, &writes));
  const auto built = agent.Build();
  ASSERT_THAT(built, IsOk());
  EXPECT_THAT((*built)->Run(), IsOk());
  EXPECT_THAT(writes, ElementsAre(".1.3.5.1\nINTEGER\n5\n"));
}

TEST(SnmpAgentTest, LeavesArgumentsOfTheProgramAlone) {
  Program program({"file", "--rooted", "-g", "--root", ".1.3.5", "-v", "-n"});
  EXPECT_THAT(program.Left(),
              ElementsAre("file", "--rooted", "-g", "-v", "-n"));
}

TEST(SnmpAgentTest, RootServesOnlyTheSubtreesBelowIt) {
  const auto five = ElementsAre(".1.3.5.1 = INTEGER 5");
  EXPECT_THAT(Program({"--root", ".1.3.5"}).Walk(), five);
  EXPECT_THAT(Program({"--root=.1.3.5"}).Walk(), five);
  EXPECT_THAT(Program({"--root", ".1.3"}).Walk(),
              ElementsAre(".1.3.5.1 = INTEGER 5", ".1.3.6.1 = INTEGER 5"));
}

TEST(SnmpAgentTest, OpensADebugSocketButNotForOneRequest) {
  const ScopedTempDir directory;  // the working directory
  const std::string path = "socket";
  {
    Program program({"--debug-socket", path, "-g", ".1.3.5.1"});
    EXPECT_THAT(program.Left(), IsEmpty());
    EXPECT_NE(access(path.c_str(), F_OK), 0);
  }
  Program program({"--debug-socket", path});
  EXPECT_THAT(program.Left(), IsEmpty());
  EXPECT_EQ(access(path.c_str(), F_OK), 0);
}

TEST(SnmpAgentTest, APassRequestSetsOnlyWhatIsDurable) {
  const auto set = [](const std::string& name) {
    const auto accept = [](const Oid&, const Value&) {
      return ErrorStatus::kNoError;
    };
    SetterOptions durable;
    durable.durable = true;
    Program program({"-s", name, "integer", "7"});
    EXPECT_THAT(program.Left(), IsEmpty());
    program.agent()
        .AddSetter(Oid{1, 3, 5}, MakeSetter(accept))
        .AddSetter(Oid{1, 3, 6}, MakeSetter(accept, std::move(durable)));
    return FakeSnmpd(std::move(program.agent())).Set(name, "integer 7");
  };
  EXPECT_EQ(set(".1.3.5.1"), "not-writable");
  EXPECT_EQ(set(".1.3.6.1"), "DONE");
}

// Subtrees whose updates take as many seconds as the last arc of their root.
class PassRequestTest : public testing::Test {
 protected:
  // Starts the agent of a command line. Returns the seconds until it answers.
  double SecondsToStart(std::vector<std::string> arguments) {
    Program program(std::move(arguments));
    const auto simulation = std::make_shared<Simulation>();
    struct Port {
      uint32_t index;
    };
    program.agent().AddTable(Oid{1, 3, 9}, absl::Hours(1),
                             passpersist::Table<Port>({3})
                                 .Index(&Port::index)
                                 .RowCount({1})
                                 .Column(1, &Port::index),
                             [this, simulation] {
                               simulation->Sleep(absl::Seconds(1));
                               ended_.push_back(9);
                               return std::vector<Port>{{7}};
                             });
    for (const uint32_t arc : {11u, 12u, 14u}) {
      program.agent().AddSubtree(Oid{1, 3, arc}, absl::Hours(1),
                                 [this, simulation, arc](Contents& contents) {
                                   simulation->Sleep(absl::Seconds(arc - 10));
                                   contents.Put({1}, Integer32{5});
                                   ended_.push_back(arc);
                                   return absl::OkStatus();
                                 });
    }
    ended_.clear();
    TestAgent agent(std::move(program.agent()), simulation);
    EXPECT_THAT(agent.TakeErrors(), IsEmpty());
    const double seconds = absl::ToDoubleSeconds(simulation->Now());
    agent.Advance(absl::Minutes(1));
    return seconds;
  }

  std::vector<uint32_t> ended_;  // the updates, in the end
};

TEST_F(PassRequestTest, AGetRunsTheUpdateOfItsSubtree) {
  EXPECT_EQ(SecondsToStart({"-g", ".1.3.12.1"}), 2);
  EXPECT_THAT(ended_, ElementsAre(12));
  EXPECT_EQ(SecondsToStart({"-g", ".1.3.13.1"}), 0);
  EXPECT_THAT(ended_, IsEmpty());
}

TEST_F(PassRequestTest, ASetRunsTheUpdateOfItsSubtree) {
  EXPECT_EQ(SecondsToStart({"-s", ".1.3.12.1", "integer", "7"}), 2);
  EXPECT_THAT(ended_, ElementsAre(12));
}

TEST_F(PassRequestTest, AGetNextWaitsUntilASubtreeHasTheNextName) {
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.11"}), 1);
  EXPECT_THAT(ended_, ElementsAre(11, 12, 14));
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.11.1"}), 2)
      << "the last name of .1.3.11";
  EXPECT_THAT(ended_, ElementsAre(11, 12, 14));
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.12.0"}), 2);
  EXPECT_THAT(ended_, ElementsAre(12, 14));
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.13"}), 4);
  EXPECT_THAT(ended_, ElementsAre(14));
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.14.1"}), 4) << "the last name of all";
}

// .1.3.9.1.0 is the number of rows of the table at .1.3.9.3.
TEST_F(PassRequestTest, ATableMayHaveAScalarBeforeIt) {
  EXPECT_EQ(SecondsToStart({"-g", ".1.3.9.1.0"}), 1);
  EXPECT_THAT(ended_, ElementsAre(9));
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.9.1"}), 1);
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.9.2"}), 1);
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.9.1.0"}), 1);
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.9.3.1.1.7"}), 1)
      << "the update of .1.3.11";
  EXPECT_EQ(SecondsToStart({"-n", ".1.3.10"}), 1);
  EXPECT_THAT(ended_, ElementsAre(11, 12, 14));
}

TEST_F(PassRequestTest, PassPersistWaitsForAllFirstUpdates) {
  EXPECT_EQ(SecondsToStart({}), 4);
  EXPECT_THAT(ended_, ElementsAre(9, 11, 12, 14));
}

class SnmpAgentDeathTest : public testing::Test {
 protected:
  SnmpAgentDeathTest() { testing::GTEST_FLAG(death_test_style) = "threadsafe"; }
};

TEST_F(SnmpAgentDeathTest, ReportsAnOptionThatItCannotUse) {
  EXPECT_EXIT(Program({"--root", "1.x"}).agent().Run(), ExitedWithCode(1),
              "--root: .*1\\.x");
  EXPECT_EXIT(Program({"--root"}).agent().Run(), ExitedWithCode(1),
              "--root has no value");
  EXPECT_EXIT(Program({"--debug-socket"}).agent().Run(), ExitedWithCode(1),
              "--debug-socket has no value");
  for (const char* const pid : {"snmpd", "0", "-5", "12x"}) {
    EXPECT_EXIT(Program({"--snmpd-pid", pid}).agent().Run(), ExitedWithCode(1),
                absl::StrCat("--snmpd-pid: \"", pid, "\" is not a process ID"));
  }
  EXPECT_EXIT(Program({"--root", ".1.9"}).agent().Run(), ExitedWithCode(1),
              "no subtree is at or below \\.1\\.9");
}

TEST_F(SnmpAgentDeathTest, RunEndsTheProcess) {
  EXPECT_EXIT(Program({"-g", ".1.3.5.1"}).agent().Run(), ExitedWithCode(0), "");
  EXPECT_EXIT(
      {
        Program program({});
        std::vector<std::string> writes;
        program.agent().SetTransport(std::make_unique<FakeTransport>(
            std::vector<std::string>(), &writes));
        program.agent().Run();
      },
      ExitedWithCode(0), "");
}

}  // namespace
}  // namespace passpersist_testing
