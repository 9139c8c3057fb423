// SPDX-License-Identifier: Apache-2.0

// Each macro enables an error; BUILD.bazel has the text that the compiler is
// expected to report.

#include <cstdint>

#include "absl/time/time.h"
#include "passpersist/table/snmp_type.h"
#include "passpersist/table/textual_convention.h"

namespace passpersist {

struct Struct {};

void EncodeValues() {
  EncodeValue(true).status().IgnoreError();

#ifdef INTEGER_OF_64_BITS
  EncodeValue(uint64_t{1}).status().IgnoreError();
#endif
#ifdef FLOATING_POINT
  EncodeValue(1.5).status().IgnoreError();
#endif
#ifdef DURATION
  EncodeValue(absl::Seconds(1)).status().IgnoreError();
#endif
#ifdef TIME
  EncodeValue(absl::UnixEpoch()).status().IgnoreError();
#endif
#ifdef STRUCT
  EncodeValue(Struct()).status().IgnoreError();
#endif
#ifdef POINTER
  EncodeValue(static_cast<const int*>(nullptr)).status().IgnoreError();
#endif
#ifdef SCALED_BY_NOTHING
  EncodeValue<ScaledInteger<0>>(1.5).status().IgnoreError();
#endif
}

}  // namespace passpersist
