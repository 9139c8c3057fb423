// SPDX-License-Identifier: Apache-2.0
//
// Twenty walks in a table of a million rows that is replaced every second: the
// memory of the agent is bounded, and the oldest walk loses its picture first.
// Without walks an agent of TrieStore has 22 MiB, and one of BtreeStore 28.

#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/raw_request.h"
#include "tools/process/process.h"

namespace passpersist_testing {
namespace {

using passpersist::Oid;

constexpr int kWalks = 20;
constexpr absl::Duration kPeriod = absl::Seconds(1);

// A walk row by row. The value of a row is the number of the update that it is
// from.
struct Walk {
  Oid name = *Oid::Parse(absl::StrCat(kPlaypen, ".1"));
  int64_t update = 0;
  // It has lost its first snapshot, or must have at its next row.
  bool lost = false;
  bool must_be_lost = false;
};

int64_t ToNumber(const std::string& content) {
  int64_t number = 0;
  for (const char c : content) number = number << 8 | static_cast<uint8_t>(c);
  return number;
}

class OldSnapshotsTest : public PlaypenTest,
                         public testing::WithParamInterface<const char*> {
 protected:
  void SetUp() override {
    StartSnmpd(
        {AgentLine(kPlaypen, "reads/generations_agent",
                   {GetParam(), "1", "1000000", "1", PathOf("pauses")})});
    ASSERT_FALSE(HasFatalFailure());
    // Starts the agent.
    Walk first;
    Step(&first);
  }

  // The memory of the agent, in MiB.
  double Memory() const {
    std::ifstream file(absl::StrCat("/proc/", Agent().pid(), "/statm"));
    size_t total = 0;
    size_t resident = 0;
    file >> total >> resident;
    return static_cast<double>(resident) * sysconf(_SC_PAGESIZE) / (1 << 20);
  }

  // Asks for the next rows, and sets walk->update to that of all of them.
  void Step(Walk* walk) {
    const absl::StatusOr<RawResponse> response =
        SendRaw(snmpd().port(), snmpd().community(),
                {RawRequest::Pdu::kGetBulk, {{walk->name}}, 0, 10});
    ASSERT_TRUE(response.ok()) << response.status();
    ASSERT_EQ(response->bindings.size(), 10u);
    walk->name = response->bindings.back().name;
    walk->update = ToNumber(response->bindings.back().content);
  }
};

INSTANTIATE_TEST_SUITE_P(Stores, OldSnapshotsTest,
                         testing::Values("btree", "trie"));

TEST_P(OldSnapshotsTest, AreBoundedAndTheOldestWalkLosesItsPictureFirst) {
  double alone = 0;
  for (const absl::Time begin = absl::Now();
       absl::Now() - begin < 5 * kPeriod;) {
    alone = std::max(alone, Memory());
    EXPECT_FALSE(Agent().AwaitEnd(absl::Milliseconds(20)));
  }

  double walked = 0;
  int64_t newest = 0;
  std::vector<Walk> walks;
  for (const absl::Time begin = absl::Now();
       absl::Now() - begin < (kWalks + 2) * kPeriod;) {
    if (walks.size() < kWalks && absl::Now() - begin > walks.size() * kPeriod) {
      walks.emplace_back();
    }
    for (Walk& walk : walks) {
      const int64_t before = walk.update;
      Step(&walk);
      ASSERT_FALSE(HasFatalFailure());
      if (before != 0 && walk.update != before) {
        walk.lost = true;
        walk.must_be_lost = false;
        // It continues in the newest snapshot, and older walks do, too.
        EXPECT_GE(walk.update, newest);
        for (Walk& other : walks) {
          other.must_be_lost |= other.update != 0 && other.update < before;
        }
      }
      EXPECT_FALSE(walk.must_be_lost) << "walk " << &walk - walks.data();
      newest = std::max(newest, walk.update);
    }
    walked = std::max(walked, Memory());
  }
  EXPECT_TRUE(walks.front().lost);
  EXPECT_FALSE(walks.back().lost);
  EXPECT_LE(walked, 4 * alone);
  RecordProperty("mib_alone", absl::StrCat(alone));
  RecordProperty("mib_with_walks", absl::StrCat(walked));
  RecordProperty("updates", absl::StrCat(newest));
  RecordProperty("lost", static_cast<int>(std::count_if(
                             walks.begin(), walks.end(),
                             [](const Walk& walk) { return walk.lost; })));
}

}  // namespace
}  // namespace passpersist_testing
