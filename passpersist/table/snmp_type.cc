// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/snmp_type.h"

#include <algorithm>

namespace passpersist {

ErrorStatus snmp_type_internal::DecodeTruthValue(Integer32 value, bool* out) {
  *out = value.value == 1;
  return value.value == 1 || value.value == 2 ? ErrorStatus::kNoError
                                              : ErrorStatus::kWrongValue;
}

ErrorStatus SnmpType<MacAddress>::Decode(const OctetString& wire,
                                         MacAddress* value) {
  if (wire.bytes.size() != value->octets.size()) {
    return ErrorStatus::kWrongLength;
  }
  std::copy(wire.bytes.begin(), wire.bytes.end(), value->octets.begin());
  return ErrorStatus::kNoError;
}

}  // namespace passpersist
