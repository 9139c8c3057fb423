// SPDX-License-Identifier: Apache-2.0

#include "passpersist/stored_value.h"

#include "absl/status/status.h"
#include "absl/strings/cord.h"

namespace passpersist {
namespace {

// Tells the error from other NotFound errors, such as that of a missing file.
constexpr char kPayload[] = "passpersist/no-value";

}  // namespace

absl::Status NoValueError() {
  absl::Status error = absl::NotFoundError("has no value");
  error.SetPayload(kPayload, absl::Cord());
  return error;
}

bool IsNoValueError(const absl::Status& status) {
  return status.GetPayload(kPayload).has_value();
}

}  // namespace passpersist
