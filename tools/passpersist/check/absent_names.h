// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_ABSENT_NAMES_H_
#define TOOLS_PASSPERSIST_CHECK_ABSENT_NAMES_H_

#include <vector>

#include "passpersist/oid.h"
#include "tools/passpersist/check/examination.h"

namespace passpersist::tool {

// Returns names below the base at which the walk found no instance, in no
// particular order: names just after and just before instances, below them,
// above them, and one of 128 arcs, the longest name that snmpd can request. For
// a walk that was cut, only names before its last name.
std::vector<Oid> AbsentNames(const Names& names);

// Returns the first instance after `name`; the end iterator if there is none.
std::vector<Instance>::const_iterator InstanceAfter(const Names& names,
                                                    const Oid& name);

// Returns the instance before `name`, or the base if there is none. getnext of
// that name and getnext of an absent `name` have the same answer.
const Oid& NameBefore(const Names& names, const Oid& name);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_ABSENT_NAMES_H_
