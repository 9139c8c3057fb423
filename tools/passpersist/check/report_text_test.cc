// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/report_text.h"

#include <string>

#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/checker.h"
#include "tools/passpersist/check/finding.h"
#include "tools/passpersist/check/report.pb.h"
#include "tools/passpersist/text/palette.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::IsMessage;

CheckReport MakeReport() {
  CheckReport report;
  report.base = Oid{1, 3};
  report.names = 12;
  report.findings = {
      {Finding::Severity::kError, "order", ".1.3.9 comes after .1.3.\x1b",
       "> getnext\n> .1.3.10\n< .1.3.9\n",
       "snmpd passes it on, and snmpwalk ends there with an error that says "
       "that the OID is not increasing (snmpwalk.c)"},
      {Finding::Severity::kWarning, "slow", "1.2s", "", "others wait"}};
  return report;
}

TEST(ReportTextTest, HasTheFindingsAndTheirConsequences) {
  EXPECT_EQ(ReportText(MakeReport(), Palette(false)),
            "error order: .1.3.9 comes after .1.3.\\x1b\n"
            "    > getnext\n"
            "    > .1.3.10\n"
            "    < .1.3.9\n"
            "  snmpd passes it on, and snmpwalk ends there with an error that "
            "says that the\n"
            "  OID is not increasing (snmpwalk.c)\n"
            "\n"
            "warning slow: 1.2s\n"
            "  others wait\n"
            "\n"
            "1 error, 1 warning in 12 names below .1.3\n");
}

TEST(ReportTextTest, WithoutFindings) {
  CheckReport report;
  EXPECT_EQ(ReportText(report, Palette(false)), "no findings in 0 names\n");
  report.base = Oid{1, 3};
  report.base_guessed = true;
  report.names = 1;
  report.walk_cut = true;
  EXPECT_EQ(
      ReportText(report, Palette(false)),
      "no findings in 1 name below .1.3 (guessed; set it with --base=OID); "
      "there are more names\n");
}

TEST(ReportTextTest, SeverityHasAColour) {
  const std::string text = ReportText(MakeReport(), Palette(true));
  EXPECT_NE(text.find("\x1b[31merror\x1b[0m"), std::string::npos);
  EXPECT_NE(text.find("\x1b[33mwarning\x1b[0m"), std::string::npos);
  EXPECT_NE(ReportText(CheckReport(), Palette(true)).find("\x1b[32m"),
            std::string::npos);
}

TEST(ReportTextTest, ReportAsAMessage) {
  CheckReport report = MakeReport();
  report.findings.resize(1);
  report.findings[0].consequence = "\xff";
  EXPECT_THAT(ToProto(report), IsMessage(R"(
    base: '.1.3'
    names: 12
    findings {
      severity: ERROR
      id: 'order'
      what: '.1.3.9 comes after .1.3.\033'
      evidence: '> getnext\n> .1.3.10\n< .1.3.9\n'
      consequence: '\357\277\275'
    }
  )"));
}

}  // namespace
}  // namespace passpersist::tool
