// SPDX-License-Identifier: Apache-2.0

#include "passpersist/agent/reading/mib_reader.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/agent/testing/mib_reader_fixture.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/value.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::FakeStore;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// A store whose snapshots know whether they are the newest. Counts the calls of
// snapshot().
class CountingStore : public OidStore {
 public:
  CountingStore() { Publish(); }

  std::shared_ptr<const Snapshot> snapshot() const override {
    ++calls_;
    return newest_;
  }
  absl::Status Replace(Contents contents) override {
    absl::Status status = store_.Replace(std::move(contents));
    Publish();
    return status;
  }
  absl::Status Apply(const Changes& changes) override {
    absl::Status status = store_.Apply(changes);
    Publish();
    return status;
  }
  size_t ApproximateMemory() const override {
    return store_.ApproximateMemory();
  }

  int calls() const { return calls_; }

 private:
  class Version : public Snapshot {
   public:
    explicit Version(std::shared_ptr<const Snapshot> all)
        : all_(std::move(all)) {}
    std::unique_ptr<Iterator> NewIterator() const override {
      return all_->NewIterator();
    }
    size_t size() const override { return all_->size(); }
    bool IsNewest() const override { return is_newest_; }
    void SetOutdated() { is_newest_ = false; }

   private:
    const std::shared_ptr<const Snapshot> all_;
    bool is_newest_ = true;
  };

  void Publish() {
    const auto before =
        std::exchange(newest_, std::make_shared<Version>(store_.snapshot()));
    if (before != nullptr) before->SetOutdated();
  }

  FakeStore store_;
  std::shared_ptr<Version> newest_;
  mutable int calls_ = 0;
};

absl::StatusOr<Value> Broken() { return absl::UnavailableError("no sensor"); }

// --- Get ---

TEST_F(MibReaderTest, GetsTheValueOfAnInstance) {
  Replace(first_.get(), {{{1, 0}, Integer32{5}}, {{2, 0}, OctetString{"x"}}});
  Replace(third_.get(), {{{}, Counter32{6}}});
  EXPECT_EQ(Get({1, 3, 8, 1, 0}), ".1.3.8.1.0 = Integer32 5");
  EXPECT_EQ(Get({1, 3, 8, 2, 0}), ".1.3.8.2.0 = OctetString \"x\"");
  EXPECT_EQ(Get({1, 3, 80}), ".1.3.80 = Counter32 6");
}

TEST_F(MibReaderTest, DistinguishesAnAbsentInstanceFromAnUnservedOne) {
  Replace(first_.get(), {{{1, 0}, Integer32{5}}});
  for (const Oid& oid : {Oid{1, 3, 8}, Oid{1, 3, 8, 1}, Oid{1, 3, 8, 1, 0, 0},
                         Oid{1, 3, 8, 2}, Oid{1, 3, 9, 1, 0}}) {
    EXPECT_EQ(Get(oid), oid.ToString() + " = noSuchInstance");
  }
  for (const Oid& oid : {Oid(), Oid{1}, Oid{1, 3}, Oid{1, 3, 7, 1, 0},
                         Oid{1, 3, 10}, Oid{1, 3, 81}, Oid{2}}) {
    EXPECT_EQ(Get(oid), oid.ToString() + " = noSuchObject");
  }
}

TEST_F(MibReaderTest, AsksAStoreOnlyIfThereIsANewerSnapshot) {
  const auto first = std::make_shared<CountingStore>();
  const auto second = std::make_shared<CountingStore>();
  const MibTree objects =
      MakeMibTree({{Oid{1, 3, 8}, first}, {Oid{1, 3, 9}, second}});
  MibReader reader(&objects, &errors_, &computed_values_, CheckBinding, {});
  const auto put = [](OidStore* store, int32_t value) {
    Changes changes;
    changes.Put({1}, Integer32{value});
    EXPECT_TRUE(store->Apply(changes).ok());
  };
  const auto get = [&](const Oid& oid) {
    ResponseVarBind binding = {oid, Value()};
    Request request(this, &reader, oid);
    reader.Get(&binding, request.get());
    return passpersist_testing::Text(binding);
  };
  for (int32_t value = 1; value <= 3; ++value) {
    put(first.get(), value);
    EXPECT_EQ(get({1, 3, 8, 1}), absl::StrCat(".1.3.8.1 = Integer32 ", value));
    const int calls = first->calls();
    for (int i = 0; i < 3; ++i) {
      EXPECT_EQ(get({1, 3, 8, 1}),
                absl::StrCat(".1.3.8.1 = Integer32 ", value));
    }
    EXPECT_EQ(first->calls(), calls);
  }
  put(second.get(), 7);
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(
        Walk({{}, false, {}}, &reader),
        ElementsAre(".1.3.8.1 = Integer32 3", ".1.3.9.1 = Integer32 7"));
  }
}

TEST_F(MibReaderTest, GetsFromTheNewestSnapshot) {
  Replace(first_.get(), {{{1}, Integer32{5}}});
  EXPECT_EQ(Get({1, 3, 8, 1}), ".1.3.8.1 = Integer32 5");
  Replace(first_.get(), {{{1}, Integer32{6}}});
  EXPECT_EQ(Get({1, 3, 8, 1}), ".1.3.8.1 = Integer32 6");
  Replace(first_.get(), {});
  EXPECT_EQ(Get({1, 3, 8, 1}), ".1.3.8.1 = noSuchInstance");
}

TEST_F(MibReaderTest, DoesNotGetValuesThatFailOrCannotBeSent) {
  const std::vector<uint32_t> arcs(126, 7);
  Contents contents;
  contents.PutComputed({1}, Broken);
  contents.PutComputed({2}, []() -> absl::StatusOr<Value> {
    throw std::runtime_error("no bus");
  });
  contents.Put({4}, OctetString{"eleven char"});
  contents.Put(Oid(arcs), Integer32{5});
  ASSERT_TRUE(first_->Replace(std::move(contents)).ok());
  const Oid long_oid = Concat({1, 3, 8}, Oid(arcs));

  for (const uint32_t arc : {1, 2, 3, 4}) {
    EXPECT_THAT(Get({1, 3, 8, arc}), HasSubstr(" = noSuchInstance"));
  }
  EXPECT_THAT(Get(long_oid), HasSubstr(" = noSuchInstance"));
  EXPECT_THAT(log_.Take(),
              ElementsAre("UNAVAILABLE: value of .1.3.8.1: no sensor",
                          "INTERNAL: value of .1.3.8.2: exception: no bus",
                          "OUT_OF_RANGE: .1.3.8.4 is too long",
                          absl::StrCat("OUT_OF_RANGE: ", long_oid.ToString(),
                                       " left out: more than 128 arcs")));
}

// --- Next ---

TEST_F(MibReaderTest, WalksAcrossSubtreesAndOverEmptyOnes) {
  Replace(first_.get(),
          {{{1, 0}, Integer32{1}}, {{1, 4294967295}, Integer32{2}}});
  Replace(third_.get(), {{{}, Integer32{3}}, {{0}, Integer32{4}}});
  const auto everything = ElementsAre(
      ".1.3.8.1.0 = Integer32 1", ".1.3.8.1.4294967295 = Integer32 2",
      ".1.3.80 = Integer32 3", ".1.3.80.0 = Integer32 4");
  EXPECT_THAT(Walk({}), everything);
  EXPECT_THAT(Walk({1, 3}), everything);
  EXPECT_THAT(Walk({1, 3, 8}), everything);
  EXPECT_THAT(Walk({1, 3, 8, 0, 7}), everything);
}

TEST_F(MibReaderTest, BeginsAWalkAnywhere) {
  Replace(first_.get(), {{{1}, Integer32{1}}, {{3}, Integer32{3}}});
  Replace(third_.get(), {{{1}, Integer32{5}}});
  EXPECT_EQ(Next({1, 3, 8, 1}), ".1.3.8.3 = Integer32 3");
  EXPECT_EQ(Next({1, 3, 8, 1, 0}), ".1.3.8.3 = Integer32 3");
  EXPECT_EQ(Next({1, 3, 8, 2}), ".1.3.8.3 = Integer32 3");
  EXPECT_EQ(Next({1, 3, 8, 3}), ".1.3.80.1 = Integer32 5");
  EXPECT_EQ(Next({1, 3, 8, 4}), ".1.3.80.1 = Integer32 5");
  EXPECT_EQ(Next({1, 3, 9, 9}), ".1.3.80.1 = Integer32 5");
  EXPECT_EQ(Next({1, 3, 79}), ".1.3.80.1 = Integer32 5");
  EXPECT_EQ(Next({1, 3, 80, 1}), "end");
  EXPECT_EQ(Next({1, 3, 81}), "end");
  EXPECT_EQ(Next({2}), "end");
}

TEST_F(MibReaderTest, AnInclusiveRangeMayAnswerItsStart) {
  Replace(first_.get(), {{{1}, Integer32{1}}, {{3}, Integer32{3}}});
  EXPECT_EQ(Next({{1, 3, 8, 1}, true, {}}), ".1.3.8.1 = Integer32 1");
  EXPECT_EQ(Next({{1, 3, 8, 2}, true, {}}), ".1.3.8.3 = Integer32 3");
  EXPECT_EQ(Next({{1, 3, 8, 3}, true, {}}), ".1.3.8.3 = Integer32 3");
  EXPECT_EQ(Next({{1, 3, 8, 3}, true, {}}), ".1.3.8.3 = Integer32 3");
  EXPECT_EQ(Next({1, 3, 8, 3}), "end");
}

TEST_F(MibReaderTest, ARangeStopsBeforeItsEnd) {
  Replace(first_.get(), {{{1}, Integer32{1}}, {{3}, Integer32{3}}});
  Replace(second_.get(), {{{1}, Integer32{5}}});
  EXPECT_EQ(Next({{1, 3, 8, 1}, false, {1, 3, 8, 3}}), "end");
  EXPECT_EQ(Next({{1, 3, 8, 1}, false, {1, 3, 8, 3, 0}}),
            ".1.3.8.3 = Integer32 3");
  EXPECT_EQ(Next({{1, 3, 8, 1}, true, {1, 3, 8, 1}}), "end");
  EXPECT_EQ(Next({{1, 3, 8, 3}, false, {1, 3, 9}}), "end");
  EXPECT_THAT(Walk({1, 3}, {1, 3, 9, 1}),
              ElementsAre(".1.3.8.1 = Integer32 1", ".1.3.8.3 = Integer32 3"));
  // The end belongs to the request, not to the walk.
  EXPECT_EQ(Next({1, 3, 8, 3}), ".1.3.9.1 = Integer32 5");
}

TEST_F(MibReaderTest, SetsInstanceInfoOnRequest) {
  Contents contents;
  contents.Put({1}, Integer32{1}, "one");
  contents.PutComputed({2}, [] { return Integer32{2}; });
  ASSERT_TRUE(first_->Replace(std::exchange(contents, Contents())).ok());
  ResponseVarBind binding;
  InstanceInfo info = {"old", {9}, true};
  Request request(this, &reader_, {1, 3, 8});
  ASSERT_EQ(
      reader_.Next({{1, 3, 8}, false, {}}, &binding, request.get(), &info),
      MibReader::Step::kFound);
  EXPECT_EQ(info.label, "one");
  EXPECT_EQ(info.root, (Oid{1, 3, 8}));
  EXPECT_FALSE(info.computed);
  ASSERT_EQ(
      reader_.Next({{1, 3, 8, 1}, false, {}}, &binding, request.get(), &info),
      MibReader::Step::kFound);
  EXPECT_EQ(info.label, "");
  EXPECT_TRUE(info.computed);
  contents.Put({1}, Integer32{1});
  ASSERT_TRUE(second_->Replace(std::move(contents)).ok());
  ASSERT_EQ(
      reader_.Next({{1, 3, 8, 2}, false, {}}, &binding, request.get(), &info),
      MibReader::Step::kFound);
  EXPECT_EQ(info.root, (Oid{1, 3, 9}));
}

// --- Values that cannot be sent ---

TEST_F(MibReaderTest, SkipsAndReportsValuesThatFailOrCannotBeSent) {
  Contents contents;
  contents.Put({1}, Integer32{1});
  contents.PutComputed({2}, Broken);
  contents.PutComputed({3}, [] { return Integer32{3}; });
  contents.Put({4}, OctetString{"eleven char"});
  contents.Put(Concat({6}, Oid(std::vector<uint32_t>(125, 7))), Integer32{6});
  contents.Put(Concat({6}, Oid(std::vector<uint32_t>(124, 8))), Integer32{7});
  contents.PutComputed({7}, Broken);
  ASSERT_TRUE(first_->Replace(std::move(contents)).ok());
  Replace(third_.get(), {{{1}, Integer32{8}}});
  EXPECT_THAT(
      Walk({1, 3, 8}),
      ElementsAre(".1.3.8.1 = Integer32 1", ".1.3.8.3 = Integer32 3",
                  HasSubstr(".8.8 = Integer32 7"), ".1.3.80.1 = Integer32 8"));
  EXPECT_THAT(log_.Take(),
              ElementsAre("UNAVAILABLE: value of .1.3.8.2: no sensor",
                          "OUT_OF_RANGE: .1.3.8.4 is too long",
                          HasSubstr(".7.7 left out: more than 128 arcs"),
                          "UNAVAILABLE: value of .1.3.8.7: no sensor"));
}

TEST_F(MibReaderTest, ReportsASaturatedComputedValueOnce) {
  double reading = -5;
  const auto gauge = [&reading] {
    return Gauge32::FromNumberSaturated(reading);
  };
  Contents contents;
  contents.PutComputed({1}, gauge);
  contents.PutComputed({2}, ComputedValue(gauge, ComputedValue::Cost::kCheap));
  ASSERT_TRUE(first_->Replace(std::move(contents)).ok());
  const auto get_both = [&] {
    return std::vector<std::string>{Get({1, 3, 8, 1}), Get({1, 3, 8, 2})};
  };
  for (int i = 0; i < 3; ++i) {
    EXPECT_THAT(get_both(),
                ElementsAre(".1.3.8.1 = Gauge32 0", ".1.3.8.2 = Gauge32 0"));
  }
  const auto both_are_reported = ElementsAre(
      "OUT_OF_RANGE: value of .1.3.8.1: -5 is not a Gauge32: "
      "0..4294967295; the nearest is 0",
      "OUT_OF_RANGE: value of .1.3.8.2: -5 is not a Gauge32: "
      "0..4294967295; the nearest is 0");
  EXPECT_THAT(log_.Take(), both_are_reported);
  reading = 5;  // exact in between
  EXPECT_THAT(get_both(),
              ElementsAre(".1.3.8.1 = Gauge32 5", ".1.3.8.2 = Gauge32 5"));
  EXPECT_THAT(log_.Take(), IsEmpty());
  reading = -5;
  get_both();
  EXPECT_THAT(log_.Take(), both_are_reported);
}

TEST_F(MibReaderTest, EndsAWalkAfterWhichNothingCanBeSent) {
  Contents contents;
  contents.Put({1}, Integer32{1});
  contents.PutComputed({2}, Broken);
  ASSERT_TRUE(third_->Replace(std::move(contents)).ok());
  EXPECT_THAT(Walk({}), ElementsAre(".1.3.80.1 = Integer32 1"));
  EXPECT_EQ(Next({{1, 3, 80, 2}, true, {}}), "end");
}

TEST_F(MibReaderTest, CallsOnlyTheComputedValuesThatAreRequested) {
  std::vector<int> called;
  Contents contents;
  for (const uint32_t arc : {1, 2, 3}) {
    contents.PutComputed({arc}, [&called, arc] {
      called.push_back(static_cast<int>(arc));
      return Integer32{0};
    });
  }
  ASSERT_TRUE(first_->Replace(std::move(contents)).ok());
  EXPECT_EQ(Next({1, 3, 8, 1}), ".1.3.8.2 = Integer32 0");
  EXPECT_EQ(Get({1, 3, 8, 3}), ".1.3.8.3 = Integer32 0");
  EXPECT_THAT(called, ElementsAre(2, 3));
}

TEST_F(MibReaderTest, LeavesAStoreThatIsOutOfOrder) {
  const MibTree objects = MakeMibTree(
      {{Oid{1, 3},
        std::make_shared<FakeStore>(FakeStore::Entries{{{1}, Integer32{1}},
                                                       {{5}, Integer32{5}},
                                                       {{2}, Integer32{2}},
                                                       {{6}, Integer32{6}}})},
       {Oid{1, 4}, std::make_shared<FakeStore>(FakeStore::Entries{
                       {{1}, ComputedValue(Broken)}, {{1}, Integer32{1}}})},
       {Oid{1, 5},
        std::make_shared<FakeStore>(FakeStore::Entries{{{1}, Integer32{9}}})}});
  MibReader reader(&objects, &errors_, &computed_values_, CheckBinding, {});
  EXPECT_THAT(Walk(SearchRange(), &reader),
              ElementsAre(".1.3.1 = Integer32 1", ".1.3.5 = Integer32 5",
                          ".1.5.1 = Integer32 9"));
  EXPECT_THAT(
      log_.Take(),
      ElementsAre(
          "INTERNAL: store of .1.3 is out of order: .1.3.2 after .1.3.5",
          "UNAVAILABLE: value of .1.4.1: no sensor",
          "INTERNAL: store of .1.4 is out of order: .1.4.1 after .1.4.1"));
  ResponseVarBind binding;
  Request request(this, &reader, {1, 4, 1});
  EXPECT_EQ(reader.Next({{1, 4, 1}, true, {1, 5}}, &binding, request.get()),
            MibReader::Step::kAbsent);
}

}  // namespace
}  // namespace passpersist::internal
