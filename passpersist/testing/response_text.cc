// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/response_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/value.h"

namespace passpersist_testing {

using passpersist::ErrorStatus;
using passpersist::Response;
using passpersist::ResponseVarBind;

namespace {

void AppendText(const ResponseVarBind& binding, std::string* out) {
  binding.oid.AppendTo(out);
  absl::StrAppend(out, " = ", passpersist::ToString(binding.value));
}

}  // namespace

std::string Text(const ResponseVarBind& binding) {
  std::string text;
  AppendText(binding, &text);
  return text;
}

std::string Text(const Response& response) {
  std::string text;
  AppendText(response, &text);
  return text;
}

void AppendText(const Response& response, std::string* out) {
  if (response.error != ErrorStatus::kNoError) {
    absl::StrAppend(out, passpersist::ErrorStatusName(response.error), " ",
                    response.error_index);
    return;
  }
  absl::string_view separator;
  for (const ResponseVarBind& binding : response.bindings) {
    absl::StrAppend(out, separator);
    AppendText(binding, out);
    separator = "; ";
  }
}

}  // namespace passpersist_testing
