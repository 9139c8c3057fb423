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

// What the messages of transport/debug/debug.proto are made of, to and from
// what the agent is made of. ToProto() fills an empty message, FromProto() a
// struct with whatever in it, whose memory is used again.

// `text` with U+FFFD for each byte that is not part of well-formed UTF-8
// (Unicode 15 section 3.9): strings of proto3 have to be.
std::string ToUtf8(absl::string_view text);

// An empty Oid is an empty text.
std::string ToProto(const Oid& oid);

// An empty text is an empty Oid. InvalidArgument, naming the text, if it is no
// OID.
absl::Status FromProto(const std::string& text, Oid* oid);

void ToProto(const VarBind& binding, debug::VarBind* proto);

// InvalidArgument, naming what is wrong, without a name, without a value, or
// with one of a type that this program doesn't know.
absl::Status FromProto(const debug::VarBind& proto, VarBind* binding);

void ToProto(const SearchRange& range, debug::SearchRange* proto);
absl::Status FromProto(const debug::SearchRange& proto, SearchRange* range);

// What is beyond what a message may hold (10,000 years; the years 1 to 9999),
// such as infinity, becomes its bound.
void ToProto(absl::Duration duration, google::protobuf::Duration* proto);
absl::Duration FromProto(const google::protobuf::Duration& proto);
void ToProto(absl::Time time, google::protobuf::Timestamp* proto);
absl::Time FromProto(const google::protobuf::Timestamp& proto);

void ToProto(const absl::Status& status, debug::Status* proto);
absl::Status FromProto(const debug::Status& proto);

}  // namespace passpersist

#endif  // TRANSPORT_DEBUG_DEBUG_VALUES_H_
