// SPDX-License-Identifier: Apache-2.0
//
// The checker finds each fault of faulty_agent, and nothing else.

#include <ostream>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/passpersist/check/testing/checker_fixture.h"

namespace passpersist::tool {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;

struct Fault {
  const char* name;
  std::vector<std::string> ids;
  const char* evidence = "";  // a part of the finding's evidence
  const char* what = "";      // a part of the finding's text, without the base

  friend std::ostream& operator<<(std::ostream& os, const Fault& fault) {
    return os << fault.name;
  }
};

class FaultTest : public testing::TestWithParam<Fault> {};

TEST_P(FaultTest, IsFoundAndNothingElse) {
  const CheckReport report = Check(FaultyOptions(GetParam().name));
  EXPECT_THAT(Ids(report), ElementsAreArray(GetParam().ids)) << Text(report);
  for (const Finding& finding : report.findings) {
    EXPECT_THAT(finding.what, Not(testing::IsEmpty()));
    EXPECT_THAT(
        absl::StrReplaceAll(finding.what, {{FaultyBase().ToString(), ""}}),
        HasSubstr(GetParam().what));
    EXPECT_THAT(finding.evidence, HasSubstr(GetParam().evidence));
    // The consequence of an error names its source in Net-SNMP.
    EXPECT_TRUE(finding.consequence.find(".c") != std::string::npos ||
                finding.severity == Finding::Severity::kWarning)
        << finding.consequence;
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, FaultTest,
    testing::ValuesIn(std::vector<Fault>{
        {"none", {}},
        {"row-appears", {}},
        {"early-pong", {}},
        {"early-pong-and-pong", {"extra-lines"}, "< PONG\n"},
        {"rows-can-be-created", {"set-untried"}, "< null\n"},
        {"any-name-is-there", {"get-absent", "set-untried"}, "< 5\n"},
        {"dies-at-start", {"exits"}},
        {"silent", {"silent"}, "> PING\n"},
        {"no-flush", {"flush"}, "> PING\n< PONG\n"},
        {"no-flush-but-of-pong", {"flush"}, "< .1.3.6.1.4.1.8072.9999"},
        {"chatter", {"chatter"}, "< hello, this is the agent\n< PONG\n"},
        {"pong-in-lower-case", {"pong"}, "> PING\n< pong\n"},
        {"pong-without-newline", {"missing-lines"}, "< PONG…\n"},
        {"endless-line", {"length"}},
        {"one-pong", {"ping"}, "< PONG\n> PING\n"},
        {"two-pongs", {"ping"}, "< PONG\n< PONG\n"},
        {"stderr-at-start", {"stderr"}},
        {"stderr-at-get", {"stderr"}},
        {"outlives-snmpd", {"eof"}},
        {"text-order",
         {"order"},
         ".77.3.10\n",
         "the name after .3.10 is smaller: .3.2, as if names were sorted as "
         "text"},
        {"text-order-of-rows",
         {"missed"},
         ".77.1.1.1\n< .1.3.6.1.4.1.8072.9999.9999.77.1.1.10\n",
         "the walk misses .1.1.2 to .1.1.9, which get answers: getnext .1.1.1 "
         "returns .1.1.10, as if names were sorted as text (16 of 30 names are "
         "missed)"},
        {"text-order-of-columns",
         {"missed"},
         ".77.1.10.1\n",
         "the walk misses .1.2.1 to .1.9.2, which get answers: getnext .1.1.2 "
         "returns .1.10.1, as if names were sorted as text (16 of 24 names are "
         "missed)"},
        {"misses-first-row",
         {"missed"},
         "< .1.3.6.1.4.1.8072.9999.9999.77.1.1.2\n",
         "the walk misses .1.1.1, which get answers: getnext  returns .1.1.2 "
         "(3 "
         "of 9 names are missed)"},
        {"misses-last-row",
         {"missed"},
         "< .1.3.6.1.4.1.8072.9999.9999.77.1.2.1\n",
         "the walk misses .1.1.3, which get answers: getnext .1.1.2 returns "
         ".1.2.1 (3 of 9 names are missed)"},
        {"misses-last-column",
         {"missed"},
         "< NONE\n",
         "the walk misses .1.3.1 to .1.3.3, which get answers: getnext .1.2.3 "
         "returns NONE (3 of 9 names are missed)"},
        {"no-value-ends-walk",
         {"missed"},
         "< NONE\n",
         "the walk misses .1.2.3 to .1.3.3, which get answers: getnext .1.2.1 "
         "returns NONE (4 of 8 names are missed)"},
        {"no-value-is-error",
         {"missed"},
         "< error\n",
         "the walk misses .1.2.3 to .1.3.3, which get answers: no name in the "
         "answer to getnext .1.2.1: \"error\" (4 of 8 names are missed)"},
        {"no-value-is-silent",
         {"missed"},
         "> getnext\n> .1.3.6.1.4.1.8072.9999.9999.77.1.2.1\n",
         "the walk misses .1.2.3 to .1.3.3, which get answers: no answer to "
         "getnext .1.2.1 within 2s (4 of 8 names are missed)"},
        {"value-at-base",
         {"base-value"},
         "> get\n> .1.3.6.1.4.1.8072.9999.9999.77\n"
         "< .1.3.6.1.4.1.8072.9999.9999.77\n"},
        {"only-value-at-base", {"base-value"}},
        {"end-repeats", {"order"}},
        {"end-starts-again", {"order"}},
        {"end-leaves-base", {"base"}, "< .1.3.6.1.4.1.8072.9999.9999.770.1\n"},
        {"end-is-too-long", {"arcs"}},
        {"end-is-silent", {"end"}},
        {"end-is-empty", {"end"}, "< \n"},
        {"end-in-lower-case", {"end"}, "< none\n"},
        {"base-is-no-name",
         {"missed"},
         "< NONE\n",
         "the walk misses .1.0 to .9.0, which get answers: getnext  returns "
         "NONE (11 of 11 names are missed)"},
        {"gap-is-end", {"gap"}, "< NONE\n"},
        {"gap-is-next-column",
         {"gap"},
         ".77.1.2.1\n",
         "getnext .1.1.0.5 returns .1.2.1 instead of .1.1.1"},
        {"gap-before-first-row",
         {"gap"},
         ".77.1.1.2\n",
         "getnext .1 returns .1.1.2 instead of .1.1.1"},
        {"gap-after-last-row",
         {"gap"},
         "< NONE\n",
         "getnext .1.1.4 returns NONE instead of .1.2.1"},
        {"gap-is-start", {"gap"}},
        {"long-name-kills", {"exits"}, ".4294967295"},
        {"get-finds-nothing", {"get"}},
        {"get-of-another-type", {"get"}},
        {"get-of-another-name", {"get"}},
        {"get-is-getnext", {"get-absent"}},
        {"get-dies", {"exits"}},
        {"get-is-silent", {"silent"}},
        {"textual-name", {"name"}, "< iso.3.6.1."},
        {"no-value-line", {"missing-lines"}},
        {"line-too-many", {"extra-lines"}},
        {"two-line-string", {"extra-lines"}},
        {"unknown-type", {"type"}, "< float\n< 1.5\n"},
        {"signed-integer", {}},
        {"two-signs", {"number"}, "< +-5\n"},
        {"no-number", {"number"}, "< five\n"},
        {"empty-number", {"number"}},
        {"negative-gauge", {"range"}},
        {"great-integer", {"range"}},
        {"great-counter", {"range"}},
        {"three-numbers", {"ipaddress"}},
        {"great-octet", {"ipaddress"}},
        {"ipaddress-and-dot", {}},
        {"blank-before-ipaddress", {"ipaddress"}, "<  10.1.2.3\n"},
        {"objectid-and-dot", {}},
        {"objectid-and-two-dots", {"objectid"}},
        {"blank-before-objectid", {"objectid"}, "<  .1.3.6\n"},
        {"textual-objectid", {"objectid"}},
        {"odd-objectid", {"objectid"}},
        {"joined-octets", {"octets"}, "< deadbeef\n"},
        {"empty-string", {"empty-string"}},
        {"nul", {"nul"}, "a\\000b"},
        {"string-and-cr", {"cr"}, "< text\\r\n"},
        {"lines-end-by-cr", {}},
        {"long-string", {"length"}, "(4095 bytes)"},
        {"many-octets", {"length"}},
        {"joined", {"joined"}},
        {"split", {"split"}},
        {"set-is-silent", {"set"}},
        {"set-has-two-answers", {"set"}},
        {"set-says-notWritable", {"set-reply"}, "< notWritable\n"},
        {"set-says-nothing", {"set-reply"}},
        {"blank-line", {"set-blank-line"}, "< NONE\n"},
        {"rest", {"set-rest"}, "> INTEGER\n"},
        {"unterminated", {"set-unterminated"}, "> integer 0…\n"},
        {"cut", {"set-cut"}, "> string \\\"aaa"},
    }),
    [](const testing::TestParamInfo<Fault>& info) {
      return absl::StrReplaceAll(info.param.name, {{"-", "_"}});
    });

}  // namespace
}  // namespace passpersist::tool
