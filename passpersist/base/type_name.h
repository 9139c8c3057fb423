// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_BASE_TYPE_NAME_H_
#define PASSPERSIST_BASE_TYPE_NAME_H_

#include <string>
#include <typeinfo>

namespace passpersist::internal {

// The demangled name: "passpersist::BtreeStore" for typeid(store).
std::string TypeName(const std::type_info& type);

}  // namespace passpersist::internal

#endif  // PASSPERSIST_BASE_TYPE_NAME_H_
