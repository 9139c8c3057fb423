// SPDX-License-Identifier: Apache-2.0
//
// Shows how to test a table in memory, without snmpd.

#include "examples/disks.h"

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"

namespace {

using passpersist::AgentBuilder;
using passpersist::Counter64;
using passpersist::OctetString;
using passpersist::Oid;
using passpersist_testing::TestAgent;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

// Returns the name of a cell. `index` is 3.115.100.97 for the disk "sda".
Oid Cell(uint32_t column, const Oid& index) {
  Oid name = {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 7, 1, 1, column};
  name.Append(index);
  return name;
}

const Oid kRoot = {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 7};
const Oid kSda = {3, 115, 100, 97};
const Oid kLoop0 = {5, 108, 111, 111, 112, 48};

// Provides a directory like /sys.
class DisksTest : public testing::Test {
 protected:
  DisksTest() {
    std::filesystem::remove_all(sys_);
    Write("sda/stat", " 20 1 3 40");
    Write("sda/device/model", "ST1000  ");
    Write("loop0/stat", "0 0 0 0");
  }

  void Write(const std::string& file, absl::string_view text) {
    const std::filesystem::path path = sys_ / "block" / file;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text << "\n";
  }

  AgentBuilder Builder() const {
    AgentBuilder builder;
    AddDisks(builder, sys_);
    return builder;
  }

  const std::filesystem::path sys_ =
      std::filesystem::path(testing::TempDir()) / "sys";
};

TEST_F(DisksTest, ShowsEveryColumnOfADisk) {
  TestAgent agent(Builder());
  EXPECT_EQ(agent.Get(Cell(2, kSda)), OctetString{"ST1000"});
  EXPECT_EQ(agent.Get(Cell(3, kSda)), Counter64{3 * 512});
  EXPECT_THAT(agent.TakeErrors(), IsEmpty());
}

TEST_F(DisksTest, ADiskWithoutAModelLacksTheCell) {
  TestAgent agent(Builder());
  EXPECT_EQ(agent.Get(Cell(2, kLoop0)), std::nullopt);
  EXPECT_EQ(agent.Get(Cell(3, kLoop0)), Counter64{0});
  EXPECT_THAT(agent.Walk(kRoot), SizeIs(3));
}

TEST_F(DisksTest, ShowsANewDiskAfterTheNextUpdate) {
  TestAgent agent(Builder());
  Write("sdb/stat", "1 0 1 0");
  const Oid sdb = {3, 115, 100, 98};
  EXPECT_EQ(agent.Get(Cell(3, sdb)), std::nullopt);
  agent.Advance(absl::Seconds(5));
  EXPECT_EQ(agent.Get(Cell(3, sdb)), Counter64{512});
}

TEST_F(DisksTest, KeepsItsRowsIfTheDirectoryCannotBeRead) {
  TestAgent agent(Builder());
  std::filesystem::remove_all(sys_);
  agent.Advance(absl::Seconds(5));
  EXPECT_THAT(agent.TakeErrors(), ElementsAre(HasSubstr("/block")));
  EXPECT_EQ(agent.Get(Cell(3, kSda)), Counter64{1536});
}

}  // namespace
