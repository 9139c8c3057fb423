// SPDX-License-Identifier: Apache-2.0

#include "examples/settings_table.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "examples/atomic_file.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/testing/error_log.h"
#include "store/btree_store.h"
#include "transport/testing/fake_snmpd.h"

namespace {

using passpersist::AgentBuilder;
using passpersist::BtreeStore;
using passpersist::EncodeString;
using passpersist::Oid;
using passpersist_testing::ErrorLog;
using passpersist_testing::FakeSnmpd;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr absl::string_view kFile =
    "; our phones\n"
    "[voip]\n"
    "port  = 5060   ; no comment\n"
    "host = 10.0.0.1\n"
    "\n"
    "[mail]\n"
    "port = 25\n";

std::string Name(absl::string_view section, absl::string_view key) {
  return absl::StrCat(".1.3.6.1.4.1.8072.9999.9999.5.1.3",
                      EncodeString(section).ToString(),
                      EncodeString(key).ToString());
}

class SettingsTableTest : public testing::Test {
 protected:
  SettingsTableTest() { Write(kFile); }
  ~SettingsTableTest() override { std::remove(file_.c_str()); }

  void Write(absl::string_view text) const { std::ofstream(file_) << text; }
  std::string Read() const { return examples::ReadFile(file_).value_or(""); }

  AgentBuilder Builder() {
    AgentBuilder builder;
    builder.SetStoreFactory(BtreeStore::Factory()).OnError(errors_.Hook());
    AddSettings(builder, file_);
    return builder;
  }

  const std::string file_ = testing::TempDir() + "/settings.ini";
  ErrorLog errors_;
};

TEST_F(SettingsTableTest, IndexesTheSettingsBySectionAndKey) {
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(
      snmpd.Walk(".1.3.6.1.4.1.8072.9999.9999.5"),
      ElementsAre(
          absl::StrCat(Name("mail", "port"), " = STRING 25"),
          absl::StrCat(Name("voip", "host"), " = STRING 10.0.0.1"),
          absl::StrCat(Name("voip", "port"), " = STRING 5060   ; no comment")));
}

TEST_F(SettingsTableTest, SetChangesTheValueInTheFileAndNothingElse) {
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(snmpd.Set(Name("voip", "port"), "string \"5061\""), "DONE");
  EXPECT_EQ(snmpd.Get(Name("voip", "port")), "STRING 5061");
  const std::string changed =
      absl::StrReplaceAll(kFile, {{"5060   ; no comment", "5061"}});
  EXPECT_EQ(Read(), changed);
  EXPECT_EQ(snmpd.Set(Name("mail", "port"), "string \"\""), "DONE");
  EXPECT_EQ(Read(), absl::StrReplaceAll(changed, {{"25", ""}}));
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(snmpd.Get(Name("voip", "port")), "STRING 5061");
  EXPECT_EQ(snmpd.Get(Name("mail", "port")), "OCTET ");
}

TEST_F(SettingsTableTest, ShowsWithinASecondWhatAPersonEdits) {
  FakeSnmpd snmpd(Builder());
  Write("[voip]\nport = 5062\ncodec = g711\n");
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(snmpd.Get(Name("voip", "port")), "STRING 5062");
  EXPECT_EQ(snmpd.Get(Name("voip", "codec")), "STRING g711");
  EXPECT_EQ(snmpd.Get(Name("mail", "port")), "NONE");
}

TEST_F(SettingsTableTest, ASetChangesTheCurrentFileNotTheFileOfTheLastUpdate) {
  FakeSnmpd snmpd(Builder());
  const std::string edited =
      absl::StrCat("[new section]\nport = 1\n", kFile, "user = me\n");
  Write(edited);
  EXPECT_EQ(snmpd.Set(Name("mail", "port"), "string \"587\""), "DONE");
  EXPECT_EQ(Read(), absl::StrReplaceAll(edited, {{"25", "587"}}));
}

TEST_F(SettingsTableTest, RefusesASettingThatTheFileLacksWithNoCreation) {
  FakeSnmpd snmpd(Builder());
  for (const std::string& name :
       {Name("voip", "colour"), Name("fax", "port"), Name("", "port"),
        std::string(".1.3.6.1.4.1.8072.9999.9999.5.1.3.4"),
        Name("voip", "port") + ".0"}) {
    EXPECT_EQ(snmpd.Set(name, "string \"5061\""), "no-creation") << name;
  }
  // The file has lost the setting since the last update.
  Write("[voip]\nport = 5060\n");
  EXPECT_EQ(snmpd.Set(Name("mail", "port"), "string \"26\""), "no-creation");
  EXPECT_EQ(Read(), "[voip]\nport = 5060\n");
}

TEST_F(SettingsTableTest, RefusesAValueThatALineCannotHold) {
  FakeSnmpd snmpd(Builder());
  const std::string name = Name("voip", "port");
  EXPECT_EQ(snmpd.Set(name, "string \" 5061\""), "wrong-value");
  EXPECT_EQ(snmpd.Set(name, "string \"5061 \""), "wrong-value");
  EXPECT_EQ(snmpd.Set(name, "octet \"35 0a 36\""), "wrong-value");
  EXPECT_EQ(snmpd.Set(name, "octet \"35 00 36\""), "wrong-value");
  EXPECT_EQ(snmpd.Set(name, "octet \"1b\""), "wrong-value");
  EXPECT_EQ(snmpd.Set(name, "integer 5061"), "wrong-type");
  const std::string longest(255, 'x');
  EXPECT_EQ(snmpd.Set(name, absl::StrCat("string \"", longest, "x\"")),
            "wrong-length");
  EXPECT_EQ(Read(), kFile);
  EXPECT_EQ(snmpd.Set(name, absl::StrCat("string \"", longest, "\"")), "DONE");
  EXPECT_EQ(snmpd.Get(name), absl::StrCat("STRING ", longest));
}

TEST_F(SettingsTableTest, RefusesASetInAFileThatItCannotParse) {
  FakeSnmpd snmpd(Builder());
  const std::string broken = absl::StrCat(kFile, "user me\n");
  Write(broken);
  EXPECT_EQ(snmpd.Set(Name("voip", "port"), "string \"5061\""),
            "resource-unavailable");
  EXPECT_EQ(Read(), broken);
  EXPECT_EQ(snmpd.Get(Name("voip", "port")), "STRING 5060   ; no comment");
}

TEST_F(SettingsTableTest, RefusesASetThatItCannotStore) {
  FakeSnmpd snmpd(Builder());
  const std::string obstacle = testing::TempDir() + "/.settings.ini.new";
  ASSERT_EQ(mkdir(obstacle.c_str(), 0700), 0);
  EXPECT_EQ(snmpd.Set(Name("voip", "port"), "string \"5061\""),
            "resource-unavailable");
  EXPECT_THAT(errors_.Take(),
              ElementsAre(AllOf(HasSubstr("cannot replace " + file_),
                                HasSubstr(".settings.ini.new"))));
  EXPECT_EQ(Read(), kFile);
  EXPECT_EQ(snmpd.Get(Name("voip", "port")), "STRING 5060   ; no comment");
  ASSERT_EQ(rmdir(obstacle.c_str()), 0);
  EXPECT_EQ(snmpd.Set(Name("voip", "port"), "string \"5061\""), "DONE");
}

TEST_F(SettingsTableTest, KeepsItsRowsUntilTheFileIsValidAgain) {
  FakeSnmpd snmpd(Builder());
  Write("[voip]\nport = 5061\nuser me\n");
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(snmpd.Get(Name("mail", "port")), "STRING 25");
  EXPECT_THAT(
      errors_.Take(),
      ElementsAre(HasSubstr(absl::StrCat(
          file_, ":3: neither section, setting nor comment: \"user me\""))));
  std::remove(file_.c_str());
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(snmpd.Get(Name("mail", "port")), "STRING 25");
  EXPECT_THAT(errors_.Take(),
              ElementsAre(HasSubstr(absl::StrCat("cannot read ", file_))));
  Write("[voip]\nport = 5061\n");
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(snmpd.Get(Name("voip", "port")), "STRING 5061");
  EXPECT_EQ(snmpd.Get(Name("mail", "port")), "NONE");
  EXPECT_THAT(errors_.Take(), IsEmpty());
}

TEST_F(SettingsTableTest, ServesLongerValuesThanItAccepts) {
  const std::string value(1000, 'x');
  Write(absl::StrCat("[voip]\nport = ", value, "\n"));
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(snmpd.Get(Name("voip", "port")), absl::StrCat("STRING ", value));
}

TEST_F(SettingsTableTest, LeavesOutAndReportsNamesThatDoNotFitIntoAnOid) {
  const std::string longest(110, 'k');
  Write(absl::StrCat("[voip]\n", longest, " = 1\n", longest, "k = 2\n"));
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.4.1.8072.9999.9999.5"),
              ElementsAre(absl::StrCat(Name("voip", longest), " = STRING 1")));
  const Oid index = Concat(EncodeString("voip"), EncodeString(longest + "k"));
  EXPECT_THAT(errors_.Take(), ElementsAre(HasSubstr(index.ToString())));
}

}  // namespace
