// SPDX-License-Identifier: Apache-2.0

#include "examples/limits.h"

#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "examples/atomic_file.h"
#include "gtest/gtest.h"
#include "passpersist/pdu.h"
#include "passpersist/setter.h"
#include "passpersist/value.h"
#include "store/btree_store.h"
#include "transport/testing/fake_snmpd.h"

namespace {

using passpersist::AgentBuilder;
using passpersist::BtreeStore;
using passpersist::ErrorStatus;
using passpersist::Integer32;
using passpersist::SetBinding;
using passpersist_testing::FakeSnmpd;

class LimitsTest : public testing::Test {
 protected:
  LimitsTest() {
    std::remove(file_.c_str());
    AgentBuilder builder;
    builder.SetStoreFactory(BtreeStore::Factory());
    AddLimits(builder, file_);
    snmpd_ = std::make_unique<FakeSnmpd>(std::move(builder));
  }

  static std::string Name(int object) {
    return absl::StrCat(".1.3.6.1.4.1.8072.9999.9999.7.", object, ".0");
  }
  std::string Set(int object, int number) {
    return snmpd_->Set(Name(object), absl::StrCat("integer ", number));
  }
  std::string Get(int object) { return snmpd_->Get(Name(object)); }

  const std::string file_ = testing::TempDir() + "/limits";
  std::unique_ptr<FakeSnmpd> snmpd_;
};

TEST_F(LimitsTest, ASetChangesTheDifferenceAtOnce) {
  EXPECT_EQ(Get(3), "INTEGER 100");
  EXPECT_EQ(Set(1, 40), "DONE");
  EXPECT_EQ(Get(1), "INTEGER 40");
  EXPECT_EQ(Get(3), "INTEGER 60");
  EXPECT_EQ(Set(2, 50), "DONE");
  EXPECT_EQ(Get(3), "INTEGER 10");
  EXPECT_EQ(examples::ReadFile(file_).value(), "40 50\n");
}

TEST_F(LimitsTest, RejectsWhatDoesNotFitTogether) {
  EXPECT_EQ(Set(1, 101), "inconsistent-value");
  EXPECT_EQ(Set(1, -1), "wrong-value");
  EXPECT_EQ(Set(3, 5), "not-writable");
  EXPECT_EQ(Get(1), "INTEGER 0");
}

// AgentX hands over all bindings of a SET at once.
TEST_F(LimitsTest, ASetOfBothIsCheckedStoredAndUndoneAsAWhole) {
  const auto setter = MakeLimitsSetter(file_);
  const std::vector<SetBinding> both = {{{1, 0}, Integer32{150}},
                                        {{2, 0}, Integer32{200}}};
  const auto assignment = setter->Test(both).TakeAssignment();
  EXPECT_TRUE(assignment->Commit().outcome().has_value());
  EXPECT_EQ(examples::ReadFile(file_).value(), "150 200\n");
  EXPECT_EQ(*assignment->Undo(), ErrorStatus::kNoError);
  EXPECT_EQ(examples::ReadFile(file_).value(), "0 100\n");

  const std::vector<SetBinding> wrong = {{{1, 0}, Integer32{5}},
                                         {{2, 0}, Integer32{-1}}};
  EXPECT_EQ(*setter->Test(wrong).result(), ErrorStatus::kWrongValue);
  EXPECT_EQ(setter->Test(wrong).binding(), 1u);
}

TEST_F(LimitsTest, AnUpdateReadsTheFile) {
  ASSERT_TRUE(examples::ReplaceFile(file_, "7 9\n").ok());
  snmpd_->Advance(absl::Minutes(1));
  EXPECT_EQ(Get(1), "INTEGER 7");
  EXPECT_EQ(Get(3), "INTEGER 2");
}

}  // namespace
