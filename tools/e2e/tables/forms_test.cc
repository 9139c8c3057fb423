// SPDX-License-Identifier: Apache-2.0
//
// The same tables, whether they are read by a function, held or computed, by
// Net-SNMP's tools.

#include <string>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/table/testing/table_forms.h"
#include "passpersist/value.h"
#include "tools/e2e/snmpd/playpen.h"

namespace passpersist_testing {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;

// As snmpget prints the values of these tables.
std::string Printed(const passpersist::Value& value) {
  if (const auto* const number = std::get_if<passpersist::Integer32>(&value)) {
    return absl::StrCat("INTEGER: ", number->value);
  }
  if (const auto* const counter = std::get_if<passpersist::Counter32>(&value)) {
    return absl::StrCat("Counter32: ", counter->value);
  }
  if (const auto* const gauge = std::get_if<passpersist::Gauge32>(&value)) {
    return absl::StrCat("Gauge32: ", gauge->value);
  }
  return absl::StrCat("STRING: \"",
                      std::get<passpersist::OctetString>(value).bytes, "\"");
}

class FormsTest : public PlaypenTest,
                  public testing::WithParamInterface<TableForm> {
 protected:
  void SetUp() override {
    StartSnmpd(
        {AgentLine(absl::StrCat(kPlaypen, ".21"), "tables/forms_agent", {})});
    for (const auto& [oid, value] : InstancesOfTables({})) {
      names_.push_back(absl::StrCat(root_, oid.ToString()));
      expected_.push_back(absl::StrCat(names_.back(), " = ", Printed(value)));
    }
  }

  // Relative to the playpen.
  const std::string root_ =
      absl::StrCat("21.", 1 + static_cast<int>(GetParam()));
  // Of all instances, in OID order.
  std::vector<std::string> names_;
  std::vector<std::string> expected_;
};

TEST_P(FormsTest, AWalkFindsAllInstancesInTheOrderOfTheirOids) {
  EXPECT_THAT(client().Walk(root_).bindings, ElementsAreArray(expected_));
}

TEST_P(FormsTest, ABulkWalkFindsTheSame) {
  for (const int repetitions : {1, 3, 50}) {
    EXPECT_THAT(client().BulkWalk(root_, repetitions).bindings,
                ElementsAreArray(expected_))
        << repetitions;
  }
}

TEST_P(FormsTest, AGetFindsAllInstances) {
  EXPECT_THAT(client().Get(names_).bindings, ElementsAreArray(expected_));
}

TEST_P(FormsTest, AGetNextFindsTheNextOfEach) {
  std::vector<std::string> names = names_;
  names.pop_back();
  std::vector<std::string> expected(expected_.begin() + 1, expected_.end());
  EXPECT_THAT(client().GetNext(names).bindings, ElementsAreArray(expected));
  // A longer name is before the next row of an IMPLIED string, too.
  for (std::string& name : names) name += ".0";
  EXPECT_THAT(client().GetNext(names).bindings, ElementsAreArray(expected));
}

// Columns 5 and 6 of the row 300 in the first table.
TEST_P(FormsTest, AColumnThatIsNotAccessibleIsNotThere) {
  const std::string entry = absl::StrCat(root_, ".1.2.1.");
  EXPECT_THAT(client().Get({entry + "2.300"}).bindings,
              ElementsAre(HasSubstr("Counter32: 7")));
  for (const char* const column : {"5", "6"}) {
    EXPECT_THAT(client().Get({absl::StrCat(entry, column, ".300")}).bindings,
                ElementsAre(HasSubstr("No Such")));
    EXPECT_THAT(client().GetNext({absl::StrCat(entry, column)}).bindings,
                ElementsAre(HasSubstr(".1.2.1.7.0 =")));
  }
}

INSTANTIATE_TEST_SUITE_P(All, FormsTest, testing::ValuesIn(kTableForms),
                         [](const testing::TestParamInfo<TableForm>& test) {
                           return testing::PrintToString(test.param);
                         });

}  // namespace
}  // namespace passpersist_testing
