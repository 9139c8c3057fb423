// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/protocols/manager.h"

#include <cstddef>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace passpersist_testing {

std::string CanonicalBinding(absl::string_view binding) {
  constexpr absl::string_view kEquals = " = ";
  const size_t name_end = binding.find(kEquals);
  const absl::string_view name = binding.substr(0, name_end);
  absl::string_view value = binding.substr(name_end + kEquals.size());
  // pass_persist has one word for all absent names, NONE, which snmpd converts
  // to noSuchInstance. The debug protocol returns noSuchObject for names
  // outside all subtrees.
  if (absl::StartsWith(value, "No Such Instance") ||
      absl::StartsWith(value, "No Such Object")) {
    return absl::StrCat(name, " is absent");
  }
  // After the last instance snmpd continues with its own objects, whose names
  // SnmpClient does not shorten.
  if (absl::StartsWith(value, "No more variables") ||
      absl::StartsWith(name, ".")) {
    return "the end";
  }
  // Net-SNMP prints floating-point numbers with "%f".
  if (absl::StartsWith(value, "Opaque: Float: ") &&
      absl::StrContains(value, '.')) {
    while (absl::ConsumeSuffix(&value, "0")) {
    }
    absl::ConsumeSuffix(&value, ".");
  }
  return absl::StrCat(name, kEquals, value);
}

std::string CanonicalError(absl::string_view error) {
  // RFC 3416 calls it genErr; Net-SNMP's tools don't (snmplib/snmp_client.c,
  // snmp_errstring()).
  if (error == "genError") return "genErr";
  return error.empty() ? "noError" : std::string(error);
}

}  // namespace passpersist_testing
