// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_MESSAGE_TEXT_H_
#define TOOLS_PASSPERSIST_TEXT_MESSAGE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace passpersist::tool {

// How a command prints an answer: as text for people, or for programs as the
// messages of transport/debug/debug.proto. The type of the flag --format.
enum class Format { kText, kJson, kTextProto };

bool AbslParseFlag(absl::string_view text, Format* format, std::string* error);
std::string AbslUnparseFlag(Format format);

// Formats `message` as one line with its newline: in the JSON mapping of
// Protocol Buffers, with the field names of the .proto, or in their text
// format. Requires kJson or kTextProto.
std::string MessageLine(const google::protobuf::Message& message,
                        Format format);

// Returns the name of the field of `oneof` that is set in `message`:
// "get_next". Empty if none is set, or if only a newer program knows the field.
std::string OneofField(const google::protobuf::Message& message,
                       const std::string& oneof);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_MESSAGE_TEXT_H_
