// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_UPDATE_DELIVER_CONTENTS_H_
#define PASSPERSIST_UPDATE_DELIVER_CONTENTS_H_

#include "absl/status/status.h"
#include "passpersist/contents.h"
#include "passpersist/update/contents_sink.h"

namespace passpersist::internal {

// Sends all entries and columns of `contents` to `sink`, in OID order. Returns
// the error that fails `contents`. In strict contents an OID that was put twice
// is such an error, which may be found only after `sink` received all entries
// before that OID.
absl::Status DeliverContents(const Contents& contents, ContentsSink* sink);

}  // namespace passpersist::internal

#endif  // PASSPERSIST_UPDATE_DELIVER_CONTENTS_H_
