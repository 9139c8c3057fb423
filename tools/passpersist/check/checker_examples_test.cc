// SPDX-License-Identifier: Apache-2.0
//
// Programs that were not written for the checker: this project's examples, and
// some that use Debian's Perl library.

#include <unistd.h>

#include <fstream>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/checker_fixture.h"
#include "tools/runfile.h"

namespace passpersist {
namespace {

using passpersist_testing::Runfile;
using testing::ElementsAre;
using testing::IsEmpty;

const Oid kPlaypen = {1, 3, 6, 1, 4, 1, 8072, 9999, 9999};

// One of examples/, as its snmpd.conf would start it.
struct Example {
  const char* program;
  Oid base;
  const char* file = nullptr;  // the text of the one that it is given
  std::optional<CheckOptions::Assignment> set = std::nullopt;

  friend std::ostream& operator<<(std::ostream& os, const Example& example) {
    return os << example.program;
  }
};

std::string NameOf(const Example& example) {
  return absl::StrReplaceAll(example.program, {{"/", "_"}});
}

class ExampleTest : public testing::TestWithParam<Example> {
 protected:
  ExampleTest() : options_(Options({Runfile(GetParam().program)})) {
    if (GetParam().file == nullptr) return;
    const std::string path = testing::TempDir() + "/" + NameOf(GetParam());
    std::ofstream(path) << GetParam().file;
    options_.command.push_back(path);
  }

  CheckOptions options_;
};

TEST_P(ExampleTest, NothingIsWrongWithIt) {
  options_.base = GetParam().base;
  options_.set = GetParam().set;
  const CheckReport report = Check(options_);
  EXPECT_THAT(Ids(report), IsEmpty()) << Text(report);
  EXPECT_GT(report.names, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    All, ExampleTest,
    testing::ValuesIn(std::vector<Example>{
        {"examples/hello_agent", Concat(kPlaypen, {1})},
        {"examples/interface_table", Concat(kPlaypen, {2})},
        {"examples/settable", Concat(kPlaypen, {3}), "5\n",
         CheckOptions::Assignment{Concat(kPlaypen, {3, 1, 0}), "integer 42"}},
        {"examples/queue_table", Concat(kPlaypen, {4}),
         "1 0 10 1000 1 64\n1 1 20 2000 0\n2 0 0 0 0 64\n"},
        {"examples/settings", Concat(kPlaypen, {5}), "[voip]\nport = 5060\n",
         CheckOptions::Assignment{
             Concat(Concat(kPlaypen, {5, 1, 3}),
                    Concat(EncodeString("voip"), EncodeString("port"))),
             "string \"5061\""}},
        {"examples/host_agent/host_agent", Concat(kPlaypen, {10})},
        {"examples/port_of_the_readme", {1, 3, 6, 1, 3, 53, 8}},
    }),
    [](const testing::TestParamInfo<Example>& info) {
      return NameOf(info.param);
    });

TEST(CheckerExamplesTest, GuessesTheBaseOfOne) {
  const CheckReport report = Check(Options({Runfile("examples/hello_agent")}));
  EXPECT_EQ(report.base, Concat(kPlaypen, {1}));
  EXPECT_EQ(report.names, 2u);
}

// What is wrong with SNMP::Extension::PassPersist 0.07:
// - it knows other names of types, but gives them to snmpd as they are:
//   "octetstr", which snmpd takes for hexadecimal, and "ipaddr";
// - getnext of a name that isn't there begins again with the first one;
// - it selects on an input that it reads through a buffer, so it forgets what
//   comes along with a command;
// - blank lines are commands, answered by NONE;
// - values are read up to their newline.
TEST(CheckerExamplesTest, FindsTheFaultsOfThePerlLibrary) {
  CheckOptions options = Options(
      {"perl", Runfile("tools/passpersist/check/testdata/perl_agent.pl")});
  options.base = kPlaypen;
  const CheckReport report = Check(options);
  EXPECT_THAT(Ids(report), ElementsAre("octets", "type", "gap", "joined",
                                       "set-blank-line", "set-unterminated"))
      << Text(report);
  EXPECT_EQ(report.names, 6u);
}

TEST(CheckerExamplesTest, FindsThemInTheExampleThatDebianShips) {
  const std::string example =
      "/usr/share/doc/libsnmp-extension-passpersist-perl/examples/"
      "synopsis-passpersist.pl";
  if (access(example.c_str(), R_OK) != 0) {
    GTEST_SKIP() << "this machine's dpkg leaves out documentation";
  }
  const CheckReport report = Check(Options({"perl", example}));
  EXPECT_EQ(report.base, Oid({1, 2, 42}));
  EXPECT_THAT(Ids(report), ElementsAre("gap", "joined", "set-blank-line",
                                       "set-unterminated"))
      << Text(report);
}

}  // namespace
}  // namespace passpersist
