#include "passpersist/base/call_user_code.h"

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

TEST(CallUserCodeTest, ReturnsWhatTheFunctionReturns) {
  EXPECT_THAT(CallUserCode([] { return absl::OkStatus(); }), IsOk());
  EXPECT_THAT(CallUserCode([] { return absl::UnavailableError("no sensor"); }),
              StatusIs(absl::StatusCode::kUnavailable, "no sensor"));
  EXPECT_EQ(CallUserCode([]() -> absl::StatusOr<int> { return 5; }).value(), 5);
}

#ifdef ABSL_HAVE_EXCEPTIONS

TEST(CallUserCodeTest, MakesAnErrorOfAnException) {
  EXPECT_THAT(CallUserCode([]() -> absl::Status {
                throw std::runtime_error("no sensor");
              }),
              StatusIs(absl::StatusCode::kInternal, "exception: no sensor"));
  EXPECT_THAT(CallUserCode([]() -> absl::StatusOr<int> {
                throw std::out_of_range("far away");
              }),
              StatusIs(absl::StatusCode::kInternal, "exception: far away"));
}

TEST(CallUserCodeTest, MakesAnErrorOfWhateverElseIsThrown) {
  EXPECT_THAT(CallUserCode([]() -> absl::Status { throw 5; }),
              StatusIs(absl::StatusCode::kInternal,
                       "exception that is no std::exception"));
}

#endif  // ABSL_HAVE_EXCEPTIONS

}  // namespace
}  // namespace passpersist::internal
