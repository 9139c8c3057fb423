// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_MESSAGE_TEXT_H_
#define TOOLS_PASSPERSIST_TEXT_MESSAGE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace passpersist {

// How a command prints what it was answered: for people, or as the messages of
// transport/debug/debug.proto, for programs. A flag.
enum class Format { kText, kJson, kTextProto };

bool AbslParseFlag(absl::string_view text, Format* format, std::string* error);
std::string AbslUnparseFlag(Format format);

// The message on one line, with its newline, so that a sequence of them is a
// line each: by the JSON mapping of Protocol Buffers, with the names of fields
// as they are in the .proto; or in their text format. Requires kJson or
// kTextProto.
std::string MessageLine(const google::protobuf::Message& message,
                        Format format);

// The name of the field that `message` has of its `oneof`: "get_next". Empty if
// it has none, which may be one that only a newer program knows.
std::string OneofField(const google::protobuf::Message& message,
                       const std::string& oneof);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_TEXT_MESSAGE_TEXT_H_
