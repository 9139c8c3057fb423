// SPDX-License-Identifier: Apache-2.0

#include "simple/text_setter.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <variant>

#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "passpersist/value.h"
#include "transport/pass_persist/pass_persist_reply.h"
#include "transport/pass_persist/pass_persist_set.h"

namespace passpersist {
namespace {

// Codes that stand for an SNMP error become that error; other codes are kept as
// failures of the agent.
SetResult ResultOf(absl::Status status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return ErrorStatus::kNoError;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return ErrorStatus::kWrongValue;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnimplemented:
      return ErrorStatus::kNotWritable;
    case absl::StatusCode::kNotFound:
      return ErrorStatus::kNoCreation;
    case absl::StatusCode::kFailedPrecondition:
      return ErrorStatus::kInconsistentValue;
    default:
      return status;
  }
}

struct UnsignedNumber {
  using Number = std::optional<uint32_t>;

  Number operator()(const Counter32& v) { return v.value; }
  Number operator()(const Gauge32& v) { return v.value; }
  Number operator()(const TimeTicks& v) { return v.value; }
  template <typename Type>
  Number operator()(const Type&) {
    return std::nullopt;
  }
};

struct TextValue {
  std::string type;
  std::string text;
};

// Splits the line that snmpd would send. snmpd sends the type `octet` for long
// printable texts too, without writing them in hex; here the type always tells
// whether the text is hex.
absl::StatusOr<TextValue> ToText(const Value& value,
                                 const TextSetterOptions& options) {
  const auto* const octets = std::get_if<OctetString>(&value);
  if (octets != nullptr && !options.wire_words) {
    return TextValue{"string", octets->bytes};
  }
  const absl::StatusOr<std::string> line = PassPersistSetText(value);
  if (!line.ok()) return line.status();
  const size_t blank = line->find(' ');
  absl::string_view text = absl::string_view(*line).substr(blank + 1);
  if (absl::ConsumePrefix(&text, "\"")) absl::ConsumeSuffix(&text, "\"");
  TextValue result = {line->substr(0, blank), std::string(text)};
  if (const auto number = std::visit(UnsignedNumber(), value)) {
    result.text = absl::StrCat(*number);
  }
  if (octets != nullptr && result.text == octets->bytes) result.type = "string";
  return result;
}

}  // namespace

SetReply::SetReply(absl::string_view word)
    : result_(ReadPassPersistSetReply(word)) {
  // snmpd treats every word that is not an error as success; accept only DONE.
  if (*result_ != ErrorStatus::kNoError ||
      absl::EqualsIgnoreCase(word, "DONE")) {
    return;
  }
  result_ = absl::InternalError(
      absl::StrCat("the setter answered \"", absl::CHexEscape(word),
                   "\", which is neither DONE nor an error that snmpd knows"));
}

SetReply::SetReply(const char* word)
    : SetReply(absl::NullSafeStringView(word)) {}

SetReply::SetReply(const std::string& word)
    : SetReply(absl::string_view(word)) {}

SetReply::SetReply(absl::Status status)
    : result_(ResultOf(std::move(status))) {}

std::unique_ptr<Setter> MakeTextSetter(Oid root, TextSetFunction set,
                                       TextSetterOptions options) {
  if (set == nullptr) return nullptr;
  SetterOptions setter_options;
  setter_options.durable = options.durable;
  return MakeSetter(
      [root = std::move(root), set = std::move(set), options](
          const Oid& suffix, const Value& value) mutable -> SetResult {
        const absl::StatusOr<TextValue> text = ToText(value, options);
        if (!text.ok()) return ErrorStatus::kWrongType;
        const Oid oid = Concat(root, suffix);
        return set(oid.ToString(), text->type, text->text).result();
      },
      std::move(setter_options));
}

}  // namespace passpersist
