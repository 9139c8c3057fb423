// SPDX-License-Identifier: Apache-2.0
//
// One program behind `pass` and `pass_persist` lines of snmpd.conf.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/private_snmpd.h"
#include "tools/e2e/snmpd/snmp_client.h"
#include "tools/process/subprocess.h"
#include "tools/process/testing/wait.h"
#include "tools/runfile.h"

namespace passpersist_testing {
namespace {

using passpersist::tool::Subprocess;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Optional;

constexpr char kProgram[] = "protocols/pass_agent";

// .1.3.6.1.4.1.8072.9999.9999 with more arcs.
std::string Base(absl::string_view suffix) {
  return absl::StrCat(kPlaypen, suffix);
}

class PassTest : public PlaypenTest {
 protected:
  PassTest() { folder_ = *MakeDirectory(); }

  std::string PersistLine(absl::string_view base,
                          std::vector<std::string> options = {}) const {
    options.push_back(folder_);
    return AgentLine(base, kProgram, options);
  }

  std::string PassLine(absl::string_view base,
                       std::vector<std::string> options = {}) const {
    const std::string line = PersistLine(base, std::move(options));
    return absl::StrCat("pass", line.substr(line.find(' ')));
  }

  // Runs the program as snmpd does, and returns what it prints.
  std::string Output(std::vector<std::string> arguments, int exit_status) {
    Subprocess::Options options;
    options.command = {Runfile(absl::StrCat("tools/e2e/", kProgram)), folder_};
    options.command.insert(options.command.end(), arguments.begin(),
                           arguments.end());
    const std::unique_ptr<Subprocess> program =
        Subprocess::Start(options).value();
    EXPECT_THAT(program->Wait(kTimeout), Optional(exit_status));
    return program->standard_output();
  }

  std::string folder_;
};

TEST_F(PassTest, ServesReads) {
  StartSnmpd({PassLine(kPlaypen)});
  const auto all = ElementsAre("1.1.0 = INTEGER: 1", "1.3.0 = INTEGER: 3",
                               "2.1.0 = STRING: \"two\"");
  EXPECT_THAT(client().Walk("").bindings, all);
  EXPECT_THAT(client().BulkWalk("").bindings, all);
  EXPECT_THAT(client().Get({"2.1.0", "1.1.0"}).bindings,
              ElementsAre("2.1.0 = STRING: \"two\"", "1.1.0 = INTEGER: 1"));
  EXPECT_THAT(client().Get({"1.2.0"}).bindings,
              ElementsAre(HasSubstr("No Such Instance")));
  EXPECT_TRUE(snmpd().Agents().empty());
}

TEST_F(PassTest, SetsWhatIsDurable) {
  StartSnmpd({PassLine(kPlaypen)});
  EXPECT_EQ(client().Set("1.1.0", "i", "-42").error, "");
  EXPECT_THAT(client().Get({"1.1.0"}).bindings,
              ElementsAre("1.1.0 = INTEGER: -42"));
  EXPECT_EQ(client().Set("1.1.0", "s", "42").error, "wrongType");
  EXPECT_EQ(client().Set("1.3.0", "i", "4").error, "notWritable");
  EXPECT_EQ(client().Set("2.1.0", "s", "three").error, "notWritable");
  EXPECT_EQ(client().Set("1.9.0", "i", "4").error, "notWritable");
  EXPECT_THAT(client().Walk("1").bindings,
              ElementsAre("1.1.0 = INTEGER: -42", "1.3.0 = INTEGER: 3"));
}

TEST_F(PassTest, SetsTextsThatSnmpdDoesNotSplit) {
  StartSnmpd({PassLine(kPlaypen)});
  EXPECT_EQ(client().Set("1.2.0", "i", "4").error, "wrongType");
  const std::string texts[] = {"created", "",     " a  b ",
                               "-g .1.3", "it's", std::string(300, 'x')};
  for (const std::string& text : texts) {
    EXPECT_EQ(client().Set("1.2.0", "s", text).error, "") << text;
    EXPECT_EQ(client().GetBytes("1.2.0"), text);
  }
  EXPECT_EQ(client().Set("1.2.0", "x", "00 0a ff 22").error, "");
  EXPECT_EQ(client().GetBytes("1.2.0"), std::string("\0\n\xff\"", 4));
}

TEST_F(PassTest, RefusesTextsThatSnmpdSplitsOrCuts) {
  StartSnmpd({PassLine(kPlaypen)});
  EXPECT_EQ(client().Set("1.2.0", "s", "kept").error, "");
  for (const char* const text :
       {"a  b \"c", "\"", "a\"", "\"a", "a\"b", "a\\\"b", "a\\"}) {
    EXPECT_EQ(client().Set("1.2.0", "s", text).error, "wrongEncoding") << text;
  }
  EXPECT_EQ(client().Set("1.2.0", "s", std::string(1100, 'x')).error,
            "wrongLength");
  EXPECT_EQ(client().GetBytes("1.2.0"), "kept");
}

// What the program can't find out: docs/deployment.md.
TEST_F(PassTest, SnmpdDropsBackslashes) {
  StartSnmpd({PassLine(kPlaypen)});
  EXPECT_EQ(client().Set("1.2.0", "s", "a\\b").error, "");
  EXPECT_EQ(client().GetBytes("1.2.0"), "ab");
}

// Likewise.
TEST_F(PassTest, SnmpdReportsASuccessOfAProgramThatCrashes) {
  StartSnmpd({PassLine(kPlaypen)});
  EXPECT_EQ(client().Set("1.1.0", "i", "13").error, "");
  EXPECT_THAT(client().Get({"1.1.0"}).bindings,
              ElementsAre("1.1.0 = INTEGER: 1"));
}

TEST_F(PassTest, RootServesTheSubtreesOfItsLine) {
  StartSnmpd({PassLine(Base(".1"), {"--root", Base(".1")}),
              PersistLine(Base(".2"), {"--root", Base(".2")})});
  EXPECT_THAT(client().Walk("").bindings,
              ElementsAre("1.1.0 = INTEGER: 1", "1.3.0 = INTEGER: 3",
                          "2.1.0 = STRING: \"two\""));
  EXPECT_EQ(snmpd().Agents().size(), 1u);
  EXPECT_EQ(Output({"--root", Base(".2"), "-g", Base(".1.1.0")}, 0), "");
  EXPECT_EQ(Output({"--root", Base(".2"), "-n", Base("")}, 0),
            absl::StrCat(Base(".2.1.0"), "\nSTRING\ntwo\n"));
}

// snmpd takes a set without an answer for a success.
TEST_F(PassTest, AProgramThatCannotServeRefusesSets) {
  EXPECT_EQ(Output({"--root", "1.x", "-s", Base(".1.1.0"), "integer", "5"}, 1),
            "gen-error\n");
  EXPECT_EQ(Output({"--root", ".1.9", "-s", Base(".1.1.0"), "integer", "5"}, 1),
            "gen-error\n");
  EXPECT_EQ(Output({"--root", ".1.9", "-g", Base(".1.1.0")}, 1), "");
  EXPECT_EQ(Output({"-s", Base(".1.1.0")}, 0), "wrong-type\n");
  EXPECT_EQ(Output({"-s", Base(".1.1.0"), "integer"}, 0), "wrong-value\n");
}

}  // namespace
}  // namespace passpersist_testing
