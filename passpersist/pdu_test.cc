// SPDX-License-Identifier: Apache-2.0

#include "passpersist/pdu.h"

#include <string>
#include <type_traits>
#include <utility>

#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::AllocationCount;

TEST(PduTest, NamesEveryErrorAsRfc3416Does) {
  const std::pair<int, const char*> names[] = {
      {0, "noError"},
      {1, "tooBig"},
      {2, "noSuchName"},
      {3, "badValue"},
      {4, "readOnly"},
      {5, "genErr"},
      {6, "noAccess"},
      {7, "wrongType"},
      {8, "wrongLength"},
      {9, "wrongEncoding"},
      {10, "wrongValue"},
      {11, "noCreation"},
      {12, "inconsistentValue"},
      {13, "resourceUnavailable"},
      {14, "commitFailed"},
      {15, "undoFailed"},
      {16, "authorizationError"},
      {17, "notWritable"},
      {18, "inconsistentName"},
  };
  for (const auto& [number, name] : names) {
    EXPECT_EQ(ErrorStatusName(static_cast<ErrorStatus>(number)), name);
  }
  EXPECT_EQ(ErrorStatusName(static_cast<ErrorStatus>(19)), "unknown");
}

TEST(PduTest, ComparesBindingsByNameTypeAndValue) {
  const VarBind binding = {Oid{1, 2}, Counter32{3}};
  EXPECT_TRUE(binding == (VarBind{Oid{1, 2}, Counter32{3}}));
  EXPECT_FALSE(binding == (VarBind{Oid{1, 3}, Counter32{3}}));
  EXPECT_FALSE(binding == (VarBind{Oid{1, 2}, Counter32{4}}));
  EXPECT_FALSE(binding == (VarBind{Oid{1, 2}, Gauge32{3}}));
}

// A store, a table and a setter take a Value, so none has to check for
// exceptions.
TEST(PduTest, AnExceptionIsNotAValue) {
  EXPECT_FALSE((std::is_constructible_v<Value, Exception>));
  EXPECT_TRUE(IsException(Exception::kNoSuchInstance));
  EXPECT_FALSE(IsException(Integer32{129}));
  const ResponseVarBind absent = {Oid{1, 2}, Exception::kNoSuchInstance};
  EXPECT_TRUE(absent != (ResponseVarBind{Oid{1, 2}, Integer32{129}}));
  EXPECT_TRUE(absent != (ResponseVarBind{Oid{1, 2}, Exception::kNoSuchObject}));
}

TEST(PduTest, NamesExceptionsAsRfc3416) {
  EXPECT_EQ(ExceptionName(static_cast<Exception>(128)), "noSuchObject");
  EXPECT_EQ(ExceptionName(static_cast<Exception>(129)), "noSuchInstance");
  EXPECT_EQ(ExceptionName(static_cast<Exception>(130)), "endOfMibView");
  EXPECT_EQ(ExceptionName(static_cast<Exception>(131)), "unknown");
  EXPECT_EQ(ToString(ValueOrException(Exception::kEndOfMibView)),
            "endOfMibView");
  EXPECT_EQ(ToString(ValueOrException(Integer32{5})), "Integer32 5");
}

TEST(PduTest, HasNoBoundInARangeByDefault) {
  const SearchRange range;
  EXPECT_FALSE(range.inclusive);
  EXPECT_TRUE(range.end.empty());
}

TEST(RequestTest, ResetKeepsARequestOfTheSameKind) {
  Request request;
  request.Reset<Get>().oids.push_back({1, 2});
  EXPECT_EQ(request.Reset<Get>().oids.size(), 1u);
}

TEST(RequestTest, ResetToAnotherKindMakesAnEmptyRequest) {
  Request request;
  request.Reset<Get>().oids.push_back({1, 2});
  EXPECT_TRUE(request.Reset<GetNext>().ranges.empty());
  EXPECT_TRUE(std::holds_alternative<GetNext>(request.operation));
  EXPECT_TRUE(request.Reset<Get>().oids.empty());
}

TEST(RequestTest, OneElementNeedsNoHeap) {
  const size_t before = AllocationCount();
  Request request;
  request.Reset<Get>().oids.push_back({1, 2});
  request.Reset<GetNext>().ranges.push_back({{1, 2}, true, {1, 3}});
  request.Reset<GetBulk>().ranges.push_back({{1, 2}, false, {}});
  request.Reset<Set>().bindings.push_back({{1, 2}, Integer32{3}});
  request.Reset<TestSet>().bindings.push_back({{1, 2}, Integer32{3}});
  EXPECT_EQ(AllocationCount(), before);
}

TEST(RequestTest, FillingARequestAgainReusesItsMemory) {
  const std::string text =
      ".1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17.18.19.20";
  Request request;
  request.Reset<Get>().oids.resize(1);
  ASSERT_TRUE(request.Reset<Get>().oids[0].Assign(text).ok());
  const size_t before = AllocationCount();
  request.Reset<Get>().oids.resize(1);
  ASSERT_TRUE(request.Reset<Get>().oids[0].Assign(text).ok());
  EXPECT_EQ(AllocationCount(), before);
}

TEST(ResponseTest, IsASuccessWithoutBindingsByDefault) {
  const Response response;
  EXPECT_EQ(response.error, ErrorStatus::kNoError);
  EXPECT_EQ(response.error_index, 0);
  EXPECT_TRUE(response.bindings.empty());
  EXPECT_TRUE(response.instance_info.empty());
}

}  // namespace
}  // namespace passpersist
