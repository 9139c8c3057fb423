// SPDX-License-Identifier: Apache-2.0

#include "passpersist/base/start_thread.h"

#include <system_error>
#include <utility>

#include "absl/base/config.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace passpersist::internal {

absl::StatusOr<std::thread> StartThread(std::function<void()> function) {
#ifdef ABSL_HAVE_EXCEPTIONS
  try {
    return std::thread(std::move(function));
  } catch (const std::system_error& error) {
    return absl::ResourceExhaustedError(
        absl::StrCat("cannot start a thread: ", error.code().message()));
  }
#else
  return std::thread(std::move(function));
#endif
}

}  // namespace passpersist::internal
