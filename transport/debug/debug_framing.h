// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_FRAMING_H_
#define TRANSPORT_DEBUG_DEBUG_FRAMING_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"

namespace passpersist {

// The frames of transport/debug/debug.proto: each message behind its length, a
// varint of seven bits a byte, the least significant ones first, of which the
// last byte has no highest bit.
//
//   300 bytes:   1010'1100  0000'0010  message …
//
// google/protobuf/util/delimited_message_util.h writes the same; it reads
// streams that wait, not bytes as they come.

// Appends `message` and its frame.
void AppendFrame(const google::protobuf::MessageLite& message,
                 std::string* out);

// Takes a frame from the front of *in, in which *message lies then. False if
// more bytes are needed.
//
// OutOfRange, as soon as the length is there, if it is above `limit`;
// InvalidArgument if there is no length of at most 32 bits. *in is as before
// after an error.
absl::StatusOr<bool> TakeFrame(size_t limit, absl::string_view* in,
                               absl::string_view* message);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_FRAMING_H_
