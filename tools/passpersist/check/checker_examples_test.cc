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
#include "tools/passpersist/check/testing/checker_fixture.h"
#include "tools/runfile.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::Runfile;
using testing::ElementsAre;
using testing::IsEmpty;

const Oid kNetSnmpPlaypen = {1, 3, 6, 1, 4, 1, 8072, 9999, 9999};

// A program of examples/, with the arguments of its line in snmpd.conf.
struct Example {
  const char* program;
  Oid base;
  const char* file = nullptr;  // the text of the file that it gets as argument
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

TEST_P(ExampleTest, HasNoFindings) {
  options_.base = GetParam().base;
  options_.set = GetParam().set;
  const CheckReport report = Check(options_);
  EXPECT_THAT(Ids(report), IsEmpty()) << Text(report);
  EXPECT_GT(report.names, 0u);
}

INSTANTIATE_TEST_SUITE_P(
    All, ExampleTest,
    testing::ValuesIn(std::vector<Example>{
        {"examples/hello_agent", Concat(kNetSnmpPlaypen, {1})},
        {"examples/interface_table", Concat(kNetSnmpPlaypen, {2})},
        {"examples/settable", Concat(kNetSnmpPlaypen, {3}), "5\n",
         CheckOptions::Assignment{Concat(kNetSnmpPlaypen, {3, 1, 0}),
                                  "integer 42"}},
        {"examples/queue_table", Concat(kNetSnmpPlaypen, {4}),
         "1 0 10 1000 1 64\n1 1 20 2000 0\n2 0 0 0 0 64\n"},
        {"examples/settings", Concat(kNetSnmpPlaypen, {5}),
         "[voip]\nport = 5060\n",
         CheckOptions::Assignment{
             Concat(Concat(kNetSnmpPlaypen, {5, 1, 3}),
                    Concat(EncodeString("voip"), EncodeString("port"))),
             "string \"5061\""}},
        {"examples/host_agent/host_agent", Concat(kNetSnmpPlaypen, {10})},
        {"examples/port_of_the_readme", {1, 3, 6, 1, 3, 53, 8}},
    }),
    [](const testing::TestParamInfo<Example>& info) {
      return NameOf(info.param);
    });

TEST(CheckerExamplesTest, GuessesTheBaseOfAnExample) {
  const CheckReport report = Check(Options({Runfile("examples/hello_agent")}));
  EXPECT_EQ(report.base, Concat(kNetSnmpPlaypen, {1}));
  EXPECT_EQ(report.names, 2u);
}

// The faults of SNMP::Extension::PassPersist 0.07:
// - It accepts other names of types and passes them to snmpd unchanged:
//   "octetstr", which snmpd takes for hexadecimal, and "ipaddr".
// - getnext of an absent name returns the first name.
// - It calls select() on an input that it reads through a buffer, so it misses
//   what arrives together with a command.
// - It takes blank lines for commands and answers them with NONE.
// - It reads values up to their newline.
TEST(CheckerExamplesTest, FindsTheFaultsOfThePerlLibrary) {
  CheckOptions options = Options(
      {"perl", Runfile("tools/passpersist/check/testdata/perl_agent.pl")});
  options.base = kNetSnmpPlaypen;
  const CheckReport report = Check(options);
  EXPECT_THAT(Ids(report),
              ElementsAre("type", "octets", "gap", "set-blank-line",
                          "set-unterminated", "joined"))
      << Text(report);
  EXPECT_EQ(report.names, 6u);
}

TEST(CheckerExamplesTest, FindsTheFaultsOfTheExampleThatDebianShips) {
  const std::string example =
      "/usr/share/doc/libsnmp-extension-passpersist-perl/examples/"
      "synopsis-passpersist.pl";
  if (access(example.c_str(), R_OK) != 0) {
    GTEST_SKIP() << "this machine's dpkg leaves out documentation";
  }
  const CheckReport report = Check(Options({"perl", example}));
  EXPECT_EQ(report.base, Oid({1, 2, 42}));
  EXPECT_THAT(Ids(report), ElementsAre("gap", "set-blank-line",
                                       "set-unterminated", "joined"))
      << Text(report);
}

}  // namespace
}  // namespace passpersist::tool
