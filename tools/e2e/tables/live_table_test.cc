// SPDX-License-Identifier: Apache-2.0
//
// Four managers walk a table whose rows change all the time: the cells of a row
// are of one change. The benchmark of 100,000 rows prints what it has measured:
//
//   bazel run -c opt //tools/e2e/tables:live_table_test --
//     --gtest_also_run_disabled_tests --gtest_filter='DISABLED_*'

#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "tools/e2e/reads/pause_observer.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/raw_request.h"

namespace passpersist_testing {
namespace {

using passpersist::Oid;
using testing::IsEmpty;
using testing::SizeIs;
using Clock = std::chrono::steady_clock;

constexpr uint32_t kColumns = 10;

struct Parameters {
  uint32_t rows;
  int changes_a_second;
  int seconds;
  // A walk that reads so many rows begins again.
  uint32_t rows_of_a_walk;
  uint32_t rows_of_a_bulk_walk;
};

// What a manager has read.
struct Reads {
  size_t walks = 0;
  size_t rows = 0;
  size_t changed_rows = 0;
  size_t mixed_rows = 0;

  void Add(const Reads& other) {
    walks += other.walks;
    rows += other.rows;
    changed_rows += other.changed_rows;
    mixed_rows += other.mixed_rows;
  }
};

class LiveTableTest : public PlaypenTest,
                      public testing::WithParamInterface<Parameters> {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "tables/live_agent",
                          {absl::StrCat(GetParam().rows),
                           absl::StrCat(GetParam().changes_a_second),
                           PathOf("pauses")}),
                "maxGetbulkResponses 1000", "sendMessageMaxSize 65535"});
  }

  // The cells of a row, or the columns for row 0.
  static std::vector<RawBinding> Names(uint32_t row) {
    const Oid entry = Concat(*Oid::Parse(kPlaypen), {2, 1});
    std::vector<RawBinding> names;
    for (uint32_t column = 1; column <= kColumns; ++column) {
      names.push_back(
          {Concat(entry, row == 0 ? Oid{column} : Oid{column, row})});
    }
    return names;
  }

  size_t Pauses() const { return CountPauses(PathOf("pauses"), 1, kColumns); }

  uint32_t Changes() const {
    const SnmpResult result = client().Get({"1.0"});
    uint32_t changes = 0;
    EXPECT_THAT(result.bindings, SizeIs(1)) << result;
    EXPECT_TRUE(absl::SimpleAtoi(
        result.bindings[0].substr(sizeof "1.0 = Gauge32:"), &changes))
        << result;
    return changes;
  }

  // Walks the table until `end`, by GETNEXT or, if `repetitions` is above 1, by
  // GETBULK.
  Reads Walk(uint32_t rows, uint32_t repetitions, Clock::time_point end) {
    Reads reads;
    do {
      ++reads.walks;
      WalkOnce(rows, repetitions, end, &reads);
    } while (Clock::now() < end && !HasFatalFailure());
    return reads;
  }

  // The first PDU decides which snapshots the columns are read in: if snmpd
  // pauses within it, the cells of a row may differ. Pauses of other managers
  // count, too.
  void WalkOnce(uint32_t rows, uint32_t repetitions, Clock::time_point end,
                Reads* reads) {
    const size_t pauses = Pauses();
    std::vector<std::string> mixed;
    for (uint32_t row = 0; row < rows && Clock::now() < end;
         row += repetitions) {
      std::vector<RawBinding> cells;
      Read(row, repetitions, &cells);
      if (HasFatalFailure()) return;
      for (uint32_t i = 0; i < repetitions; ++i) {
        const std::vector<RawBinding> expected = Names(row + i + 1);
        std::vector<std::string> values;
        for (uint32_t column = 0; column < kColumns; ++column) {
          const RawBinding& cell = cells[i * kColumns + column];
          ASSERT_EQ(cell.name, expected[column].name);
          values.push_back(absl::BytesToHexString(cell.content));
        }
        ++reads->rows;
        reads->changed_rows += values[0] != "00";
        if (values != std::vector<std::string>(kColumns, values[0])) {
          mixed.push_back(absl::StrCat("row ", row + i + 1, ": ",
                                       absl::StrJoin(values, " ")));
        }
      }
    }
    reads->mixed_rows += mixed.size();
    if (Pauses() != pauses) return;
    EXPECT_THAT(mixed, IsEmpty());
  }

  void Read(uint32_t row, uint32_t repetitions,
            std::vector<RawBinding>* cells) {
    const RawRequest request =
        repetitions == 1 ? RawRequest{RawRequest::Pdu::kGetNext, Names(row)}
                         : RawRequest{RawRequest::Pdu::kGetBulk, Names(row), 0,
                                      static_cast<uint16_t>(repetitions)};
    absl::StatusOr<RawResponse> response =
        SendRaw(snmpd().port(), snmpd().community(), request);
    ASSERT_TRUE(response.ok()) << response.status();
    ASSERT_THAT(response->bindings, SizeIs(repetitions * kColumns));
    *cells = std::move(response->bindings);
  }

  // The time that the agent has computed, in seconds.
  double ComputingTime() const {
    std::ifstream file(absl::StrCat("/proc/", Agent().pid(), "/stat"));
    std::string field;
    for (int i = 1; i < 14; ++i) file >> field;
    double user = 0;
    double system = 0;
    file >> user >> system;
    return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
  }

  // The memory that the agent has, in MiB.
  double Memory() const {
    std::ifstream file(absl::StrCat("/proc/", Agent().pid(), "/statm"));
    double total = 0;
    double resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / (1 << 20);
  }
};

INSTANTIATE_TEST_SUITE_P(FiveThousandRows, LiveTableTest,
                         testing::Values(Parameters{5000, 1000, 10, 200,
                                                    1000}));
INSTANTIATE_TEST_SUITE_P(DISABLED_Benchmark, LiveTableTest,
                         testing::Values(Parameters{100000, 1000, 60, 1000,
                                                    10000}));

TEST_P(LiveTableTest, ARowIsOfOneChangeInEachWalk) {
  const Parameters& parameters = GetParam();
  const uint32_t changes_before = Changes();
  const double computed_before = ComputingTime();
  const Clock::time_point begin = Clock::now();
  const Clock::time_point end =
      begin + std::chrono::seconds(parameters.seconds);
  std::vector<Reads> reads(4);
  std::vector<std::thread> managers;
  for (size_t i = 0; i < reads.size(); ++i) {
    managers.emplace_back([&, i] {
      reads[i] = i % 2 == 0 ? Walk(parameters.rows_of_a_walk, 1, end)
                            : Walk(parameters.rows_of_a_bulk_walk, 20, end);
    });
  }
  for (std::thread& manager : managers) manager.join();
  const std::chrono::duration<double> seconds = Clock::now() - begin;
  const uint32_t changes = Changes() - changes_before;
  Reads all;
  for (const Reads& read : reads) {
    EXPECT_GT(read.rows, 0u);
    all.Add(read);
  }
  // Changes were made, and seen, while the managers walked.
  EXPECT_GT(changes, 0u);
  EXPECT_GT(all.changed_rows, 0u);
  const std::string summary = absl::StrCat(
      seconds.count(), " s: ", changes, " changes, ", all.walks, " walks, ",
      all.rows, " rows read, ", all.changed_rows, " of them changed, ",
      all.mixed_rows, " mixed, ", Pauses(), " pauses; the agent computed for ",
      ComputingTime() - computed_before, " s and has ", Memory(), " MiB");
  RecordProperty("summary", summary);
  std::cout << summary << "\n";
}

}  // namespace
}  // namespace passpersist_testing
