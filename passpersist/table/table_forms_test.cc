// SPDX-License-Identifier: Apache-2.0
//
// The same tables, whether they are read by a function, held or computed: what
// a get, a walk and a bulk walk find.

#include "passpersist/table/testing/table_forms.h"

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::kTableForms;
using passpersist_testing::TableForm;
using passpersist_testing::TestAgent;
using testing::ElementsAreArray;
using testing::IsEmpty;

const Oid& Root() {
  static const Oid* const kRoot = new Oid{1, 3, 53};
  return *kRoot;
}

using Instances = std::vector<std::pair<Oid, Value>>;

class TableFormsTest : public testing::TestWithParam<TableForm> {
 protected:
  ~TableFormsTest() override { EXPECT_THAT(agent_.TakeErrors(), IsEmpty()); }

  static AgentBuilder Builder() {
    AgentBuilder builder;
    passpersist_testing::AddTables(GetParam(), Root(), &builder);
    return builder;
  }

  const std::map<Oid, Value> expected_ =
      passpersist_testing::InstancesOfTables(Root());
  TestAgent agent_{Builder()};
};

TEST_P(TableFormsTest, AWalkFindsAllInstancesInTheOrderOfTheirOids) {
  Instances found;
  for (const VarBind& binding : agent_.Walk(Root())) {
    found.emplace_back(binding.oid, binding.value);
  }
  EXPECT_THAT(found, ElementsAreArray(expected_));
}

TEST_P(TableFormsTest, AGetFindsEachInstance) {
  for (const auto& [oid, value] : expected_) {
    EXPECT_EQ(agent_.Get(oid), value) << oid;
  }
}

TEST_P(TableFormsTest, AnIndexThatIsCutOffOrTooLongIsNotThere) {
  for (const auto& [oid, value] : expected_) {
    for (Oid cut = oid; cut.size() > Root().size();) {
      cut.Truncate(cut.size() - 1);
      // Of an IMPLIED index, it may be another row.
      if (expected_.count(cut) > 0) continue;
      EXPECT_EQ(agent_.Get(cut), std::nullopt) << cut;
    }
    for (const uint32_t arc : {0u, 98u, 4294967295u}) {
      const Oid longer = Concat(oid, {arc});
      if (expected_.count(longer) > 0) continue;
      EXPECT_EQ(agent_.Get(longer), std::nullopt) << longer;
    }
  }
}

TEST_P(TableFormsTest, AGetNextFindsTheNameAfterAnyOther) {
  std::vector<Oid> names;
  for (const auto& [oid, value] : expected_) {
    names.push_back(oid);
    names.push_back(Concat(oid, {0}));
    names.push_back(Concat(oid, {300, 4294967295}));
    for (size_t size = Root().size(); size < oid.size(); ++size) {
      Oid near = oid;
      near.Truncate(size);
      names.push_back(near);
      near.Append(oid[size] + 1);  // 0 after 2^32-1
      names.push_back(near);
      names.push_back(Concat(near, {4294967295}));
    }
  }
  for (const Oid& name : names) {
    const auto found = agent_.GetNext(name);
    const auto after = expected_.upper_bound(name);
    if (after == expected_.end()) {
      EXPECT_EQ(found, std::nullopt) << name;
    } else {
      ASSERT_TRUE(found.has_value()) << name;
      EXPECT_EQ(found->oid, after->first) << name;
      EXPECT_EQ(found->value, after->second) << name;
    }
  }
}

TEST_P(TableFormsTest, ABulkWalkFindsTheSame) {
  for (const uint32_t repetitions : {1u, 2u, 7u, 1000u}) {
    Instances found;
    Oid last = Root();
    bool ends = false;
    while (!ends) {
      GetBulk bulk;
      bulk.max_repetitions = repetitions;
      bulk.ranges.push_back({last, false, {}});
      const Response response = agent_.Send(bulk);
      ASSERT_FALSE(response.bindings.empty());
      for (const ResponseVarBind& binding : response.bindings) {
        ends = IsException(binding.value);
        if (ends) break;
        last = binding.oid;
        found.emplace_back(last, std::get<Value>(binding.value));
      }
    }
    EXPECT_THAT(found, ElementsAreArray(expected_)) << repetitions;
  }
}

TEST_P(TableFormsTest, OneRequestMayReadAllTables) {
  Get get;
  for (const auto& [oid, value] : expected_) get.oids.push_back(oid);
  const Response response = agent_.Send(get);
  ASSERT_EQ(response.bindings.size(), expected_.size());
  auto expected = expected_.begin();
  for (const ResponseVarBind& binding : response.bindings) {
    EXPECT_EQ(binding.value, ValueOrException(expected->second)) << binding.oid;
    ++expected;
  }
}

// Columns 5 and 6 have a value in each row, but are not accessible.
TEST_P(TableFormsTest, AColumnThatIsNotAccessibleIsNotThere) {
  for (const auto& [oid, value] : expected_) {
    for (const uint32_t column : {5u, 6u}) {
      for (const size_t table_arcs : {4u, 5u}) {
        if (oid.size() < table_arcs + 3 || oid[table_arcs] != 1) continue;
        Oid name(oid.arcs().subspan(0, table_arcs + 1));
        name.Append(column);
        name.Append(oid.ArcsFrom(table_arcs + 2));
        EXPECT_EQ(agent_.Get(name), std::nullopt) << name;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(All, TableFormsTest, testing::ValuesIn(kTableForms),
                         [](const testing::TestParamInfo<TableForm>& test) {
                           return testing::PrintToString(test.param);
                         });

}  // namespace
}  // namespace passpersist
