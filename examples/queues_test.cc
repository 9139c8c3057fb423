// SPDX-License-Identifier: Apache-2.0

#include "examples/queues.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "store/trie_store.h"
#include "transport/testing/fake_snmpd.h"

namespace {

using passpersist::AgentBuilder;
using passpersist::TrieStore;
using passpersist_testing::FakeSnmpd;
using testing::ElementsAre;
using testing::IsEmpty;

class QueuesTest : public testing::Test {
 protected:
  void Write(absl::string_view lines) const { std::ofstream(file_) << lines; }

  AgentBuilder Builder() const {
    AgentBuilder builder;
    builder.SetStoreFactory(TrieStore::Factory());
    AddQueues(builder, file_);
    return builder;
  }

  static std::string Get(FakeSnmpd& snmpd, const std::string& suffix) {
    return snmpd.Get(".1.3.6.1.4.1.8072.9999.9999.4.1." + suffix);
  }

  const std::string file_ = testing::TempDir() + "/queues";
};

TEST_F(QueuesTest, ShowsTheQueuesInOrderForAnyOrderOfLines) {
  Write(
      "2 0 70 9000 0\n"
      "1 5 60 18446744073709551615 3 1000\n");
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(
      snmpd.Walk(".1.3.6.1.4.1.8072.9999.9999"),
      ElementsAre(".1.3.6.1.4.1.8072.9999.9999.4.1.1.1.5 = Counter64 60",
                  ".1.3.6.1.4.1.8072.9999.9999.4.1.1.2.0 = Counter64 70",
                  ".1.3.6.1.4.1.8072.9999.9999.4.1.2.1.5 = "
                  "Counter64 18446744073709551615",
                  ".1.3.6.1.4.1.8072.9999.9999.4.1.2.2.0 = Counter64 9000",
                  ".1.3.6.1.4.1.8072.9999.9999.4.1.3.1.5 = Counter64 3",
                  ".1.3.6.1.4.1.8072.9999.9999.4.1.3.2.0 = Counter64 0",
                  ".1.3.6.1.4.1.8072.9999.9999.4.1.4.1.5 = GAUGE 1000"));
}

TEST_F(QueuesTest, ShowsWithinASecondWhatTheSchedulerWrites) {
  Write("1 0 1 64 0\n");
  FakeSnmpd snmpd(Builder());
  Write("1 0 2 128 0 500\n1 1 7 7 7\n");
  EXPECT_EQ(Get(snmpd, "1.1.0"), "Counter64 1");
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(Get(snmpd, "1.1.0"), "Counter64 2");
  EXPECT_EQ(Get(snmpd, "4.1.0"), "GAUGE 500");
  EXPECT_EQ(Get(snmpd, "1.1.1"), "Counter64 7");
  Write("1 1 8 8 8\n");
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(Get(snmpd, "1.1.0"), "NONE");
  EXPECT_EQ(Get(snmpd, "1.1.1"), "Counter64 8");
}

TEST_F(QueuesTest, KeepsItsRowsUntilTheFileIsValidAgain) {
  Write("1 0 1 64 0\n");
  FakeSnmpd snmpd(Builder());
  for (const char* const lines :
       {"1 0 2 64 0\n1 1 7", "1 0 2 64 0 4294967296\n", "1 0 2 64 0\nport 1\n",
        "1 0 2 64 0\n1 0 3 64 0\n", "1 0 2 64 -1\n", "4294967296 0 2 64 0\n",
        "1 0 2 64 0x\n", "1 0 2 64 0 many\n", "1 0 2 64 0 9 9\n"}) {
    Write(lines);
    snmpd.Advance(absl::Seconds(1));
    EXPECT_EQ(Get(snmpd, "1.1.0"), "Counter64 1") << lines;
    Write("1 0 1 64 0\n1 1 5 64 0\n");
    snmpd.Advance(absl::Seconds(1));
    EXPECT_EQ(Get(snmpd, "1.1.1"), "Counter64 5") << "after " << lines;
    Write("1 0 1 64 0\n");
    snmpd.Advance(absl::Seconds(1));
    EXPECT_EQ(Get(snmpd, "1.1.1"), "NONE");
  }
}

TEST_F(QueuesTest, KeepsItsRowsWhenTheFileIsMissing) {
  Write("1 0 1 64 0\n");
  FakeSnmpd snmpd(Builder());
  std::remove(file_.c_str());
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(Get(snmpd, "1.1.0"), "Counter64 1");
  // A directory can be opened, but not read.
  const absl::Cleanup remove = [&] { std::filesystem::remove(file_); };
  std::filesystem::create_directory(file_);
  snmpd.Advance(absl::Seconds(1));
  EXPECT_EQ(Get(snmpd, "1.1.0"), "Counter64 1");
}

TEST_F(QueuesTest, AcceptsBlanksAtTheEndOfALine) {
  Write("1 0 1 64 0 \n1 1 2 64 0 9 \n");
  FakeSnmpd snmpd(Builder());
  EXPECT_EQ(Get(snmpd, "1.1.0"), "Counter64 1");
  EXPECT_EQ(Get(snmpd, "4.1.1"), "GAUGE 9");
}

TEST_F(QueuesTest, ASchedulerWithoutQueuesIsAnEmptyTable) {
  Write("");
  FakeSnmpd snmpd(Builder());
  EXPECT_THAT(snmpd.Walk(".1.3.6.1.4.1.8072.9999.9999"), IsEmpty());
}

}  // namespace
