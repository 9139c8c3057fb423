// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_READ_CONTENTS_H_
#define PASSPERSIST_READ_CONTENTS_H_

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/stored_value.h"

namespace passpersist {

// For custom stores: calls `callback` for each entry of `contents` in OID
// order, each OID once, or returns the error that fails `contents`. In a strict
// subtree an OID that was put twice is such an error, which may be found only
// after `callback` was called for all entries before that OID. The arguments of
// `callback` are valid during the call.
absl::Status ReadContents(
    const Contents& contents,
    absl::FunctionRef<void(const Oid& suffix, const StoredValue& stored,
                           absl::string_view label)>
        callback);

}  // namespace passpersist

#endif  // PASSPERSIST_READ_CONTENTS_H_
