// SPDX-License-Identifier: Apache-2.0
//
// A walk sees one picture of a table that changes all the time.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "tools/e2e/reads/pause_observer.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/raw_request.h"

namespace passpersist_testing {
namespace {

using passpersist::Oid;
using testing::SizeIs;

constexpr uint32_t kRows = 30;
// snmpd answers at most so many names with a GETBULK.
constexpr uint32_t kMaxNames = 2000;

// The columns first to last.
struct Columns {
  uint32_t first;
  uint32_t last;

  uint32_t size() const { return last - first + 1; }
};

// What a number of reads has seen.
class Generations {
 public:
  // A read has seen these updates. `pauses` is the number of pauses within it.
  void Add(const std::set<std::string>& updates, size_t pauses) {
    ++reads_;
    first_.insert(*updates.begin());
    if (updates.size() == 1) return;
    mixed_ += 1;
    EXPECT_GT(pauses, 0u) << "read " << reads_ << " has seen " << updates.size()
                          << " updates";
  }

  ~Generations() {
    // The table has changed from each read to the next.
    EXPECT_GT(first_.size(), reads_ / 2);
    testing::Test::RecordProperty("mixed", static_cast<int>(mixed_));
  }

 private:
  size_t reads_ = 0;
  size_t mixed_ = 0;
  std::set<std::string> first_;
};

class GenerationsTest : public PlaypenTest,
                        public testing::WithParamInterface<uint32_t> {
 protected:
  void StartAgent(uint32_t columns) {
    StartSnmpd({AgentLine(kPlaypen, "reads/generations_agent",
                          {"btree", absl::StrCat(columns), absl::StrCat(kRows),
                           "0.002", PathOf("pauses")}),
                absl::StrCat("maxGetbulkResponses ", kMaxNames),
                absl::StrCat("maxGetbulkRepeats ", kRows),
                "sendMessageMaxSize 65535"});
  }

  // The names of the columns, or of one of their rows.
  static std::vector<RawBinding> Names(const Columns& columns, uint32_t row) {
    const Oid playpen = *Oid::Parse(kPlaypen);
    std::vector<RawBinding> names;
    for (uint32_t column = columns.first; column <= columns.last; ++column) {
      names.push_back(
          {Concat(playpen, row == 0 ? Oid{column} : Oid{column, row})});
    }
    return names;
  }

  // Adds the values of the answer to *values.
  void Read(const RawRequest& request, size_t size,
            std::set<std::string>* values) {
    const absl::StatusOr<RawResponse> response =
        SendRaw(snmpd().port(), snmpd().community(), request);
    ASSERT_TRUE(response.ok()) << response.status();
    ASSERT_THAT(response->bindings, SizeIs(size));
    for (const RawBinding& binding : response->bindings) {
      values->insert(binding.content);
    }
  }

  // Reads the table row by row.
  void Walk(const Columns& columns, Generations* generations) {
    const size_t pauses = CountPauses(columns);
    std::set<std::string> values;
    for (uint32_t row = 0; row < kRows; ++row) {
      Read({RawRequest::Pdu::kGetNext, Names(columns, row)}, columns.size(),
           &values);
      if (HasFatalFailure()) return;
    }
    generations->Add(values, CountPauses(columns) - pauses);
  }

  void GetBulk(const Columns& columns, Generations* generations) {
    const uint32_t rows = std::min(kRows, kMaxNames / columns.size());
    const size_t pauses = CountPauses(columns);
    std::set<std::string> values;
    Read({RawRequest::Pdu::kGetBulk, Names(columns, 0), 0,
          static_cast<uint16_t>(rows)},
         columns.size() * rows, &values);
    if (HasFatalFailure()) return;
    generations->Add(values, CountPauses(columns) - pauses);
  }

  // The number of pauses within PDUs that began these columns.
  size_t CountPauses(const Columns& columns) const {
    return passpersist_testing::CountPauses(PathOf("pauses"), columns.first,
                                            columns.last);
  }
};

INSTANTIATE_TEST_SUITE_P(Columns, GenerationsTest,
                         testing::Values(10, 33, 40, 200));

TEST_P(GenerationsTest, AWalkOfManyColumnsSeesOneUpdate) {
  StartAgent(GetParam());
  ASSERT_FALSE(HasFatalFailure());
  Generations generations;
  for (int walk = 0; walk < 10; ++walk) Walk({1, GetParam()}, &generations);
}

TEST_P(GenerationsTest, AGetBulkSeesOneUpdate) {
  StartAgent(GetParam());
  ASSERT_FALSE(HasFatalFailure());
  Generations generations;
  for (int i = 0; i < 20; ++i) GetBulk({1, GetParam()}, &generations);
}

using ThousandGetBulksTest = GenerationsTest;

INSTANTIATE_TEST_SUITE_P(Columns, ThousandGetBulksTest, testing::Values(40));

TEST_P(ThousandGetBulksTest, SeeOneUpdateEach) {
  StartAgent(GetParam());
  ASSERT_FALSE(HasFatalFailure());
  Generations generations;
  for (int i = 0; i < 1000; ++i) GetBulk({1, GetParam()}, &generations);
}

using TwoManagersTest = GenerationsTest;

INSTANTIATE_TEST_SUITE_P(Columns, TwoManagersTest, testing::Values(100));

TEST_P(TwoManagersTest, WithAHundredColumnsEachSeeOneUpdateEach) {
  StartAgent(2 * GetParam());
  ASSERT_FALSE(HasFatalFailure());
  const auto walk = [&](const Columns& columns) {
    Generations generations;
    for (int i = 0; i < 10; ++i) Walk(columns, &generations);
  };
  std::thread other([&] { walk({GetParam() + 1, 2 * GetParam()}); });
  walk({1, GetParam()});
  other.join();
}

}  // namespace
}  // namespace passpersist_testing
