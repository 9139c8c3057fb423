// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_ABSENT_NAMES_H_
#define TOOLS_PASSPERSIST_CHECK_ABSENT_NAMES_H_

#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "tools/passpersist/check/examination.h"

namespace passpersist::tool {

// Returns names below the base at which no instance is known, without
// repetitions. First the names that clients request most: those above instances
// (columns), just after and just before instances (removed rows), and below
// these (parts of an index). The last one has 128 arcs, the longest name that
// snmpd can request. For a walk that was cut, only names before its last name.
std::vector<Oid> AbsentNames(const Names& names);

// Returns the first instance after `name`; the end iterator if there is none.
std::vector<Instance>::const_iterator InstanceAfter(const Names& names,
                                                    const Oid& name);

// Returns the instance before `name`, or the base if there is none. getnext of
// that name and getnext of an absent `name` have the same answer.
const Oid& NameBefore(const Names& names, const Oid& name);

// Returns `oid` with its last arc replaced by `arc`.
Oid WithLastArc(Oid oid, uint32_t arc);

// Returns true if the texts of these names compare in the other order: ".1.10"
// is less than ".1.2". Requires that `less` is less than `greater`.
bool AreReversedAsText(const Oid& less, const Oid& greater);

inline constexpr absl::string_view kSortedAsText =
    ", as if names were sorted as text";

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_ABSENT_NAMES_H_
