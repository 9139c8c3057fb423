// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_FRAMING_H_
#define TRANSPORT_DEBUG_DEBUG_FRAMING_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message_lite.h"

namespace passpersist {

// The frames of transport/debug/debug.proto. A frame is the length of the
// message followed by the message. The length is a varint: seven bits a byte,
// least significant bits first; the highest bit is clear in the last byte only.
//
//   300 bytes:   1010'1100  0000'0010  message …
//
// google/protobuf/util/delimited_message_util.h writes the same format. Its
// parser reads from blocking streams, not from a buffer of partial input.

// Appends the frame of `message`.
void AppendFrame(const google::protobuf::MessageLite& message,
                 std::string* out);

// Removes a frame from the front of *in and sets *message to the part of *in
// that is the message. Returns false if *in does not hold a whole frame.
//
// Returns OutOfRange if the length is above `limit`, as soon as the length is
// complete, and InvalidArgument if *in does not begin with a length of at most
// 32 bits. *in is unchanged after an error.
absl::StatusOr<bool> TakeFrame(size_t limit, absl::string_view* in,
                               absl::string_view* message);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_FRAMING_H_
