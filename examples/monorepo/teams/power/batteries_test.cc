// SPDX-License-Identifier: Apache-2.0

#include "teams/power/batteries.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/error_log.h"
#include "store/trie_store.h"
#include "transport/testing/fake_snmpd.h"

namespace acme {
namespace {

using passpersist::AgentBuilder;
using passpersist::TrieStore;
using passpersist_testing::ErrorLog;
using passpersist_testing::FakeSnmpd;
using testing::ElementsAre;
using testing::HasSubstr;

class BatteriesTest : public testing::Test {
 protected:
  void Write(absl::string_view lines) const { std::ofstream(file_) << lines; }

  AgentBuilder Builder() {
    AgentBuilder builder;
    builder.SetStoreFactory(TrieStore::Factory()).OnError(errors_.Hook());
    AddBatteries(builder, file_);
    return builder;
  }

  const std::string file_ = testing::TempDir() + "/batteries";
  ErrorLog errors_;
};

TEST_F(BatteriesTest, ShowsEachBatteryWithItsKnownColumns) {
  Write("7 55 - cellar\n3 97 42 rack 7\n");
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.4.1.32473"),
              ElementsAre(".1.3.6.1.4.1.32473.1.1.1.2.3 = STRING rack 7",
                          ".1.3.6.1.4.1.32473.1.1.1.2.7 = STRING cellar",
                          ".1.3.6.1.4.1.32473.1.1.1.3.3 = GAUGE 97",
                          ".1.3.6.1.4.1.32473.1.1.1.3.7 = GAUGE 55",
                          ".1.3.6.1.4.1.32473.1.1.1.4.3 = GAUGE 42"));
}

TEST_F(BatteriesTest, ReadsTheFileEveryTenSeconds) {
  Write("3 97 42 rack 7\n");
  FakeSnmpd snmpd(Builder());
  Write("3 96 41 rack 7\n");
  EXPECT_EQ(snmpd.Get(".1.3.6.1.4.1.32473.1.1.1.3.3"), "GAUGE 97");
  snmpd.Advance(absl::Seconds(10));
  EXPECT_EQ(snmpd.Get(".1.3.6.1.4.1.32473.1.1.1.3.3"), "GAUGE 96");
}

TEST_F(BatteriesTest, KeepsItsRowsAndNamesTheLineThatItCannotRead) {
  Write("3 97 42 rack 7\n");
  FakeSnmpd snmpd(Builder());
  for (const char* const line :
       {"3 96", "3 96 soon rack 7", "three 96 41 x", "3 -1 41 x", "3 96 -1 x",
        "-3 96 41 x", "3 4294967296 41 x", "3 96% 41 x"}) {
    Write(line);
    snmpd.Advance(absl::Seconds(10));
    EXPECT_THAT(errors_.Take(), ElementsAre(HasSubstr(line)));
    EXPECT_EQ(snmpd.Get(".1.3.6.1.4.1.32473.1.1.1.3.3"), "GAUGE 97");
  }
}

TEST_F(BatteriesTest, KeepsItsRowsWhenTheFileCannotBeRead) {
  Write("3 97 42 rack 7\n");
  FakeSnmpd snmpd(Builder());
  const auto expect_unreadable = [&] {
    snmpd.Advance(absl::Seconds(10));
    EXPECT_THAT(errors_.Take(), ElementsAre(HasSubstr("cannot read " + file_)));
    EXPECT_EQ(snmpd.Get(".1.3.6.1.4.1.32473.1.1.1.3.3"), "GAUGE 97");
  };
  std::filesystem::remove(file_);
  expect_unreadable();
  std::filesystem::create_directory(file_);  // can be opened, but not read
  expect_unreadable();
  std::filesystem::remove(file_);
}

}  // namespace
}  // namespace acme
