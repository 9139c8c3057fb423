// Programs that were not written for the checker: this project's examples, and
// some that use Debian's Perl library.

#include <unistd.h>

#include <string>
#include <vector>

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

TEST(CheckerExamplesTest, NothingIsWrongWithHelloAgent) {
  CheckOptions options = Options({Runfile("examples/hello_agent")});
  options.base = Concat(kPlaypen, {1});
  const CheckReport report = Check(options);
  EXPECT_THAT(Ids(report), IsEmpty()) << Text(report);
  EXPECT_EQ(report.names, 2u);
  options.base = std::nullopt;
  EXPECT_EQ(Check(options).base, Concat(kPlaypen, {1}));
}

TEST(CheckerExamplesTest, NothingIsWrongWithInterfaceTable) {
  CheckOptions options = Options({Runfile("examples/interface_table")});
  options.base = Concat(kPlaypen, {2});
  const CheckReport report = Check(options);
  EXPECT_THAT(Ids(report), IsEmpty()) << Text(report);
  EXPECT_GT(report.names, 0u);
}

TEST(CheckerExamplesTest, NothingIsWrongWithSettable) {
  CheckOptions options = Options(
      {Runfile("examples/settable"), testing::TempDir() + "/checked_settable"});
  options.base = Concat(kPlaypen, {3});
  options.set = {Concat(kPlaypen, {3, 1, 0}), "integer 42"};
  const CheckReport report = Check(options);
  EXPECT_THAT(Ids(report), IsEmpty()) << Text(report);
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
