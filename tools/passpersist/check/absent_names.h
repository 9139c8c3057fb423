// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_ABSENT_NAMES_H_
#define TOOLS_PASSPERSIST_CHECK_ABSENT_NAMES_H_

#include <vector>

#include "passpersist/oid.h"
#include "tools/passpersist/check/examination.h"

namespace passpersist {

// Names below the base at which the walk found nothing, in no order: just
// behind and before instances, below them, above them, and one of 128 arcs,
// which is the longest that snmpd can ask for. Of a walk that was cut only
// those before its last name.
std::vector<Oid> AbsentNames(const Names& names);

// The first instance behind `name`; the end if there is none.
std::vector<Instance>::const_iterator InstanceBehind(const Names& names,
                                                     const Oid& name);

// The instance before `name`, or the base if there is none: getnext of either
// is the same.
const Oid& NameBefore(const Names& names, const Oid& name);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CHECK_ABSENT_NAMES_H_
