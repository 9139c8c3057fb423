// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_STATUS_MATCHERS_H_
#define PASSPERSIST_TESTING_STATUS_MATCHERS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"

// Matchers for an absl::Status or absl::StatusOr. They have the names of the
// matchers in newer releases of Abseil.

namespace passpersist_testing {

namespace status_internal {

inline const absl::Status& StatusOf(const absl::Status& status) {
  return status;
}

template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& status) {
  return status.status();
}

}  // namespace status_internal

MATCHER(IsOk, negation ? "is an error" : "is OK") {
  const absl::Status& status = status_internal::StatusOf(arg);
  *result_listener << "which is " << status.ToString();
  return status.ok();
}

// `message` is a matcher for the message, or the whole message.
MATCHER_P2(StatusIs, code, message,
           absl::StatusCodeToString(code) + " whose message " +
               testing::DescribeMatcher<std::string>(message, negation)) {
  const absl::Status& status = status_internal::StatusOf(arg);
  *result_listener << "which is " << status.ToString();
  return status.code() == code &&
         testing::Matches(testing::SafeMatcherCast<std::string>(message))(
             std::string(status.message()));
}

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_STATUS_MATCHERS_H_
