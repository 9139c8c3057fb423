// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_BASE_INVOKE_USER_CALLBACK_H_
#define PASSPERSIST_BASE_INVOKE_USER_CALLBACK_H_

#include <exception>
#include <utility>

#include "absl/base/config.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace passpersist::internal {

// Calls a function of the user, which returns a Status or StatusOr. The
// framework throws nothing, but the user's code may: an exception becomes an
// error instead of the end of the agent.
template <typename Function>
auto InvokeUserCallback(Function&& function) -> decltype(function()) {
#ifdef ABSL_HAVE_EXCEPTIONS
  try {
    return std::forward<Function>(function)();
  } catch (const std::exception& e) {
    return absl::InternalError(absl::StrCat("exception: ", e.what()));
  } catch (...) {
    return absl::InternalError("exception that is no std::exception");
  }
#else
  return std::forward<Function>(function)();
#endif
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_BASE_INVOKE_USER_CALLBACK_H_
