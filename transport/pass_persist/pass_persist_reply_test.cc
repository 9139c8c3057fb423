// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/pass_persist_reply.h"

#include <cstdint>
#include <limits>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"
#include "transport/pass_persist/pass_persist_value.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::HasSubstr;

// snmpd parses most numbers as a long. On a machine of 32 bits, a number that
// does not fit becomes the greatest or the smallest long.
constexpr bool kLongHas64Bits = sizeof(long) == 8;

// Returns the value that snmpd reads from a type and a text, or the error.
std::string Read(absl::string_view type, absl::string_view text) {
  const absl::StatusOr<ValueOrException> value =
      ReadPassPersistValue(type, text);
  return value.ok() ? ToString(*value) : value.status().ToString();
}

TEST(PassPersistReplyTest, NoneIsKnownByItsFourLetters) {
  EXPECT_TRUE((PassPersistReply{"NONE", "", ""}).absent());
  EXPECT_TRUE((PassPersistReply{"NONEXISTENT", "", ""}).absent());
  EXPECT_TRUE((PassPersistReply{"NONE extra", "", ""}).absent());
  EXPECT_FALSE((PassPersistReply{"none", "", ""}).absent());
  EXPECT_FALSE((PassPersistReply{" NONE", "", ""}).absent());
  EXPECT_FALSE((PassPersistReply{"", "", ""}).absent());
}

TEST(PassPersistReplyTest, NamesEndAtTheFirstOtherCharacter) {
  struct {
    const char* line;
    Oid expected;
  } const cases[] = {
      {".1.3.6", {1, 3, 6}},
      {"1.3.6", {1, 3, 6}},
      {".1.3.6 ", {1, 3, 6}},
      {".1.3.6.", {1, 3, 6}},
      {".1.3.6\r", {1, 3, 6}},
      {".1..3", {1}},
      {".1.3.4294967295", {1, 3, 4294967295}},
      {".1.3.4294967296", {1, 3, kLongHas64Bits ? 0 : 4294967295}},
      {".1.3.99999999999999999999", {1, 3, 4294967295}},
      {".1.3.x", {1, 3}},
      {" .1.3", {}},
      {"iso.3.6", {}},
      {"", {}},
      {"..1", {}},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ReadPassPersistName(c.line), c.expected) << c.line;
  }
}

TEST(PassPersistReplyTest, TypesAreKnownByTheirBeginning) {
  EXPECT_EQ(Read("integer", "5"), "Integer32 5");
  EXPECT_EQ(Read("INTEGER", "5"), "Integer32 5");
  EXPECT_EQ(Read("Integer32", "5"), "Integer32 5");
  EXPECT_EQ(Read("integer\r", "5"), "Integer32 5");
  EXPECT_EQ(Read("unsigned", "5"), "Gauge32 5");
  EXPECT_EQ(Read("Unsigned32", "5"), "Gauge32 5");
  EXPECT_EQ(Read("gauge32", "5"), "Gauge32 5");
  EXPECT_EQ(Read("counter", "5"), "Counter32 5");
  EXPECT_EQ(Read("Counter32", "5"), "Counter32 5");
  EXPECT_EQ(Read("Counter64", "5"), "Counter64 5");
  EXPECT_EQ(Read("timetick", "5"), "TimeTicks 5");
  EXPECT_EQ(Read("TIMETICKS", "5"), "TimeTicks 5");
  EXPECT_EQ(Read("octet string", "61"), "OctetString \"a\"");
  EXPECT_EQ(Read("stringent", "a"), "OctetString \"a\"");
}

TEST(PassPersistReplyTest, Integer64IsNotAnInteger) {
  const absl::StatusOr<ValueOrException> value =
      ReadPassPersistValue("integer64", "-5000000000");
  ASSERT_THAT(value, IsOk());
  EXPECT_EQ(*value, ValueOrException(Opaque::FromInteger64(-5000000000)));
}

TEST(PassPersistReplyTest, UnknownTypesAreNoSuchInstance) {
  for (const char* const type : {"float", "double", "bits", "uinteger", "null",
                                 "nsapaddress", " integer", "int", ""}) {
    EXPECT_EQ(Read(type, "1"), "noSuchInstance") << type;
  }
}

TEST(PassPersistReplyTest, NumbersAreReadAsStrtolDoes) {
  EXPECT_EQ(Read("integer", "  +7"), "Integer32 7");
  EXPECT_EQ(Read("integer", "-7 apples"), "Integer32 -7");
  EXPECT_EQ(Read("integer", "1.9"), "Integer32 1");
  EXPECT_EQ(Read("integer", "0x10"), "Integer32 0");
  EXPECT_EQ(Read("integer", "many"), "Integer32 0");
  EXPECT_EQ(Read("integer", ""), "Integer32 0");
}

TEST(PassPersistReplyTest, IntegersBeyond31BitsAreIllegalOrCut) {
  EXPECT_EQ(Read("integer", "2147483647"), "Integer32 2147483647");
  EXPECT_EQ(Read("integer", "-2147483648"), "Integer32 -2147483648");
  if (!kLongHas64Bits) {
    EXPECT_EQ(Read("integer", "99999999999"), "Integer32 2147483647");
    EXPECT_EQ(Read("integer", "-4294967297"), "Integer32 -2147483648");
    return;
  }
  EXPECT_EQ(Read("integer", "99999999999"), "Integer32 1215752191");
  for (const char* const text :
       {"2147483648", "4294967295", "-2147483649", "-4294967297"}) {
    EXPECT_THAT(ReadPassPersistValue("integer", text),
                StatusIs(absl::StatusCode::kOutOfRange, HasSubstr(text)));
  }
}

TEST(PassPersistReplyTest, UnsignedNumbersWrap) {
  EXPECT_EQ(Read("gauge", "4294967295"), "Gauge32 4294967295");
  EXPECT_EQ(Read("gauge", "4294967296"),
            kLongHas64Bits ? "Gauge32 0" : "Gauge32 4294967295");
  EXPECT_EQ(Read("counter", "-1"), "Counter32 4294967295");
  EXPECT_EQ(Read("unsigned64", "5000000000"),
            kLongHas64Bits ? "Gauge32 705032704" : "Gauge32 4294967295");
  EXPECT_EQ(Read("timeticks", "99999999999999999999999"),
            "TimeTicks 4294967295");
}

TEST(PassPersistReplyTest, Counter64HasItsFullRange) {
  const auto max =
      absl::StrCat("Counter64 ", std::numeric_limits<uint64_t>::max());
  EXPECT_EQ(Read("counter64", "18446744073709551615"), max);
  EXPECT_EQ(Read("counter64", "18446744073709551616"), max);
  EXPECT_EQ(Read("counter64", "-1"), max);
}

TEST(PassPersistReplyTest, IpAddressesAreFourNumbersOfAnySize) {
  EXPECT_EQ(Read("ipaddress", "10.1.2.3"), Read("IpAddress", ".10.1.2.3"));
  EXPECT_EQ(Read("ipaddress", "256.1.2.3"), Read("ipaddress", "0.1.2.3"));
  for (const char* const text : {"10.1.2", "10.1.2.3.4", "::1", "", "host"}) {
    EXPECT_THAT(ReadPassPersistValue("ipaddress", text),
                StatusIs(absl::StatusCode::kInvalidArgument,
                         HasSubstr(absl::StrCat("\"", text, "\""))));
  }
}

TEST(PassPersistReplyTest, ObjectIdsThatDoNotParseAreZeroDotZero) {
  EXPECT_EQ(Read("objectid", ".1.3.6"), Read("objectid", "1.3.6"));
  EXPECT_EQ(Read("objectid", "iso.3"), Read("objectid", ".0.0"));
  EXPECT_EQ(Read("objectid", ""), Read("objectid", ".0.0"));
  EXPECT_THAT(ReadPassPersistValue("objectid", ".3.50.1"),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr(".3.50.1")));
}

TEST(PassPersistReplyTest, OctetsAreHexNumbersOfAnyWidth) {
  EXPECT_EQ(Read("octet", "61 62"), "OctetString \"ab\"");
  EXPECT_EQ(Read("octet", "0x61 0x62"), "OctetString \"ab\"");
  EXPECT_EQ(Read("octet", "61\t62 "), "OctetString \"ab\"");
  EXPECT_EQ(Read("octet", "616263"), "OctetString \"c\"");
  EXPECT_EQ(Read("octet", "61:62"), "OctetString \"a\"");
  EXPECT_EQ(Read("octet", "\"61\""), "OctetString \"\"");
  EXPECT_EQ(Read("octet", ""), "OctetString \"\"");
  EXPECT_EQ(ReadPassPersistValue("opaque", "9f 78 04 42 f6 00 00").value(),
            ValueOrException(Opaque::FromFloat(123.0f)));
}

TEST(PassPersistReplyTest, StringsAreTheLineButForACarriageReturn) {
  EXPECT_EQ(Read("string", " a \"b\" "), "OctetString \" a \\\"b\\\" \"");
  EXPECT_EQ(Read("string", "a\r"), "OctetString \"a\"");
  EXPECT_EQ(Read("string", "a\r\r"), "OctetString \"a\\r\"");
  EXPECT_EQ(Read("string", ""), "OctetString \"\"");
}

TEST(PassPersistReplyTest, NulInAStringRemovesTheCharacterBeforeIt) {
  EXPECT_EQ(Read("string", {"ab\0cd", 5}), "OctetString \"a\"");
  EXPECT_THAT(ReadPassPersistValue("string", {"\0ab", 3}),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("NUL")));
}

TEST(PassPersistReplyTest, LinesHave4094Bytes) {
  EXPECT_THAT(ReadPassPersistValue("string", std::string(4094, 'a')), IsOk());
  EXPECT_THAT(ReadPassPersistValue("string", std::string(4095, 'a')),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("4095")));
}

TEST(PassPersistReplyTest, ReadsAllThreeLines) {
  const absl::StatusOr<ResponseVarBind> binding =
      ReadPassPersistReply({".1.3.1.0", "INTEGER", "5"});
  ASSERT_THAT(binding, IsOk());
  EXPECT_EQ(*binding, (ResponseVarBind{{1, 3, 1, 0}, Integer32{5}}));
}

TEST(PassPersistReplyTest, RefusesNamesThatSnmpdCannotRead) {
  EXPECT_THAT(ReadPassPersistReply({"iso.3", "INTEGER", "5"}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("iso.3")));
  std::string name;
  for (int i = 0; i < 129; ++i) absl::StrAppend(&name, ".1");
  EXPECT_THAT(ReadPassPersistReply({name, "INTEGER", "5"}),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("129 arcs")));
  EXPECT_THAT(ReadPassPersistReply({name.substr(2), "INTEGER", "5"}), IsOk());
}

TEST(PassPersistReplyTest, EachErrorIsKnownByItsBeginning) {
  for (int number = 1; number <= 18; ++number) {
    const auto error = static_cast<ErrorStatus>(number);
    const absl::string_view word = PassPersistSetReply(error);
    EXPECT_EQ(ReadPassPersistSetReply(word), error) << word;
    EXPECT_EQ(ReadPassPersistSetReply(absl::StrCat(word, " because\r")), error);
  }
  EXPECT_EQ(ReadPassPersistSetReply("Not-Writable"), ErrorStatus::kNotWritable);
}

TEST(PassPersistReplyTest, AnyOtherAnswerToASetIsSuccess) {
  for (const char* const line : {"DONE", "", "NONE", "notWritable",
                                 "not writable", " not-writable", "error"}) {
    EXPECT_EQ(ReadPassPersistSetReply(line), ErrorStatus::kNoError) << line;
  }
}

}  // namespace
}  // namespace passpersist
