// SPDX-License-Identifier: Apache-2.0

#include "teams/voip/trunks.h"

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/error_log.h"
#include "transport/testing/fake_snmpd.h"

namespace acme {
namespace {

using passpersist::AgentBuilder;
using passpersist_testing::ErrorLog;
using passpersist_testing::FakeSnmpd;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kEnabled1[] = ".1.3.6.1.4.1.32473.2.1.1.3.1";

class TrunksTest : public testing::Test {
 protected:
  TrunksTest() {
    std::filesystem::remove_all(directory_);
    std::filesystem::create_directory(directory_);
    Write("1", "Berlin\n");
    Write("20", "Oslo\n");
    Write("20.off", "");
    Write("README", "not a trunk\n");
    Write("07", "not a trunk, either\n");
  }

  void Write(const std::string& file, absl::string_view text) const {
    std::ofstream(directory_ / file) << text;
  }

  AgentBuilder Builder() {
    AgentBuilder builder;
    builder.OnError(errors_.Hook());
    AddTrunks(builder, directory_);
    return builder;
  }

  const std::filesystem::path directory_ =
      std::filesystem::path(testing::TempDir()) / "trunks";
  ErrorLog errors_;
};

TEST_F(TrunksTest, ShowsEachTrunkAndWhetherItIsEnabled) {
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.4.1.32473"),
              ElementsAre(".1.3.6.1.4.1.32473.2.1.1.2.1 = STRING Berlin",
                          ".1.3.6.1.4.1.32473.2.1.1.2.20 = STRING Oslo",
                          ".1.3.6.1.4.1.32473.2.1.1.3.1 = INTEGER 1",
                          ".1.3.6.1.4.1.32473.2.1.1.3.20 = INTEGER 2"));
}

TEST_F(TrunksTest, CanBeDisabledAndEnabledAgain) {
  FakeSnmpd snmpd(Builder());
  for (const auto& [value, is_off] : {std::pair("2", true), {"1", false}}) {
    EXPECT_EQ(snmpd.Set(kEnabled1, absl::StrCat("integer ", value)), "DONE");
    EXPECT_EQ(std::filesystem::exists(directory_ / "1.off"), is_off);
    EXPECT_EQ(snmpd.Get(kEnabled1), absl::StrCat("INTEGER ", value));
    snmpd.Advance(absl::Seconds(5));
    EXPECT_EQ(snmpd.Get(kEnabled1), absl::StrCat("INTEGER ", value));
  }
}

TEST_F(TrunksTest, RefusesWhatIsNeitherTrueNorFalse) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(snmpd.Set(kEnabled1, "integer 0"), "wrong-value");
  EXPECT_EQ(snmpd.Set(kEnabled1, "integer 3"), "wrong-value");
  EXPECT_EQ(snmpd.Get(kEnabled1), "INTEGER 1");
}

TEST_F(TrunksTest, NeitherCreatesNorRenamesTrunks) {
  FakeSnmpd snmpd(Builder());
  const std::string column = ".1.3.6.1.4.1.32473.2.1.1.3";
  for (const char* const index : {".5", ".99.1", ".1.1", ".1.0", ""}) {
    EXPECT_EQ(snmpd.Set(column + index, "integer 2"), "no-creation") << index;
  }
  EXPECT_EQ(snmpd.Set(".1.3.6.1.4.1.32473.2.1.1.2.1", "string \"Rome\""),
            "not-writable");
  EXPECT_FALSE(std::filesystem::exists(directory_ / "1.off"));
  EXPECT_FALSE(std::filesystem::exists(directory_ / "5.off"));
}

TEST_F(TrunksTest, ReportsWhyItCannotDisableATrunk) {
  FakeSnmpd snmpd(Builder());
  std::filesystem::create_directory(directory_ / "1.off");
  EXPECT_EQ(snmpd.Set(kEnabled1, "integer 2"), "resource-unavailable");
  EXPECT_THAT(errors_.Take(), ElementsAre(HasSubstr("1.off: Is a directory")));
  EXPECT_EQ(snmpd.Get(kEnabled1), "INTEGER 1");
}

TEST_F(TrunksTest, KeepsItsRowsWhileANameCannotBeRead) {
  FakeSnmpd snmpd(Builder());
  Write("1", "Bonn\n");
  std::filesystem::create_directory(directory_ /
                                    "7");  // can be opened, but not read
  snmpd.Advance(absl::Seconds(5));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.4.1.32473.2.1.1.2.1"), "STRING Berlin");
  EXPECT_EQ(snmpd.Get(".1.3.6.1.4.1.32473.2.1.1.2.7"), "NONE");
  EXPECT_THAT(errors_.Take(), ElementsAre(HasSubstr("no name in")));
}

TEST_F(TrunksTest, KeepsItsRowsWhenTheDirectoryIsMissing) {
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(errors_.Take(), IsEmpty());
  std::filesystem::remove_all(directory_);
  snmpd.Advance(absl::Seconds(5));
  EXPECT_EQ(snmpd.Get(kEnabled1), "INTEGER 1");
  EXPECT_THAT(errors_.Take(), ElementsAre(HasSubstr("trunks")));
}

}  // namespace
}  // namespace acme
