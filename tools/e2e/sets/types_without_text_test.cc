// SPDX-License-Identifier: Apache-2.0
//
// SNMP SETs of types for which snmpd has no text: it sends the contents of its
// buffer, mostly the text of the previous set (ucd-snmp/pass_common.c,
// netsnmp_internal_pass_set_format()).

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/raw_set.h"

namespace passpersist_testing {
namespace {

constexpr int kWrongType = 7;

// Types that snmpset can send.
const SnmpAssignment kSpecialTypes[] = {{"", "F", "1.5"},
                                        {"", "D", "-2.5"},
                                        {"", "I", "-5"},
                                        {"", "U", "5"},
                                        {"", "3", "5"}};

struct RawValue {
  RawType type;
  std::string content;
};

const RawValue kRawValues[] = {{RawType::kCounter64, "\x05"},
                               {RawType::kOpaque, "abc"},
                               {RawType::kNsap, std::string("\0abcde", 6)},
                               {RawType::kUInteger32, "\x05"},
                               {RawType::kBitString, std::string("\0\x80", 2)}};

class TypesWithoutTextTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "sets/memory_agent")});
    ASSERT_FALSE(HasFatalFailure());
    ASSERT_THAT(client().Walk("").bindings, testing::SizeIs(7));
    pid_ = Agent().pid();
  }

  void TearDown() override {
    if (snmpd_started()) {
      EXPECT_EQ(Agent().pid(), pid_);
    }
    PlaypenTest::TearDown();
  }

  // Returns the error of the answer; empty if there is none.
  std::string SetRaw(const std::string& name, const RawValue& value) {
    const absl::StatusOr<int> error =
        RawSet(snmpd().port(), snmpd().community(),
               absl::StrCat(kPlaypen, ".", name), value.type, value.content);
    if (!error.ok()) return error.status().ToString();
    if (*error == 0) return "";
    return *error == kWrongType ? "wrongType" : absl::StrCat(*error);
  }

  // Sends `set`, and then sets the same object to each type without a text,
  // which leaves snmpd's buffer unchanged. Returns the errors. Fails unless the
  // agent is still the same process and has the same values.
  std::vector<std::string> ErrorsAfter(const SnmpAssignment& set) {
    SCOPED_TRACE(absl::StrCat(set.name, " ", set.type, " ",
                              set.value.substr(0, 40), ", ", set.value.size(),
                              " bytes"));
    const SnmpResult result = client().Set({set});
    EXPECT_EQ(result.exit_status, 0) << result;
    const std::vector<std::string> before = client().Walk("").bindings;
    std::vector<std::string> errors;
    for (const SnmpAssignment& special : kSpecialTypes) {
      errors.push_back(
          client().Set(set.name, special.type, special.value).error);
    }
    for (const RawValue& value : kRawValues) {
      errors.push_back(SetRaw(set.name, value));
    }
    EXPECT_EQ(client().Walk("").bindings, before);
    EXPECT_EQ(Agent().pid(), pid_);
    return errors;
  }

 private:
  pid_t pid_ = 0;
};

// Then Debian's 5.9.3, 5.9.4 and 5.9.5.2 send a second line, the type of the
// previous get.
TEST_F(TypesWithoutTextTest, AreRefusedAfterATextOf15Bytes) {
  for (const SnmpAssignment& set :
       {SnmpAssignment{"1.0", "i", "1000000"},    // integer 1000000
        SnmpAssignment{"1.0", "i", "-100000"},    // integer -100000
        SnmpAssignment{"2.0", "u", "100000000"},  // gauge 100000000
        SnmpAssignment{"3.0", "t", "10000"},      // timeticks 10000
        SnmpAssignment{"5.0", "o", ".1.3"},       // objectid ".1.3"
        SnmpAssignment{"6.0", "s", "before"},     // string "before"
        SnmpAssignment{"6.0", "x", "616263646566"}}) {
    EXPECT_THAT(ErrorsAfter(set), testing::Each("wrongType")) << set.value;
  }
}

TEST_F(TypesWithoutTextTest, AreRefusedAfterACounterOf15Bytes) {
  for (const RawValue& value : kRawValues) {
    EXPECT_EQ(SetRaw("7.0", {RawType::kCounter32, "\x0f\x42\x40"}), "");
    EXPECT_EQ(SetRaw("7.0", value), "wrongType");
    EXPECT_THAT(client().Get({"7.0"}).bindings,
                testing::ElementsAre("7.0 = Counter32: 1000000"));
  }
}

// Then snmpd sends one line: the text, whole or cut. An agent can't distinguish
// a whole text from a set.
TEST_F(TypesWithoutTextTest, ChangeNothingAfterTheSameObjectsText) {
  for (const SnmpAssignment& set :
       {SnmpAssignment{"1.0", "i", "5"},
        SnmpAssignment{"1.0", "i", "100000"},
        SnmpAssignment{"1.0", "i", "10000000"},
        SnmpAssignment{"1.0", "i", "-2147483648"},
        SnmpAssignment{"2.0", "u", "1"},
        SnmpAssignment{"2.0", "u", "4294967295"},
        SnmpAssignment{"3.0", "t", "1000"},
        SnmpAssignment{"3.0", "t", "100000"},
        SnmpAssignment{"4.0", "a", "1.2.3.4"},
        SnmpAssignment{"4.0", "a", "192.168.100.200"},
        SnmpAssignment{"5.0", "o", ".1.3.6"},
        SnmpAssignment{"5.0", "o", ".1.3.6.1.4.1.8072.9999.9999"},
        SnmpAssignment{"6.0", "s", ""},
        SnmpAssignment{"6.0", "s", "PING"},
        SnmpAssignment{"6.0", "s", "before!"},
        SnmpAssignment{"6.0", "s", "PINGPINGPING"},
        SnmpAssignment{"6.0", "s", std::string(1000, 'a')},
        SnmpAssignment{"6.0", "s", std::string(4000, 'a')},
        SnmpAssignment{"6.0", "x", "0102"},
        SnmpAssignment{"6.0", "x", "010203"},
        SnmpAssignment{"6.0", "x", std::string(2000, '0')}}) {
    ErrorsAfter(set);
  }
}

TEST_F(TypesWithoutTextTest, AreRefusedInTheFirstSet) {
  const std::vector<std::string> before = client().Walk("").bindings;
  for (const RawValue& value : kRawValues) {
    EXPECT_EQ(SetRaw("1.0", value), "wrongType");
    EXPECT_EQ(client().Set("6.0", "F", "1.5").error, "wrongType");
  }
  EXPECT_EQ(client().Walk("").bindings, before);
}

TEST_F(TypesWithoutTextTest, AreRefusedAmongOtherObjectsOfARequest) {
  const SnmpResult set = client().Set(
      {{"1.0", "i", "1000000"}, {"2.0", "F", "1.5"}, {"3.0", "t", "12"}});
  EXPECT_EQ(set.error, "wrongType") << set;
  EXPECT_EQ(set.failed_object, "2.0");
  EXPECT_THAT(client().Get({"1.0", "2.0", "3.0"}).bindings,
              testing::ElementsAre("1.0 = INTEGER: 1000000", "2.0 = Gauge32: 5",
                                   "3.0 = Timeticks: (12) 0:00:00.12"));
}

}  // namespace
}  // namespace passpersist_testing
