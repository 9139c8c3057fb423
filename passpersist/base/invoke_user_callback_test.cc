// SPDX-License-Identifier: Apache-2.0

#include "passpersist/base/invoke_user_callback.h"

#include <stdexcept>

#include "absl/base/config.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist::internal {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;

TEST(InvokeUserCallbackTest, ReturnsWhatTheFunctionReturns) {
  EXPECT_THAT(InvokeUserCallback([] { return absl::OkStatus(); }), IsOk());
  EXPECT_THAT(
      InvokeUserCallback([] { return absl::UnavailableError("no sensor"); }),
      StatusIs(absl::StatusCode::kUnavailable, "no sensor"));
  EXPECT_EQ(
      InvokeUserCallback([]() -> absl::StatusOr<int> { return 5; }).value(), 5);
}

#ifdef ABSL_HAVE_EXCEPTIONS

TEST(InvokeUserCallbackTest, TurnsAnExceptionIntoAnError) {
  EXPECT_THAT(InvokeUserCallback([]() -> absl::Status {
                throw std::runtime_error("no sensor");
              }),
              StatusIs(absl::StatusCode::kInternal, "exception: no sensor"));
  EXPECT_THAT(InvokeUserCallback([]() -> absl::StatusOr<int> {
                throw std::out_of_range("far away");
              }),
              StatusIs(absl::StatusCode::kInternal, "exception: far away"));
}

TEST(InvokeUserCallbackTest, TurnsAnyThrownObjectIntoAnError) {
  EXPECT_THAT(InvokeUserCallback([]() -> absl::Status { throw 5; }),
              StatusIs(absl::StatusCode::kInternal,
                       "exception that is not a std::exception"));
}

#endif  // ABSL_HAVE_EXCEPTIONS

}  // namespace
}  // namespace passpersist::internal
