// SPDX-License-Identifier: Apache-2.0

// Each macro enables an error; BUILD.bazel has the text that the compiler is
// expected to report.

#include <cstdint>

#include "passpersist/value.h"

namespace passpersist {

Integer32 MakeInteger32() { return {5}; }

#ifdef INTEGER32_OF_A_BOOL
Integer32 Make(bool flag) { return Integer32{flag}; }
#endif
#ifdef INTEGER32_OF_A_BOOL_IN_BRACES
Integer32 Make(bool flag) { return {flag}; }
#endif
#ifdef COUNTER32_OF_A_BOOL
Counter32 Make(bool flag) { return Counter32{flag}; }
#endif
#ifdef COUNTER64_OF_A_BOOL
Counter64 Make(bool flag) { return Counter64{flag}; }
#endif
#ifdef GAUGE32_OF_TRUE
Gauge32 Make() { return Gauge32{true}; }
#endif
#ifdef TIME_TICKS_OF_A_BOOL
TimeTicks Make(bool flag) { return TimeTicks{flag}; }
#endif
#ifdef NUMBER_OUT_OF_RANGE
Gauge32 Make() { return Gauge32{-1}; }
#endif
#ifdef ANOTHER_TYPE
Gauge32 Make(Counter32 counter) { return Gauge32{counter}; }
#endif
#ifdef NUMBER_WITHOUT_BRACES
Gauge32 Make(uint32_t number) { return number; }
#endif

}  // namespace passpersist
