// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_requests.h"

#include <limits>
#include <set>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist {
namespace {

using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::HasSubstr;

// Returns a request with contents that FromProto() must remove.
Request Used() {
  const Oid oid = {9, 9, 9};
  Request request;
  request.session = request.transaction = request.packet = 9;
  request.context = "9";
  request.operation = Get{{oid, oid, oid}};
  return request;
}

absl::StatusOr<Request> Read(const debug::Request& proto) {
  Request request = Used();
  const absl::Status status = FromProto(proto, &request);
  if (!status.ok()) return status;
  return request;
}

absl::StatusOr<Request> Read(const std::string& text) {
  return Read(FromText<debug::Request>(text));
}

debug::Request Write(const Request& request) {
  debug::Request proto;
  ToProto(request, &proto);
  return proto;
}

// Each kind, as text.
const char* const kRequests[] = {
    "get { oids: '.1.3' oids: '.1.4' }",
    "get { }",
    "get_next { ranges { start: '.1.3' inclusive: true end: '.1.4' } "
    "ranges { } }",
    "get_bulk { non_repeaters: 1 max_repetitions: 10 "
    "ranges { start: '.1.3' } ranges { start: '.1.4' } }",
    "set { bindings { oid: '.1.3' integer: 5 } "
    "bindings { oid: '.1.4' octet_string: 'x' } }",
    "test_set { bindings { oid: '.1.3' counter64: 5 } }",
    "commit_set { }",
    "undo_set { }",
    "cleanup_set { }",
    "dump { range { start: '.1.3' } limit: 10 }",
    "dump { range { } }",
};

TEST(DebugRequestsTest, EachKindGoesBothWays) {
  for (const std::string operation : kRequests) {
    const std::string text = absl::StrCat(
        "id: 1 session: 2 transaction: 3 context: 'c' ", operation);
    const absl::StatusOr<Request> request = Read(text);
    ASSERT_THAT(request, IsOk()) << text;
    EXPECT_THAT(Write(*request), IsMessage(text));
  }
}

TEST(DebugRequestsTest, FieldsGoWhereTheyBelong) {
  const Request get_bulk = Read(std::string(kRequests[3])).value();
  const auto& bulk = std::get<GetBulk>(get_bulk.operation);
  EXPECT_EQ(bulk.non_repeaters, 1);
  EXPECT_EQ(bulk.max_repetitions, 10);
  ASSERT_EQ(bulk.ranges.size(), 2);
  EXPECT_EQ(bulk.ranges[1].start, (Oid{1, 4}));
  EXPECT_FALSE(bulk.ranges[1].inclusive);

  const Request request =
      Read("id: 1 session: 2 transaction: 3 context: 'c' dump { limit: 7 }")
          .value();
  EXPECT_EQ(request.packet, 1);
  EXPECT_EQ(request.session, 2);
  EXPECT_EQ(request.transaction, 3);
  EXPECT_EQ(request.context, "c");
  EXPECT_EQ(std::get<Dump>(request.operation).limit, 7);
}

TEST(DebugRequestsTest, AbsentFieldsHaveTheMeaningInTheManual) {
  const Request request = Read("dump { }").value();
  EXPECT_EQ(request.packet, 0);
  EXPECT_EQ(request.session, 0);
  EXPECT_EQ(request.transaction, 0);
  EXPECT_EQ(request.context, "");
  const Dump& dump = std::get<Dump>(request.operation);
  EXPECT_EQ(dump.limit, std::numeric_limits<uint32_t>::max());
  EXPECT_EQ(dump.range.start, Oid());
  EXPECT_EQ(dump.range.end, Oid());
}

// The field of an operation has the name that the statistics use.
TEST(DebugRequestsTest, AnOperationIsNamedLikeItsField) {
  std::set<size_t> seen;
  for (const std::string operation : kRequests) {
    const Request request = Read(operation).value();
    const std::string name = operation.substr(0, operation.find(' '));
    EXPECT_EQ(DebugOperationName(request.operation.index()), name);
    seen.insert(request.operation.index());
  }
  EXPECT_EQ(seen.size(), std::variant_size_v<Operation>);
}

TEST(DebugRequestsTest, MoreThan1024NamesAreTooMany) {
  debug::Request get;
  debug::Request get_next;
  debug::Request get_bulk;
  debug::Request set;
  debug::Request test_set;
  const auto add = [&] {
    get.mutable_get()->add_oids(".1.3");
    get_next.mutable_get_next()->add_ranges();
    get_bulk.mutable_get_bulk()->add_ranges();
    *set.mutable_set()->add_bindings() =
        FromText<debug::VarBind>("oid: '.1.3' integer: 1");
    *test_set.mutable_test_set()->add_bindings() = set.set().bindings(0);
  };
  for (size_t i = 0; i < kMaxDebugNames; ++i) add();
  for (const auto* const proto :
       {&get, &get_next, &get_bulk, &set, &test_set}) {
    EXPECT_THAT(Read(*proto), IsOk());
  }
  add();
  for (const auto* const proto :
       {&get, &get_next, &get_bulk, &set, &test_set}) {
    EXPECT_THAT(Read(*proto),
                StatusIs(absl::StatusCode::kResourceExhausted,
                         "1025 names in a request, of which 1024 are allowed"));
  }
}

TEST(DebugRequestsTest, AnInvalidNameIsReported) {
  for (const std::string operation :
       {"get { oids: 'x' }", "get_next { ranges { start: 'x' } }",
        "get_next { ranges { end: 'x' } }", "get_bulk { ranges { end: 'x' } }",
        "set { bindings { oid: 'x' integer: 1 } }",
        "test_set { bindings { oid: 'x' integer: 1 } }",
        "dump { range { start: 'x' } }"}) {
    EXPECT_THAT(Read(operation), StatusIs(absl::StatusCode::kInvalidArgument,
                                          HasSubstr("invalid OID \"x\"")))
        << operation;
  }
  EXPECT_THAT(Read("get { oids: '' }"),
              StatusIs(absl::StatusCode::kInvalidArgument, "an empty OID"));
}

TEST(DebugRequestsTest, AnExceptionCannotBeSet) {
  EXPECT_THAT(
      Read("set { bindings { oid: '.1.3' exception: NO_SUCH_OBJECT } }"),
      StatusIs(absl::StatusCode::kInvalidArgument,
               ".1.3: NO_SUCH_OBJECT is not a value"));
}

TEST(DebugRequestsTest, QuestionsAboutTheAgentAreNotOperations) {
  for (const std::string operation :
       {"describe { }", "get_statistics { }", "watch { }", "run_update { }"}) {
    EXPECT_THAT(Read(operation), StatusIs(absl::StatusCode::kInvalidArgument,
                                          "not an SNMP operation"))
        << operation;
  }
}

TEST(DebugRequestsTest, AnUnknownOperationIsNamedByItsNumber) {
  debug::Request proto;
  EXPECT_THAT(Read(proto),
              StatusIs(absl::StatusCode::kUnimplemented, "no operation"));
  auto* const fields = proto.GetReflection()->MutableUnknownFields(&proto);
  fields->AddLengthDelimited(99, "a newer operation");
  fields->AddVarint(100, 1);
  EXPECT_THAT(Read(proto),
              StatusIs(absl::StatusCode::kUnimplemented,
                       "operation unknown to this agent; unknown fields: "
                       "99, 100"));
}

TEST(DebugRequestsTest, UnknownFieldsNextToAnOperationAreIgnored) {
  const std::string text = "id: 1 set { bindings { oid: '.1.3' integer: 5 } }";
  debug::Request proto = FromText<debug::Request>(text);
  for (google::protobuf::Message* const message :
       {static_cast<google::protobuf::Message*>(&proto),
        static_cast<google::protobuf::Message*>(proto.mutable_set()),
        static_cast<google::protobuf::Message*>(
            proto.mutable_set()->mutable_bindings(0))}) {
    auto* const fields =
        message->GetReflection()->MutableUnknownFields(message);
    fields->AddVarint(1000, 1);
    fields->AddFixed32(1001, 1);
    fields->AddFixed64(1002, 1);
    fields->AddLengthDelimited(1003, "new");
  }
  debug::Request received;
  ASSERT_TRUE(received.ParseFromString(proto.SerializeAsString()));
  const absl::StatusOr<Request> request = Read(received);
  ASSERT_THAT(request, IsOk());
  EXPECT_THAT(Write(*request), IsMessage(text));
}

}  // namespace
}  // namespace passpersist
