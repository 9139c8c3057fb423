// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/live_table.h"

#include <atomic>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/changes.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/stored_value.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"
#include "passpersist/testing/contents_lines.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::FakeStore;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using passpersist_testing::TestAgent;
using passpersist_testing::Text;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsNull;
using testing::Le;
using testing::UnorderedElementsAre;

struct Port {
  int64_t index = 0;
  std::string name;
  std::optional<int32_t> mtu = std::nullopt;
  absl::StatusOr<uint32_t> speed = uint32_t{100};
};

const auto kPorts =  // NOLINT: a value without a destructor
    Table<Port>({2})
        .Index(&Port::index)
        .Column(1, IntegerOf(&Port::index), Access::kNotAccessible)
        .Column(2, &Port::name)
        .Column(3, &Port::mtu)
        .Column(4, &Port::speed);

// The OID of the table of a test.
Oid Root() { return {1, 3, 2}; }

// Keeps the changes that it gets.
class RecordingStore : public FakeStore {
 public:
  absl::Status Replace(Contents contents) override {
    ++replacements;
    return FakeStore::Replace(std::move(contents));
  }
  absl::Status Apply(const Changes& changes) override {
    ++batches;
    last_changes.clear();
    for (const Changes::NetChange& change : changes.Normalized()) {
      last_changes.push_back(
          change.value == nullptr
              ? absl::StrCat(change.suffix->ToString(), " erased")
              : absl::StrCat(change.suffix->ToString(), " = ",
                             Text(*change.value)));
    }
    if (on_apply) std::exchange(on_apply, nullptr)();
    return FakeStore::Apply(changes);
  }

  // Written by one thread at a time.
  int replacements = 0;
  int batches = 0;
  std::vector<std::string> last_changes;
  std::function<void()> on_apply;  // called once
};

// The instances of a store, in OID order.
std::vector<std::string> LinesOf(const OidStore& store) {
  std::vector<std::string> lines;
  const auto iterator = store.snapshot()->NewIterator();
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    lines.push_back(absl::StrCat(iterator->suffix().ToString(), " = ",
                                 Text(iterator->value())));
  }
  return lines;
}

// A table with a store.
class LiveTableTest : public testing::Test {
 protected:
  template <typename Row, typename... Parts>
  absl::Status Attach(LiveTable<Row, Parts...>* table, Oid root = Root()) {
    return table->Attach({store_, std::move(root), &absl::UnixEpoch,
                          [this](const absl::Status& error) {
                            errors_.emplace_back(error.message());
                          }});
  }

  const std::shared_ptr<RecordingStore> store_ =
      std::make_shared<RecordingStore>();
  std::vector<std::string> errors_;
  LiveTable<Port, int64_t> ports_{kPorts};
};

TEST_F(LiveTableTest, ServesTheRowsThatItHadBefore) {
  EXPECT_THAT(ports_.Upsert({7, "old"}), IsOk());
  EXPECT_THAT(ports_.Apply({{1, "a", 1500}, {7, "b"}, {8, "c"}}, {{9}}),
              IsOk());
  EXPECT_THAT(ports_.Erase(8), IsOk());
  EXPECT_EQ(ports_.size(), 2u);
  EXPECT_THAT(Attach(&ports_), IsOk());
  EXPECT_EQ(store_->replacements, 1);
  EXPECT_EQ(store_->batches, 0);
  EXPECT_THAT(
      LinesOf(*store_),
      ElementsAre(".1.2.1 = OctetString \"a\"", ".1.2.7 = OctetString \"b\"",
                  ".1.3.1 = Integer32 1500", ".1.4.1 = Gauge32 100",
                  ".1.4.7 = Gauge32 100"));
}

TEST_F(LiveTableTest, WritesTheCellsThatDiffer) {
  EXPECT_THAT(Attach(&ports_), IsOk());
  EXPECT_THAT(ports_.Upsert({7, "a", 1500}), IsOk());
  EXPECT_THAT(store_->last_changes,
              ElementsAre(".1.2.7 = OctetString \"a\"",
                          ".1.3.7 = Integer32 1500", ".1.4.7 = Gauge32 100"));
  EXPECT_THAT(ports_.Upsert({7, "b", 1500}), IsOk());
  EXPECT_THAT(store_->last_changes, ElementsAre(".1.2.7 = OctetString \"b\""));
  EXPECT_THAT(ports_.Upsert({7, "b", std::nullopt}), IsOk());
  EXPECT_THAT(store_->last_changes, ElementsAre(".1.3.7 erased"));
  EXPECT_THAT(ports_.Erase(7), IsOk());
  EXPECT_THAT(store_->last_changes,
              ElementsAre(".1.2.7 erased", ".1.4.7 erased"));
  EXPECT_THAT(LinesOf(*store_), IsEmpty());
}

TEST_F(LiveTableTest, WritesNothingIfNothingDiffers) {
  EXPECT_THAT(Attach(&ports_), IsOk());
  EXPECT_THAT(ports_.Upsert({7, "a"}), IsOk());
  EXPECT_THAT(ports_.Upsert({7, "a"}), IsOk());
  EXPECT_THAT(ports_.Erase(8), IsOk());
  EXPECT_THAT(ports_.Apply({}, {}), IsOk());
  EXPECT_EQ(store_->batches, 1);
}

TEST_F(LiveTableTest, ABatchIsAppliedAtOnce) {
  EXPECT_THAT(ports_.Replace({{1, "a"}, {2, "b"}, {3, "c"}}), IsOk());
  EXPECT_THAT(Attach(&ports_), IsOk());
  // Row 2 is in both; of row 4 the last one counts.
  EXPECT_THAT(ports_.Apply({{2, "B"}, {4, "x", 9}, {4, "d"}}, {{1}, {2}, {10}}),
              IsOk());
  EXPECT_EQ(store_->batches, 1);
  EXPECT_THAT(
      LinesOf(*store_),
      ElementsAre(".1.2.2 = OctetString \"B\"", ".1.2.3 = OctetString \"c\"",
                  ".1.2.4 = OctetString \"d\"", ".1.4.2 = Gauge32 100",
                  ".1.4.3 = Gauge32 100", ".1.4.4 = Gauge32 100"));
  EXPECT_EQ(ports_.size(), 3u);
}

TEST_F(LiveTableTest, ReplacesAllRows) {
  EXPECT_THAT(Attach(&ports_), IsOk());
  EXPECT_THAT(ports_.Replace({{1, "a"}, {2, "b", 5}}), IsOk());
  EXPECT_THAT(ports_.Replace({{2, "c", 5}, {3, "d", 6, 1u}}), IsOk());
  EXPECT_EQ(store_->batches, 2);
  EXPECT_THAT(
      LinesOf(*store_),
      ElementsAre(".1.2.2 = OctetString \"c\"", ".1.2.3 = OctetString \"d\"",
                  ".1.3.2 = Integer32 5", ".1.3.3 = Integer32 6",
                  ".1.4.2 = Gauge32 100", ".1.4.3 = Gauge32 1"));
  EXPECT_EQ(ports_.Find(1), nullptr);
  EXPECT_THAT(ports_.Replace({}), IsOk());
  EXPECT_THAT(LinesOf(*store_), IsEmpty());
  EXPECT_EQ(ports_.size(), 0u);
}

TEST_F(LiveTableTest, FindsRowsThatStay) {
  EXPECT_THAT(ports_.Upsert({7, "a"}), IsOk());
  const std::shared_ptr<const Port> port = ports_.Find(7);
  ASSERT_NE(port, nullptr);
  EXPECT_THAT(ports_.Upsert({7, "b"}), IsOk());
  EXPECT_EQ(port->name, "a");
  EXPECT_EQ(ports_.Find(7)->name, "b");
  EXPECT_THAT(ports_.Find(8), IsNull());
  EXPECT_THAT(ports_.Find(-1), IsNull());
}

TEST_F(LiveTableTest, AFunctionForEachRowMayChangeTheTable) {
  EXPECT_THAT(Attach(&ports_), IsOk());
  EXPECT_THAT(ports_.Replace({{1, "a"}, {2, "b"}, {3, "c"}}), IsOk());
  std::vector<std::string> names;
  ports_.ForEach([&](const Port& port) {
    names.push_back(port.name);
    EXPECT_THAT(ports_.Erase(port.index), IsOk());
  });
  EXPECT_THAT(names, UnorderedElementsAre("a", "b", "c"));
  EXPECT_EQ(ports_.size(), 0u);
}

TEST_F(LiveTableTest, ARowWithoutAnIndexChangesNothing) {
  EXPECT_THAT(Attach(&ports_), IsOk());
  EXPECT_THAT(ports_.Upsert({-1, "a"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("the row has no index: ")));
  EXPECT_THAT(ports_.Replace({{1, "a"}, {-1, "b"}}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("row 2 has no index: ")));
  EXPECT_THAT(ports_.Erase(-1),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("-1")));
  EXPECT_EQ(ports_.size(), 0u);
  EXPECT_THAT(LinesOf(*store_), IsEmpty());
}

struct Text128 {
  std::string key;
  int32_t value = 0;
};
const auto kTexts =  // NOLINT: a value without a destructor
    Table<Text128>({2}).Index(&Text128::key).Column(2, &Text128::value);

TEST_F(LiveTableTest, ANameThatIsTooLongIsAnError) {
  // 128 arcs: the table, the entry, the column, the length and the bytes.
  const std::string longest(122, 'a');
  LiveTable texts(kTexts);
  EXPECT_THAT(texts.Upsert({longest + "a"}), IsOk());
  EXPECT_THAT(Attach(&texts), StatusIs(absl::StatusCode::kInvalidArgument,
                                       HasSubstr("a name has 129 arcs")));
  EXPECT_THAT(texts.Replace({{longest}}), IsOk());
  EXPECT_THAT(Attach(&texts), IsOk());
  EXPECT_THAT(texts.Upsert({longest + "a"}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("a name has 129 arcs")));
  EXPECT_EQ(texts.size(), 1u);
  EXPECT_EQ(LinesOf(*store_).size(), 1u);
}

TEST_F(LiveTableTest, ACellWithAnErrorIsMissingAndReportedOnce) {
  EXPECT_THAT(ports_.Upsert({7, "a", 1, absl::UnavailableError("no link")}),
              IsOk());
  EXPECT_THAT(Attach(&ports_), IsOk());
  EXPECT_THAT(errors_, ElementsAre(".1.3.2.1.4.7: no link"));
  EXPECT_THAT(ports_.Upsert({7, "b", 1, absl::UnavailableError("no link")}),
              IsOk());
  EXPECT_EQ(errors_.size(), 1u);
  EXPECT_THAT(LinesOf(*store_), ElementsAre(".1.2.7 = OctetString \"b\"",
                                            ".1.3.7 = Integer32 1"));
  EXPECT_THAT(ports_.Upsert({7, "b", 1, 5u}), IsOk());
  EXPECT_THAT(ports_.Upsert({7, "b", 1, absl::UnavailableError("no link")}),
              IsOk());
  EXPECT_EQ(errors_.size(), 2u);
  EXPECT_THAT(store_->last_changes, ElementsAre(".1.4.7 erased"));
}

TEST_F(LiveTableTest, AnErrorOfTheStoreChangesNothing) {
  EXPECT_THAT(ports_.Upsert({1, "a"}), IsOk());
  store_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_THAT(Attach(&ports_),
              StatusIs(absl::StatusCode::kResourceExhausted, "full"));
  store_->FailWith(absl::OkStatus());
  EXPECT_THAT(Attach(&ports_), IsOk());
  store_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_THAT(ports_.Upsert({1, "b"}),
              StatusIs(absl::StatusCode::kResourceExhausted, "full"));
  EXPECT_THAT(ports_.Erase(1),
              StatusIs(absl::StatusCode::kResourceExhausted, "full"));
  EXPECT_EQ(ports_.Find(1)->name, "a");
  store_->FailWith(absl::OkStatus());
  EXPECT_THAT(ports_.Upsert({1, "c"}), IsOk());
  EXPECT_THAT(LinesOf(*store_), ElementsAre(".1.2.1 = OctetString \"c\"",
                                            ".1.4.1 = Gauge32 100"));
}

struct Event {
  uint16_t index = 0;
  absl::Time time;
  int32_t count = 0;
};

// The system's clock, and thus the time at which sysUpTime was 0, may be set.
TEST_F(LiveTableTest, ATimeStampIsTheSysUpTimeOfWhenItIsWritten) {
  absl::Time zero = absl::FromUnixSeconds(1000);
  LiveTable events(Table<Event>({2})
                       .Index(&Event::index)
                       .Column(2, TimeStampOf(&Event::time))
                       .Column(3, &Event::count));
  EXPECT_THAT(events.Upsert({1, absl::FromUnixSeconds(999)}), IsOk());
  EXPECT_THAT(events.Attach({store_, Root(), [&] { return zero; }, nullptr}),
              IsOk());
  EXPECT_THAT(events.Upsert({2, absl::FromUnixSeconds(1003)}), IsOk());
  zero += absl::Hours(1);
  // A cell that stays keeps its time stamp.
  EXPECT_THAT(events.Upsert({2, absl::FromUnixSeconds(1003), 5}), IsOk());
  EXPECT_THAT(events.Upsert({3, absl::FromUnixSeconds(4605)}), IsOk());
  EXPECT_THAT(LinesOf(*store_),
              ElementsAre(".1.2.1 = TimeTicks 0", ".1.2.2 = TimeTicks 300",
                          ".1.2.3 = TimeTicks 500", ".1.3.1 = Integer32 0",
                          ".1.3.2 = Integer32 5", ".1.3.3 = Integer32 0"));
}

TEST_F(LiveTableTest, OneStoreServesIt) {
  EXPECT_THAT(Attach(&ports_), IsOk());
  EXPECT_THAT(Attach(&ports_), StatusIs(absl::StatusCode::kFailedPrecondition,
                                        "a live table is served already"));
}

struct Sum {
  uint16_t index = 0;
  int32_t value = 0;
};

// As inet_ntoa() does.
TEST_F(LiveTableTest, AnAccessorMayReturnABufferThatItsNextCallOverwrites) {
  std::string buffer;
  std::optional<int32_t> number;
  LiveTable sums(Table<Sum>({2})
                     .Index(&Sum::index)
                     .Column(2,
                             [&](const Sum& sum) {
                               buffer = absl::StrCat("value ", sum.value);
                               return buffer.c_str();
                             })
                     .Column(
                         3, [&](const Sum& sum) -> const auto& {
                           number = sum.value;
                           return number;
                         }));
  EXPECT_THAT(sums.Upsert({1, 10}), IsOk());
  EXPECT_THAT(Attach(&sums), IsOk());
  EXPECT_THAT(sums.Upsert({1, 11}), IsOk());
  EXPECT_THAT(LinesOf(*store_), ElementsAre(".1.2.1 = OctetString \"value 11\"",
                                            ".1.3.1 = Integer32 11"));
}

// Numbers that C++ compares as equal, or as different, but SNMP does not.
struct Level {
  uint16_t index = 0;
  float level = 0;
};
TEST_F(LiveTableTest, CellsAreComparedAsTheyAreSent) {
  LiveTable levels(Table<Level>({2})
                       .Index(&Level::index)
                       .Column(2, OpaqueFloatOf(&Level::level))
                       .Column(3, IntegerOf(&Level::level)));
  EXPECT_THAT(Attach(&levels), IsOk());
  EXPECT_THAT(levels.Upsert({1, 0.0f}), IsOk());
  EXPECT_THAT(levels.Upsert({1, -0.0f}), IsOk());
  EXPECT_EQ(store_->last_changes.size(), 1u);
  EXPECT_THAT(levels.Upsert({1, 0.25f}), IsOk());
  EXPECT_EQ(store_->last_changes.size(), 1u);
  EXPECT_THAT(levels.Upsert({1, std::nanf("")}), IsOk());
  EXPECT_EQ(store_->last_changes.size(), 2u);
  EXPECT_EQ(errors_.size(), 1u);
  EXPECT_THAT(levels.Upsert({1, std::nanf("")}), IsOk());
  EXPECT_EQ(store_->batches, 4);
  EXPECT_EQ(errors_.size(), 1u);
}

TEST_F(LiveTableTest, AnAccessorMayCallTheTable) {
  std::function<int32_t(const Sum&)> total;
  LiveTable sums(
      Table<Sum>({2}).Index(&Sum::index).Column(2, [&](const Sum& sum) {
        return total(sum);
      }));
  total = [&](const Sum& sum) {
    int32_t result = sum.value;
    sums.ForEach([&](const Sum& other) { result += other.value; });
    return result;
  };
  EXPECT_THAT(sums.Upsert({1, 10}), IsOk());
  EXPECT_THAT(Attach(&sums), IsOk());
  EXPECT_THAT(sums.Upsert({2, 5}), IsOk());
  EXPECT_THAT(LinesOf(*store_),
              ElementsAre(".1.2.1 = Integer32 20", ".1.2.2 = Integer32 15"));
}

// An event may hold a lock of the program while it changes the table, and
// accessors may take that lock.
class AttachTest : public LiveTableTest {
 protected:
  AttachTest() {
    EXPECT_THAT(sums_.Replace({{1, 10}, {2, 20}, {3, 30}, {4, 40}}), IsOk());
    // Called once. Another thread changes the table and returns meanwhile.
    on_read_ = [this] {
      std::thread other([this] {
        EXPECT_THAT(sums_.Upsert({1, 11}), IsOk());
        EXPECT_THAT(sums_.Erase(2), IsOk());
        EXPECT_THAT(sums_.Apply({{3, 30}, {5, 50}, {6, 60}}, {{4}}), IsOk());
        EXPECT_THAT(sums_.Upsert({6, 61}), IsOk());
      });
      other.join();
    };
  }

  std::function<void()> on_read_;
  LiveTable<Sum, uint16_t> sums_{Table<Sum>({2})
                                     .Index(&Sum::index)
                                     .RowCount({1})
                                     .Column(2, [this](const Sum& sum) {
                                       if (on_read_)
                                         std::exchange(on_read_, nullptr)();
                                       return sum.value;
                                     })};
};

TEST_F(AttachTest, ChangesDoNotWaitForAccessors) {
  EXPECT_THAT(Attach(&sums_), IsOk());
  EXPECT_EQ(store_->replacements, 1);
  EXPECT_EQ(store_->batches, 1);
  EXPECT_THAT(LinesOf(*store_),
              ElementsAre(".1.0 = Gauge32 4", ".2.1.2.1 = Integer32 11",
                          ".2.1.2.3 = Integer32 30", ".2.1.2.5 = Integer32 50",
                          ".2.1.2.6 = Integer32 61"));
  EXPECT_THAT(sums_.Erase(6), IsOk());
  EXPECT_THAT(store_->last_changes,
              ElementsAre(".1.0 = Gauge32 3", ".2.1.2.6 erased"));
}

TEST_F(AttachTest, ChangesDuringAnAttemptThatFailsStay) {
  store_->FailWith(absl::ResourceExhaustedError("full"));
  EXPECT_THAT(Attach(&sums_),
              StatusIs(absl::StatusCode::kResourceExhausted, "full"));
  EXPECT_EQ(sums_.size(), 4u);
  EXPECT_EQ(sums_.Find(6)->value, 61);
  store_->FailWith(absl::OkStatus());
  on_read_ = [] { throw std::runtime_error("no sensor"); };
  EXPECT_THAT(Attach(&sums_),
              StatusIs(absl::StatusCode::kInternal, "exception: no sensor"));
  EXPECT_THAT(sums_.Erase(6), IsOk());
  EXPECT_EQ(store_->batches, 0);
  EXPECT_THAT(Attach(&sums_), IsOk());
  EXPECT_THAT(
      LinesOf(*store_),
      ElementsAre(".1.0 = Gauge32 3", ".2.1.2.1 = Integer32 11",
                  ".2.1.2.3 = Integer32 30", ".2.1.2.5 = Integer32 50"));
}

// While a change of a row is applied, another thread compares its own row with
// the row of before that change.
TEST_F(LiveTableTest, AThreadMayChangeARowThatIsBeingChanged) {
  std::atomic<int> reads{0};
  LiveTable sums(Table<Sum>({2})
                     .Index(&Sum::index)
                     .Column(2,
                             [&](const Sum& sum) -> std::optional<int32_t> {
                               ++reads;
                               if (sum.value == 2) return std::nullopt;
                               return 5;
                             })
                     .Column(3, &Sum::value));
  EXPECT_THAT(sums.Upsert({1, 1}), IsOk());
  EXPECT_THAT(Attach(&sums), IsOk());
  std::thread other;
  store_->on_apply = [&] {
    reads = 0;
    // Equal to the present row, and different from the row being applied.
    other = std::thread([&] { EXPECT_THAT(sums.Upsert({1, 1}), IsOk()); });
    while (reads < 2) std::this_thread::yield();
  };
  EXPECT_THAT(sums.Upsert({1, 2}), IsOk());
  other.join();
  EXPECT_THAT(LinesOf(*store_),
              ElementsAre(".1.2.1 = Integer32 5", ".1.3.1 = Integer32 1"));
  EXPECT_EQ(sums.Find(1)->value, 1);
}

// The cells of a row carry one number, its generation.
struct Generation {
  uint16_t index = 0;
  int32_t a = 0;
  std::optional<int32_t> odd = std::nullopt;  // missing if `a` is even
  int32_t b = 0;
};
const auto kGenerations =  // NOLINT: a value without a destructor
    Table<Generation>({2})
        .Index(&Generation::index)
        .Column(2, &Generation::a)
        .Column(3, &Generation::odd)
        .Column(4, &Generation::b);

Generation Row(int index, int32_t generation) {
  Generation row{static_cast<uint16_t>(index), generation, std::nullopt,
                 generation};
  if (generation % 2 == 1) row.odd = generation;
  return row;
}

// Fails the test if a row has cells of two generations.
void ExpectOneGenerationInEachRow(const Snapshot& snapshot) {
  std::map<uint32_t, std::map<uint32_t, int32_t>> rows;
  const auto iterator = snapshot.NewIterator();
  for (iterator->SeekToFirst(); iterator->Valid(); iterator->Next()) {
    const Oid& suffix = iterator->suffix();
    rows[suffix[2]][suffix[1]] =
        std::get<Integer32>(std::get<Value>(iterator->value())).value;
  }
  for (const auto& [index, cells] : rows) {
    const int32_t generation = cells.begin()->second;
    const size_t expected = generation % 2 == 1 ? 3 : 2;
    ASSERT_EQ(cells.size(), expected) << "row " << index;
    for (const auto& [column, value] : cells) {
      ASSERT_EQ(value, generation) << "row " << index << " column " << column;
    }
  }
}

TEST_F(LiveTableTest, EachSnapshotHasWholeRowsOfManyThreads) {
  constexpr int kThreads = 4;
  constexpr int kRounds = 500;
  constexpr int kRows = 7;
  LiveTable table(kGenerations);
  std::atomic<int> running{kThreads};
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        const int32_t generation = i * kThreads + t;
        const int index = i % kRows;
        absl::Status status;
        if (i % 50 == 49) {
          status = table.Replace({Row(index, generation), Row(0, generation)});
        } else if (i % 5 == 4) {
          status = table.Erase(index);
        } else if (i % 5 == 3) {
          status = table.Apply(
              {Row(index, generation), Row((index + 1) % kRows, generation)},
              {{static_cast<uint16_t>((index + 2) % kRows)}});
        } else {
          status = table.Upsert(Row(index, generation));
        }
        ASSERT_THAT(status, IsOk());
      }
      --running;
    });
  }
  // Changes go on meanwhile.
  EXPECT_THAT(Attach(&table), IsOk());
  while (running > 0) ExpectOneGenerationInEachRow(*store_->snapshot());
  for (std::thread& thread : threads) thread.join();
  EXPECT_THAT(store_->batches, Le(kThreads * kRounds));
  // What is served is what the table has.
  const auto expected = std::make_shared<RecordingStore>();
  LiveTable copy(kGenerations);
  std::vector<Generation> rows;
  table.ForEach([&](const Generation& row) { rows.push_back(row); });
  EXPECT_THAT(copy.Replace(rows), IsOk());
  EXPECT_THAT(copy.Attach({expected, Root(), &absl::UnixEpoch, nullptr}),
              IsOk());
  EXPECT_EQ(LinesOf(*store_), LinesOf(*expected));
}

TEST(LiveTableAgentTest, AnAgentServesIt) {
  const auto ports = MakeLiveTable(kPorts);
  EXPECT_THAT(ports->Upsert({7, "a", 1500}), IsOk());
  AgentBuilder builder;
  builder.AddTable(Oid({1, 3}), ports);
  TestAgent agent(std::move(builder));
  EXPECT_EQ(agent.Get({1, 3, 2, 1, 2, 7}), OctetString{"a"});
  EXPECT_THAT(ports->Upsert({5, "b"}), IsOk());
  EXPECT_EQ(agent.Get({1, 3, 2, 1, 2, 5}), OctetString{"b"});
  EXPECT_EQ(agent.Walk({1, 3}).size(), 5u);
  EXPECT_THAT(ports->Erase(7), IsOk());
  EXPECT_EQ(agent.Walk({1, 3}).size(), 2u);
  EXPECT_THAT(agent.TakeErrors(), IsEmpty());
  EXPECT_THAT(ports->Upsert({5, "b", 1, absl::UnavailableError("no link")}),
              IsOk());
  EXPECT_THAT(agent.TakeErrors(),
              ElementsAre("UNAVAILABLE: .1.3.2.1.4.5: no link"));
}

TEST(LiveTableAgentTest, ItMayOutliveItsAgent) {
  const auto ports = MakeLiveTable(kPorts);
  {
    AgentBuilder builder;
    builder.AddTable(Oid({1, 3}), ports);
    TestAgent agent(std::move(builder));
  }
  EXPECT_THAT(ports->Upsert({5, "b"}), IsOk());
  EXPECT_EQ(ports->size(), 1u);
}

TEST(LiveTableAgentTest, BuildReportsWhatCannotBeServed) {
  AgentBuilder builder;
  const auto ports = MakeLiveTable(kPorts);
  builder.AddTable(Oid({1, 3}), ports)
      .AddTable(Oid::Parse("x"), ports)
      .AddTable(Oid({1, 4}), std::shared_ptr<LiveTable<Port, int64_t>>());
  const absl::Status status = builder.Build().status();
  EXPECT_THAT(status.message(), HasSubstr("no store factory"));
  EXPECT_THAT(status.message(), HasSubstr("invalid OID \"x\""));
  EXPECT_THAT(status.message(),
              HasSubstr("subtree .1.4 has neither a store nor an update"));
}

}  // namespace
}  // namespace passpersist
