// SPDX-License-Identifier: Apache-2.0

#include "teams/power/batteries.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"

namespace acme {
namespace {

using passpersist::AgentBuilder;
using passpersist::Gauge32;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist::VarBind;
using passpersist_testing::TestAgent;
using testing::ElementsAre;
using testing::HasSubstr;

// Returns the name of a cell.
Oid Cell(uint32_t column, uint32_t battery) {
  return {1, 3, 6, 1, 4, 1, 32473, 1, 1, 1, column, battery};
}

class BatteriesTest : public testing::Test {
 protected:
  void Write(absl::string_view lines) const { std::ofstream(file_) << lines; }

  AgentBuilder Builder() const {
    AgentBuilder builder;
    AddBatteries(builder, file_);
    return builder;
  }

  const std::string file_ = testing::TempDir() + "/batteries";
};

TEST_F(BatteriesTest, ShowsEachBatteryWithItsKnownColumns) {
  Write("7 55 - cellar\n3 97 42 rack 7\n");
  TestAgent agent(Builder());
  std::vector<Oid> names;
  for (const VarBind& cell : agent.Walk({1, 3, 6, 1, 4, 1, 32473})) {
    names.push_back(cell.oid);
  }
  EXPECT_THAT(names, ElementsAre(Cell(2, 3), Cell(2, 7), Cell(3, 3), Cell(3, 7),
                                 Cell(4, 3)));
  EXPECT_EQ(agent.Get(Cell(2, 3)), OctetString{"rack 7"});
  EXPECT_EQ(agent.Get(Cell(2, 7)), OctetString{"cellar"});
  EXPECT_EQ(agent.Get(Cell(3, 3)), Gauge32{97});
  EXPECT_EQ(agent.Get(Cell(3, 7)), Gauge32{55});
  EXPECT_EQ(agent.Get(Cell(4, 3)), Gauge32{42});
}

TEST_F(BatteriesTest, ReadsTheFileEveryTenSeconds) {
  Write("3 97 42 rack 7\n");
  TestAgent agent(Builder());
  Write("3 96 41 rack 7\n");
  EXPECT_EQ(agent.Get(Cell(3, 3)), Gauge32{97});
  agent.Advance(absl::Seconds(10));
  EXPECT_EQ(agent.Get(Cell(3, 3)), Gauge32{96});
}

TEST_F(BatteriesTest, KeepsItsRowsAndNamesTheLineThatItCannotRead) {
  Write("3 97 42 rack 7\n");
  TestAgent agent(Builder());
  for (const char* const line :
       {"3 96", "3 96 soon rack 7", "three 96 41 x", "3 -1 41 x", "3 96 -1 x",
        "-3 96 41 x", "3 4294967296 41 x", "3 96% 41 x"}) {
    Write(line);
    agent.Advance(absl::Seconds(10));
    EXPECT_THAT(agent.TakeErrors(), ElementsAre(HasSubstr(line)));
    EXPECT_EQ(agent.Get(Cell(3, 3)), Gauge32{97});
  }
}

TEST_F(BatteriesTest, KeepsItsRowsWhenTheFileCannotBeRead) {
  Write("3 97 42 rack 7\n");
  TestAgent agent(Builder());
  const auto expect_unreadable = [&] {
    agent.Advance(absl::Seconds(10));
    EXPECT_THAT(agent.TakeErrors(),
                ElementsAre(HasSubstr("cannot read " + file_)));
    EXPECT_EQ(agent.Get(Cell(3, 3)), Gauge32{97});
  };
  std::filesystem::remove(file_);
  expect_unreadable();
  std::filesystem::create_directory(file_);  // can be opened, but not read
  expect_unreadable();
  std::filesystem::remove(file_);
}

}  // namespace
}  // namespace acme
