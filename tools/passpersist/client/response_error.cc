// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/client/response_error.h"

#include "absl/strings/str_cat.h"
#include "passpersist/pdu.h"

namespace passpersist::tool {

absl::Status ErrorFromResponse(const debug::Response& response,
                               absl::Span<const std::string> names) {
  // Both enums have the same numbers.
  const ErrorStatus error = static_cast<ErrorStatus>(response.error());
  std::string text =
      absl::StrCat("the agent refused: ", ErrorStatusName(error));
  const uint32_t index = response.error_index();
  if (index > names.size()) {
    absl::StrAppend(&text, " for number ", index);
  } else if (index > 0) {
    absl::StrAppend(&text, " for ", names[index - 1]);
  }
  return absl::FailedPreconditionError(text);
}

}  // namespace passpersist::tool
