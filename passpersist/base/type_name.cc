// SPDX-License-Identifier: Apache-2.0

#include "passpersist/base/type_name.h"

#include <cxxabi.h>

#include <cstdlib>
#include <memory>

namespace passpersist::internal {

std::string TypeName(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> name(
      abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), &std::free);
  // A name that cannot be demangled is returned as the compiler wrote it.
  return status == 0 ? name.get() : type.name();
}

}  // namespace passpersist::internal
