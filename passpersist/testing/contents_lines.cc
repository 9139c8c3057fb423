// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/contents_lines.h"

#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/read_contents.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist_testing {

using passpersist::ComputedValue;
using passpersist::Value;

std::string Text(const passpersist::StoredValue& stored) {
  if (const Value* const value = std::get_if<Value>(&stored)) {
    return ToString(*value);
  }
  const absl::StatusOr<Value> value = std::get<ComputedValue>(stored)();
  return absl::StrCat(
      "computed ", value.ok() ? ToString(*value) : value.status().ToString());
}

std::vector<std::string> Lines(const passpersist::Contents& contents) {
  std::vector<std::string> lines;
  EXPECT_THAT(
      ReadContents(
          contents,
          [&](const passpersist::Oid& suffix,
              const passpersist::StoredValue& stored, absl::string_view label) {
            lines.push_back(absl::StrCat(suffix.ToString(), " = ", Text(stored),
                                         label.empty() ? "" : " # ", label));
          }),
      IsOk());
  return lines;
}

}  // namespace passpersist_testing
