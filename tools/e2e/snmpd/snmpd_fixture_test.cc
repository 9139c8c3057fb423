// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/snmpd_fixture.h"

#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace passpersist_testing {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::Ge;
using testing::IsEmpty;
using testing::SizeIs;

constexpr char kSysServices[] = ".1.3.6.1.2.1.1.7.0";
constexpr char kLoopback[] = ".1.3.6.1.2.1.2.2.1.2.1 = STRING: lo";

class SnmpdFixtureTest : public SnmpdTest {
 protected:
  void StartWithIfMib() {
    options().mib_modules = {"IF-MIB"};
    options().mib_directories = {Runfile("testdata/mibs/stand_ins")};
    StartSnmpd({});
  }
};

TEST_F(SnmpdFixtureTest, NamesAreAbsoluteWithoutABase) {
  ASSERT_NO_FATAL_FAILURE(StartSnmpd({"sysservices 72"}));
  EXPECT_THAT(client().Get({kSysServices}).bindings,
              ElementsAre(".1.3.6.1.2.1.1.7.0 = INTEGER: 72"));
  EXPECT_THAT(client().Get({"1.3.6.1.2.1.1.7.0"}).bindings,
              ElementsAre(".1.3.6.1.2.1.1.7.0 = INTEGER: 72"));
}

TEST_F(SnmpdFixtureTest, NamesBelowTheBaseAreRelativeToIt) {
  options().base = ".1.3.6.1.2.1.1";
  ASSERT_NO_FATAL_FAILURE(StartSnmpd({"sysservices 72"}));
  EXPECT_THAT(client().Get({"7.0", kSysServices}).bindings,
              ElementsAre("7.0 = INTEGER: 72", "7.0 = INTEGER: 72"));
  EXPECT_THAT(client().Walk("").bindings, Contains("7.0 = INTEGER: 72"));
}

TEST_F(SnmpdFixtureTest, ObjectsOfALoadedModuleHaveNames) {
  ASSERT_NO_FATAL_FAILURE(StartWithIfMib());
  EXPECT_THAT(client().Get({"ifDescr.1"}).bindings, ElementsAre(kLoopback));
  EXPECT_THAT(client().Walk("IF-MIB::ifDescr").bindings, Contains(kLoopback));
  EXPECT_THAT(client().BulkWalk("ifDescr").bindings, Contains(kLoopback));
}

TEST_F(SnmpdFixtureTest, ATableOfALoadedModuleHasCells) {
  ASSERT_NO_FATAL_FAILURE(StartWithIfMib());
  const std::vector<std::vector<std::string>> rows = client().Table("ifTable");
  ASSERT_THAT(rows, SizeIs(Ge(2)));
  EXPECT_THAT(rows[0], ElementsAre("index", "ifIndex", "ifDescr"));
  EXPECT_THAT(rows[1], ElementsAre("1", "1", "lo"));
}

TEST_F(SnmpdFixtureTest, WithoutAModuleThereAreNoNames) {
  ASSERT_NO_FATAL_FAILURE(StartSnmpd({}));
  const SnmpResult result = client().Get({"ifDescr.1"});
  EXPECT_NE(result.exit_status, 0);
  EXPECT_THAT(result.bindings, IsEmpty());
}

}  // namespace
}  // namespace passpersist_testing
