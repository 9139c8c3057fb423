// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_DEBUG_VALUES_H_
#define TRANSPORT_DEBUG_DEBUG_VALUES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "transport/debug/debug.pb.h"

namespace passpersist {

// Convert between the parts of the messages in transport/debug/debug.proto and
// the types of passpersist/. ToProto() requires an empty message. FromProto()
// overwrites its struct and reuses the struct's memory.

// Returns `text` with U+FFFD in place of each byte that is not part of
// well-formed UTF-8 (Unicode 15 section 3.9). proto3 requires that strings are
// well-formed.
std::string ToUtf8(absl::string_view text);

// An empty Oid becomes an empty text.
std::string ToProto(const Oid& oid);

// An empty text becomes an empty Oid. Returns InvalidArgument, naming the text,
// if the text is not an OID.
absl::Status FromProto(const std::string& text, Oid* oid);

void ToProto(const VarBind& binding, debug::VarBind* proto);
void ToProto(const ResponseVarBind& binding, debug::VarBind* proto);

// Return InvalidArgument, naming the error, for a binding without a name,
// without a value, or with a value of a type unknown to this program. A VarBind
// cannot be an exception.
absl::Status FromProto(const debug::VarBind& proto, VarBind* binding);
absl::Status FromProto(const debug::VarBind& proto, ResponseVarBind* binding);

void ToProto(const SearchRange& range, debug::SearchRange* proto);
absl::Status FromProto(const debug::SearchRange& proto, SearchRange* range);

// A value outside the range of the message (durations: 10,000 years; times: the
// years 1 to 9999), such as infinity, becomes the nearest bound.
void ToProto(absl::Duration duration, google::protobuf::Duration* proto);
absl::Duration FromProto(const google::protobuf::Duration& proto);
void ToProto(absl::Time time, google::protobuf::Timestamp* proto);
absl::Time FromProto(const google::protobuf::Timestamp& proto);

void ToProto(const absl::Status& status, debug::Status* proto);
absl::Status FromProto(const debug::Status& proto);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_VALUES_H_
