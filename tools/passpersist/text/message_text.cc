// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/text/message_text.h"

#include <initializer_list>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/json_util.h"

namespace passpersist::tool {

bool AbslParseFlag(absl::string_view text, Format* format, std::string* error) {
  for (const Format candidate :
       {Format::kText, Format::kJson, Format::kTextProto}) {
    if (text == AbslUnparseFlag(candidate)) {
      *format = candidate;
      return true;
    }
  }
  *error = "text, json or textproto";
  return false;
}

std::string AbslUnparseFlag(Format format) {
  switch (format) {
    case Format::kText:
      return "text";
    case Format::kJson:
      return "json";
    case Format::kTextProto:
      return "textproto";
  }
  return "";
}

std::string MessageLine(const google::protobuf::Message& message,
                        Format format) {
  // Neither printer fails for a valid message.
  std::string line;
  if (format == Format::kJson) {
    google::protobuf::util::JsonPrintOptions options;
    options.preserve_proto_field_names = true;
    (void)google::protobuf::util::MessageToJsonString(message, &line, options);
  } else {
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    (void)printer.PrintToString(message, &line);
  }
  return absl::StrCat(absl::StripSuffix(line, " "), "\n");
}

std::string OneofField(const google::protobuf::Message& message,
                       const std::string& oneof) {
  const google::protobuf::FieldDescriptor* const field =
      message.GetReflection()->GetOneofFieldDescriptor(
          message, message.GetDescriptor()->FindOneofByName(oneof));
  return field == nullptr ? "" : std::string(field->name());
}

}  // namespace passpersist::tool
