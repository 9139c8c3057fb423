// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_BASE_INVOKE_USER_CALLBACK_H_
#define PASSPERSIST_BASE_INVOKE_USER_CALLBACK_H_

#include <exception>
#include <utility>

#include "absl/base/config.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace passpersist::internal {

// Calls a function of the user that returns a Status or a StatusOr. The
// framework itself throws nothing, but user code may: InvokeUserCallback()
// turns an exception into an error, so that it does not end the agent.
template <typename Function>
auto InvokeUserCallback(Function&& function) -> decltype(function()) {
#ifdef ABSL_HAVE_EXCEPTIONS
  try {
    return std::forward<Function>(function)();
  } catch (const std::exception& e) {
    return absl::InternalError(absl::StrCat("exception: ", e.what()));
  } catch (...) {
    return absl::InternalError("exception that is not a std::exception");
  }
#else
  return std::forward<Function>(function)();
#endif
}

}  // namespace passpersist::internal

#endif  // PASSPERSIST_BASE_INVOKE_USER_CALLBACK_H_
