// SPDX-License-Identifier: Apache-2.0

#include "simple/text_setter.h"

#include <cstddef>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/agent_builder.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/setter.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/value.h"
#include "store/btree_store.h"
#include "transport/testing/fake_snmpd.h"

namespace passpersist_testing {
namespace {

using passpersist::AgentBuilder;
using passpersist::BtreeStore;
using passpersist::Contents;
using passpersist::ErrorStatus;
using passpersist::MakeTextSetter;
using passpersist::Oid;
using passpersist::SetBinding;
using passpersist::SetReply;
using passpersist::SetResult;
using passpersist::Setter;
using passpersist::TextSetFunction;
using passpersist::TextSetterOptions;
using passpersist::Value;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kName[] = ".1.3.6.1.3.53.8.0.4";

Oid Root() { return {1, 3, 6, 1, 3, 53, 8}; }
Oid Name() { return Concat(Root(), {0, 4}); }

// An agent that holds `value` at kName, with a setter there.
AgentBuilder Builder(Value value, TextSetFunction set,
                     TextSetterOptions options = {}) {
  AgentBuilder builder;
  builder.SetStoreFactory(BtreeStore::Factory())
      .AddSubtree(Root(), absl::Hours(1),
                  [value = std::move(value)](Contents& contents) {
                    contents.Put({0, 4}, value);
                    return absl::OkStatus();
                  })
      .AddSetter(Name(), MakeTextSetter(Name(), std::move(set), options));
  return builder;
}

// The arguments of the function at a set, as "oid|type|value".
std::string ArgumentsOf(Value present, absl::string_view text,
                        TextSetterOptions options = {}) {
  std::string arguments = "not called";
  FakeSnmpd snmpd(Builder(
      std::move(present),
      [&](absl::string_view oid, absl::string_view type,
          absl::string_view value) {
        arguments = absl::StrCat(oid, "|", type, "|", value);
        return true;
      },
      options));
  EXPECT_EQ(snmpd.Set(kName, text), "DONE");
  return arguments;
}

// The answer of the setter to a set, without an agent.
ErrorStatus AnswerTo(const Value& value, TextSetFunction set,
                     TextSetterOptions options = {}) {
  const std::unique_ptr<Setter> setter =
      MakeTextSetter(Root(), std::move(set), options);
  const std::vector<SetBinding> bindings = {{{1, 3}, value}};
  const auto assignment = setter->Test(bindings).TakeAssignment();
  return *assignment->Commit().result();
}

TEST(TextSetterTest, GetsTheFullNameTheTypeAndTheValueAsText) {
  EXPECT_EQ(ArgumentsOf(passpersist::Integer32{}, "integer 987"),
            ".1.3.6.1.3.53.8.0.4|integer|987");
  EXPECT_EQ(ArgumentsOf(passpersist::Integer32{}, "integer -5"),
            ".1.3.6.1.3.53.8.0.4|integer|-5");
  EXPECT_EQ(ArgumentsOf(passpersist::TimeTicks{}, "timeticks 6000"),
            ".1.3.6.1.3.53.8.0.4|timeticks|6000");
  EXPECT_EQ(ArgumentsOf(passpersist::IpAddress{}, "ipaddress 10.0.0.1"),
            ".1.3.6.1.3.53.8.0.4|ipaddress|10.0.0.1");
  EXPECT_EQ(
      ArgumentsOf(passpersist::ObjectIdentifier{{0, 0}}, "objectid \".1.3\""),
      ".1.3.6.1.3.53.8.0.4|objectid|.1.3");
}

TEST(TextSetterTest, GetsTheBytesOfAStringHoweverSnmpdWritesThem) {
  const auto arguments = [](absl::string_view text) {
    return ArgumentsOf(passpersist::OctetString{}, text);
  };
  EXPECT_EQ(arguments("string \"Strasse\""),
            ".1.3.6.1.3.53.8.0.4|string|Strasse");
  EXPECT_EQ(arguments("octet \"53 74 72 61 C3 9F 65\""),
            ".1.3.6.1.3.53.8.0.4|string|Stra\u00dfe");
  EXPECT_EQ(
      arguments("octet \"00 20\""),
      absl::StrCat(".1.3.6.1.3.53.8.0.4|string|", absl::string_view("\0 ", 2)));
}

TEST(TextSetterTest, GetsTheWordsOfTheWireOnRequest) {
  TextSetterOptions options;
  options.wire_words = true;
  const auto arguments = [&](absl::string_view text) {
    return ArgumentsOf(passpersist::OctetString{}, text, options);
  };
  EXPECT_EQ(arguments("string \"a b\""), ".1.3.6.1.3.53.8.0.4|string|a b");
  EXPECT_EQ(arguments("octet \"53 74 72 61 C3 9F 65\""),
            ".1.3.6.1.3.53.8.0.4|octet|53 74 72 61 c3 9f 65");
  EXPECT_EQ(arguments("octet \"00 20\""), ".1.3.6.1.3.53.8.0.4|octet|00 20");
}

TEST(TextSetterTest, RemovesOnePairOfQuotesFromAString) {
  const auto arguments = [](absl::string_view text) {
    return ArgumentsOf(passpersist::OctetString{}, text);
  };
  EXPECT_EQ(arguments("string \"a b\""), ".1.3.6.1.3.53.8.0.4|string|a b");
  EXPECT_EQ(arguments("string \"\""), ".1.3.6.1.3.53.8.0.4|string|");
  EXPECT_EQ(arguments("string \" x \""), ".1.3.6.1.3.53.8.0.4|string| x ");
  EXPECT_EQ(arguments("string \"he said \"hi\"\""),
            ".1.3.6.1.3.53.8.0.4|string|he said \"hi\"");
}

TEST(TextSetterTest, RestoresUnsignedNumbersThatSnmpdSendsAsNegative) {
  EXPECT_EQ(ArgumentsOf(passpersist::Gauge32{}, "gauge -1"),
            ".1.3.6.1.3.53.8.0.4|gauge|4294967295");
  EXPECT_EQ(ArgumentsOf(passpersist::Counter32{}, "counter -2147483648"),
            ".1.3.6.1.3.53.8.0.4|counter|2147483648");
}

TEST(TextSetterTest, AGetReturnsTheNewValueImmediately) {
  FakeSnmpd snmpd(
      Builder(passpersist::Integer32{1},
              [](absl::string_view, absl::string_view,
                 absl::string_view value) { return value != "13"; }));
  EXPECT_EQ(snmpd.Set(kName, "integer 12"), "DONE");
  EXPECT_EQ(snmpd.Get(kName), "INTEGER 12");
  EXPECT_EQ(snmpd.Set(kName, "integer 13"), "not-writable");
  EXPECT_EQ(snmpd.Get(kName), "INTEGER 12");
}

TEST(TextSetterTest, AnswersWithTheWordThatTheFunctionReturns) {
  // The function returns the value that was set.
  FakeSnmpd snmpd(Builder(passpersist::OctetString{},
                          [](absl::string_view, absl::string_view,
                             absl::string_view value) { return value; }));
  for (const char* const word :
       {"DONE", "too-big", "no-such-name", "bad-value", "read-only",
        "gen-error", "no-access", "wrong-type", "wrong-length",
        "wrong-encoding", "wrong-value", "no-creation", "inconsistent-value",
        "resource-unavailable", "commit-failed", "undo-failed",
        "authorization-error", "not-writable", "inconsistent-name"}) {
    EXPECT_EQ(snmpd.Set(kName, absl::StrCat("string \"", word, "\"")), word);
  }
}

TEST(TextSetterTest, AnswersAnUnknownWordWithGenErrorAndReportsIt) {
  ErrorLog log;
  FakeSnmpd snmpd(
      std::move(Builder(passpersist::Integer32{5}, [](absl::string_view,
                                                      absl::string_view,
                                                      absl::string_view) {
                  return "fine\n";
                }).OnError(log.Hook())));
  EXPECT_EQ(snmpd.Set(kName, "integer 6"), "gen-error");
  EXPECT_EQ(snmpd.Get(kName), "INTEGER 5");
  EXPECT_THAT(log.Take(),
              ElementsAre("INTERNAL: set of .1.3.6.1.3.53.8.0.4: the setter "
                          "answered \"fine\\n\", which is "
                          "neither DONE nor an error that snmpd knows"));
}

TEST(TextSetterTest, ReportsAFailureButNotARejection) {
  ErrorLog log;
  absl::Status status = absl::UnavailableError("the disk is full");
  FakeSnmpd snmpd(
      std::move(Builder(passpersist::Integer32{5}, [&](absl::string_view,
                                                       absl::string_view,
                                                       absl::string_view) {
                  return status;
                }).OnError(log.Hook())));
  EXPECT_EQ(snmpd.Set(kName, "integer 6"), "resource-unavailable");
  EXPECT_THAT(
      log.Take(),
      ElementsAre("UNAVAILABLE: set of .1.3.6.1.3.53.8.0.4: the disk is full"));
  status = absl::OutOfRangeError("at most 5");
  EXPECT_EQ(snmpd.Set(kName, "integer 6"), "wrong-value");
  EXPECT_THAT(log.Take(), IsEmpty());
}

TEST(TextSetterTest, AnExceptionIsAGenErrorAndReported) {
  ErrorLog log;
  FakeSnmpd snmpd(std::move(Builder(passpersist::Integer32{5},
                                    [](absl::string_view, absl::string_view,
                                       absl::string_view) -> SetReply {
                                      throw std::runtime_error("no disk");
                                    })
                                .OnError(log.Hook())));
  EXPECT_EQ(snmpd.Set(kName, "integer 7"), "gen-error");
  EXPECT_EQ(snmpd.Get(kName), "INTEGER 5");
  EXPECT_THAT(
      log.Take(),
      ElementsAre("INTERNAL: set of .1.3.6.1.3.53.8.0.4: exception: no disk"));
}

TEST(TextSetterTest, IsNotCalledForAbsentInstances) {
  FakeSnmpd snmpd(
      Builder(passpersist::Integer32{5},
              [](absl::string_view oid, absl::string_view, absl::string_view) {
                ADD_FAILURE() << "called for " << oid;
                return true;
              }));
  const std::string below = absl::StrCat(kName, ".1");
  EXPECT_EQ(snmpd.Set(below, "string \"anything\""), "no-creation");
  EXPECT_EQ(snmpd.Get(below), "NONE");
}

TEST(TextSetterTest, IsNotCalledForTypesThatSnmpdCannotSend) {
  const auto never = [](absl::string_view, absl::string_view,
                        absl::string_view) {
    ADD_FAILURE() << "called";
    return true;
  };
  EXPECT_EQ(AnswerTo(passpersist::Counter64{1}, never),
            ErrorStatus::kWrongType);
  EXPECT_EQ(AnswerTo(passpersist::Opaque::FromFloat(1), never),
            ErrorStatus::kWrongType);
}

// snmpd can't send that many bytes, but other codecs can.
TEST(TextSetterTest, GetsOctetsInHexAndTextUnchangedWhateverTheLength) {
  TextSetterOptions options;
  options.wire_words = true;
  const auto arguments = [&](const std::string& bytes) {
    std::string arguments;
    AnswerTo(
        passpersist::OctetString{bytes},
        [&](absl::string_view, absl::string_view type,
            absl::string_view value) {
          arguments = absl::StrCat(type, " ", value);
          return true;
        },
        options);
    return arguments;
  };
  const std::string text = absl::StrCat("\"", std::string(5000, 'a'), "\"");
  EXPECT_EQ(arguments(text), "string " + text);
  std::string hex;
  for (int i = 0; i < 5000; ++i) absl::StrAppend(&hex, "61 ");
  EXPECT_EQ(arguments(std::string(5000, 'a') + '\n'), "octet " + hex + "0a");
}

TEST(TextSetterTest, IsNullForANullFunction) {
  EXPECT_EQ(MakeTextSetter(Root(), nullptr), nullptr);
}

TEST(SetReplyTest, ConvertsFromBoolsWordsAndErrors) {
  EXPECT_EQ(SetReply(true).result(), SetResult(ErrorStatus::kNoError));
  EXPECT_EQ(SetReply(false).result(), SetResult(ErrorStatus::kNotWritable));
  EXPECT_EQ(SetReply(ErrorStatus::kNoAccess).result(),
            SetResult(ErrorStatus::kNoAccess));
  EXPECT_EQ(SetReply("wrong-length").result(),
            SetResult(ErrorStatus::kWrongLength));
  EXPECT_EQ(SetReply(std::string("done")).result(),
            SetResult(ErrorStatus::kNoError));
  EXPECT_EQ(SetReply(absl::string_view("Wrong-Value")).result(),
            SetResult(ErrorStatus::kWrongValue));
}

TEST(SetReplyTest, DoesNotConvertFromIntegersOrNull) {
  static_assert(std::is_convertible_v<bool, SetReply>);
  static_assert(!std::is_convertible_v<int, SetReply>);
  static_assert(!std::is_convertible_v<std::nullptr_t, SetReply>);
  const auto returns_void = [](absl::string_view, absl::string_view,
                               absl::string_view) {};
  static_assert(
      !std::is_convertible_v<decltype(returns_void), TextSetFunction>);
}

TEST(SetReplyTest, OnlyDoneIsASuccess) {
  const char* const null = nullptr;
  EXPECT_FALSE(SetReply(null).result().ok());
  for (const char* const word : {"", "OK", "DONE!", "notWritable", "True"}) {
    EXPECT_FALSE(SetReply(word).result().ok()) << word;
  }
}

TEST(SetReplyTest, ConvertsAStatusByItsCode) {
  const std::vector<std::pair<absl::StatusCode, ErrorStatus>> table = {
      {absl::StatusCode::kOk, ErrorStatus::kNoError},
      {absl::StatusCode::kInvalidArgument, ErrorStatus::kWrongValue},
      {absl::StatusCode::kOutOfRange, ErrorStatus::kWrongValue},
      {absl::StatusCode::kPermissionDenied, ErrorStatus::kNotWritable},
      {absl::StatusCode::kUnimplemented, ErrorStatus::kNotWritable},
      {absl::StatusCode::kNotFound, ErrorStatus::kNoCreation},
      {absl::StatusCode::kFailedPrecondition, ErrorStatus::kInconsistentValue},
  };
  for (const auto& [code, error] : table) {
    EXPECT_EQ(SetReply(absl::Status(code, "")).result(), SetResult(error))
        << absl::StatusCodeToString(code);
  }
}

TEST(SetReplyTest, KeepsAStatusThatIsAFailure) {
  for (const absl::Status& failure :
       {absl::ResourceExhaustedError("full"), absl::UnavailableError("later"),
        absl::InternalError("broken"), absl::UnauthenticatedError("who")}) {
    EXPECT_EQ(SetReply(failure).result().status(), failure);
  }
}

}  // namespace
}  // namespace passpersist_testing
