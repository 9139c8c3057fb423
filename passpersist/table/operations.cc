// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/operations.h"

#include <cstdint>
#include <string>

#include "passpersist/table/declaration.h"
#include "passpersist/table/textual_convention.h"
#include "passpersist/value.h"

namespace passpersist::table_internal {

template <>
const Column::Ops* OpsOf<int32_t, MemberReader<int32_t>>() {
  return &ColumnFunctions<int32_t, MemberReader<int32_t>>::kOps;
}
template <>
const Column::Ops* OpsOf<uint32_t, MemberReader<uint32_t>>() {
  return &ColumnFunctions<uint32_t, MemberReader<uint32_t>>::kOps;
}
template <>
const Column::Ops* OpsOf<bool, MemberReader<bool>>() {
  return &ColumnFunctions<bool, MemberReader<bool>>::kOps;
}
template <>
const Column::Ops* OpsOf<std::string, MemberReader<std::string>>() {
  return &ColumnFunctions<std::string, MemberReader<std::string>>::kOps;
}
template <>
const Column::Ops* OpsOf<DisplayString, MemberReader<std::string>>() {
  return &ColumnFunctions<DisplayString, MemberReader<std::string>>::kOps;
}
template <>
const Column::Ops* OpsOf<Counter32, MemberReader<uint32_t>>() {
  return &ColumnFunctions<Counter32, MemberReader<uint32_t>>::kOps;
}
template <>
const Column::Ops* OpsOf<Counter32, MemberReader<uint64_t>>() {
  return &ColumnFunctions<Counter32, MemberReader<uint64_t>>::kOps;
}
template <>
const Column::Ops* OpsOf<Counter64, MemberReader<uint64_t>>() {
  return &ColumnFunctions<Counter64, MemberReader<uint64_t>>::kOps;
}

}  // namespace passpersist::table_internal
