// SPDX-License-Identifier: Apache-2.0
//
// SNMP SETs that are refused.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/raw_set.h"

namespace passpersist_testing {
namespace {

class RefusedSetTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "sets/types_agent", {PathOf("journal")})});
    ASSERT_FALSE(HasFatalFailure());
    before_ = client().Walk("").bindings;
    pid_ = Agent().pid();
  }

  // A refusal must have no other consequences.
  void TearDown() override {
    if (snmpd_started()) {
      EXPECT_EQ(client().Walk("").bindings, before_);
      EXPECT_EQ(Agent().pid(), pid_);
    }
    PlaypenTest::TearDown();
  }

  void ExpectError(const SnmpResult& set, const std::string& error,
                   const std::string& failed_object) {
    EXPECT_EQ(set.error, error) << set;
    EXPECT_EQ(set.failed_object, failed_object);
    EXPECT_NE(set.exit_status, 0);
  }

  std::vector<std::string> before_;
  pid_t pid_ = 0;
};

TEST_F(RefusedSetTest, OtherTypesAreWrong) {
  const struct {
    std::string type;
    std::string value;
    std::vector<std::string> objects;  // the objects of this type
  } kTypes[] = {
      {"i", "1", {"1.0"}},
      {"u", "1", {"2.0"}},
      {"t", "1", {"3.0"}},
      {"a", "1.1.1.1", {"4.0"}},
      {"o", ".1.3", {"5.0"}},
      {"s", "abc", {"6.0", "7.0", "8.0", "9.0"}},
      {"x", "00", {"6.0", "7.0", "8.0", "9.0"}},
  };
  for (const auto& type : kTypes) {
    for (int column = 1; column <= 10; ++column) {
      const std::string name = absl::StrCat(column, ".0");
      if (testing::Value(type.objects, testing::Contains(name))) continue;
      SCOPED_TRACE(absl::StrCat(name, " ", type.type));
      ExpectError(client().Set(name, type.type, type.value), "wrongType", name);
    }
  }
}

// Net-SNMP has no text for these types: it sends the text of the previous set.
TEST_F(RefusedSetTest, Counter64AndOpaqueCanNotBeSet) {
  const SnmpAssignment kBefore[] = {{"16.0", "i", "5"},
                                    {"16.0", "u", "5"},
                                    {"16.0", "s", "text"},
                                    {"16.0", "x", "00"}};
  const SnmpAssignment kOpaque[] = {{"12.0", "F", "1.5"},
                                    {"13.0", "D", "1.5"},
                                    {"14.0", "I", "-5"},
                                    {"15.0", "U", "5"}};
  for (const SnmpAssignment& before : kBefore) {
    SCOPED_TRACE(before.type);
    // This set is refused too, but its text stays in snmpd's buffer.
    ExpectError(client().Set({before}), "notWritable", "16.0");
    for (const SnmpAssignment& opaque : kOpaque) {
      ExpectError(client().Set({opaque}), "wrongType", opaque.name);
      ExpectError(client().Set("11.0", opaque.type, opaque.value), "wrongType",
                  "11.0");
    }
    const absl::StatusOr<int> error =
        RawSet(snmpd().port(), snmpd().community(),
               absl::StrCat(kPlaypen, ".11.0"), RawType::kCounter64, 5);
    ASSERT_TRUE(error.ok()) << error.status();
    EXPECT_EQ(*error, 7);  // wrongType
  }
}

TEST_F(RefusedSetTest, Counter32IsNotAGauge) {
  const absl::StatusOr<int> error =
      RawSet(snmpd().port(), snmpd().community(),
             absl::StrCat(kPlaypen, ".2.0"), RawType::kCounter32, 5);
  ASSERT_TRUE(error.ok()) << error.status();
  EXPECT_EQ(*error, 7);  // wrongType
}

TEST_F(RefusedSetTest, NamesWithoutASetterAreNotWritable) {
  for (const std::string name : {"16.0", "16.1", "19.0", "0", "1000"}) {
    ExpectError(client().Set(name, "i", "1"), "notWritable", name);
    ExpectError(client().V1().Set(name, "i", "1"), "noSuchName", name);
  }
}

TEST_F(RefusedSetTest, EveryErrorArrives) {
  const struct {
    int number;
    const char* name;
    const char* v1_name;
  } kErrors[] = {
      {1, "tooBig", "tooBig"},
      {2, "noSuchName", "noSuchName"},
      {3, "badValue", "badValue"},
      {4, "readOnly", "readOnly"},
      {5, "genError", "genError"},
      {6, "noAccess", "noSuchName"},
      {7, "wrongType", "badValue"},
      {8, "wrongLength", "badValue"},
      {9, "wrongEncoding", "badValue"},
      {10, "wrongValue", "badValue"},
      {11, "noCreation", "noSuchName"},
      {12, "inconsistentValue", "badValue"},
      {13, "resourceUnavailable", "genError"},
      {14, "commitFailed", "genError"},
      {15, "undoFailed", "genError"},
      {16, "authorizationError", "noSuchName"},
      {17, "notWritable", "noSuchName"},
      {18, "inconsistentName", "noSuchName"},
  };
  for (const auto& error : kErrors) {
    const std::string name = absl::StrCat("18.", error.number);
    ExpectError(client().Set(name, "i", "1"), error.name, name);
    ExpectError(client().V1().Set(name, "i", "1"), error.v1_name, name);
  }
}

// Longer strings arrive cut.
TEST_F(RefusedSetTest, StringsTooLongForSnmpdHaveTheWrongLength) {
  ExpectError(client().Set("6.0", "s", std::string(4087, 'a')), "wrongLength",
              "6.0");
  ExpectError(client().Set("6.0", "s", std::string(4095, 'a')), "wrongLength",
              "6.0");
  ExpectError(client().Set("6.0", "s", std::string(1363, '\xff')),
              "wrongLength", "6.0");
}

TEST_F(RefusedSetTest, TheErrorNamesTheObjectThatFailed) {
  ExpectError(client().Set({{"18.10", "i", "1"}, {"18.12", "i", "1"}}),
              "wrongValue", "18.10");
  // snmpd reads all objects before it sets the first.
  ExpectError(client().Set({{"1.0", "i", "99"}, {"16.1", "i", "1"}}),
              "notWritable", "16.1");
}

}  // namespace
}  // namespace passpersist_testing
