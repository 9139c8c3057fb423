// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_values.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

// A dot and ten digits for each arc. A longer text is not quoted in errors.
constexpr size_t kMaxOidText = 11 * Oid::kMaxArcs;

// Returns the number of bytes of the first character of `text`; 0 if it is not
// well-formed (Unicode 15, table 3-7). Requires a text that is not empty.
size_t CharacterSize(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  const size_t size = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (text.size() < size) return 0;
  // The second byte excludes overlong forms, surrogates, and characters above
  // U+10FFFF.
  const uint8_t least = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  const uint8_t most = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (byte(1) < least || byte(1) > most) return 0;
  for (size_t i = 2; i < size; ++i) {
    if (byte(i) < 0x80 || byte(i) > 0xbf) return 0;
  }
  return size;
}

class ValueWriter {
 public:
  explicit ValueWriter(debug::VarBind* proto) : proto_(*proto) {}

  void operator()(Integer32 v) { proto_.set_integer(v.value); }
  void operator()(Counter32 v) { proto_.set_counter32(v.value); }
  void operator()(Counter64 v) { proto_.set_counter64(v.value); }
  void operator()(Gauge32 v) { proto_.set_gauge32(v.value); }
  void operator()(TimeTicks v) { proto_.set_time_ticks(v.value); }
  void operator()(IpAddress v) {
    proto_.set_ip_address(absl::StrJoin(v.octets, "."));
  }
  void operator()(const ObjectIdentifier& v) {
    proto_.set_object_identifier(ToProto(v.value));
  }
  void operator()(const OctetString& v) { proto_.set_octet_string(v.bytes); }
  void operator()(const Opaque& v) { proto_.set_opaque(v.bytes); }

 private:
  debug::VarBind& proto_;
};

absl::Status ReadException(debug::Exception exception,
                           ValueOrException* value) {
  switch (exception) {
    case debug::NO_SUCH_OBJECT:
      *value = Exception::kNoSuchObject;
      return absl::OkStatus();
    case debug::NO_SUCH_INSTANCE:
      *value = Exception::kNoSuchInstance;
      return absl::OkStatus();
    case debug::END_OF_MIB_VIEW:
      *value = Exception::kEndOfMibView;
      return absl::OkStatus();
    default:
      return absl::InvalidArgumentError(
          absl::StrCat("unknown exception ", static_cast<int>(exception)));
  }
}

absl::Status ReadValue(const debug::VarBind& proto, Value* value) {
  switch (proto.value_case()) {
    case debug::VarBind::kInteger:
      *value = Integer32{proto.integer()};
      return absl::OkStatus();
    case debug::VarBind::kCounter32:
      *value = Counter32{proto.counter32()};
      return absl::OkStatus();
    case debug::VarBind::kCounter64:
      *value = Counter64{proto.counter64()};
      return absl::OkStatus();
    case debug::VarBind::kGauge32:
      *value = Gauge32{proto.gauge32()};
      return absl::OkStatus();
    case debug::VarBind::kTimeTicks:
      *value = TimeTicks{proto.time_ticks()};
      return absl::OkStatus();
    case debug::VarBind::kIpAddress: {
      const absl::StatusOr<IpAddress> address =
          IpAddress::Parse(proto.ip_address());
      if (address.ok()) *value = *address;
      return address.status();
    }
    case debug::VarBind::kObjectIdentifier: {
      ObjectIdentifier oid;
      absl::Status status = FromProto(proto.object_identifier(), &oid.value);
      if (status.ok()) *value = std::move(oid);
      return status;
    }
    case debug::VarBind::kOctetString:
      *value = OctetString{proto.octet_string()};
      return absl::OkStatus();
    case debug::VarBind::kOpaque:
      *value = Opaque{proto.opaque()};
      return absl::OkStatus();
    case debug::VarBind::kException:
      return absl::InvalidArgumentError(absl::StrCat(
          debug::Exception_Name(proto.exception()), " is not a value"));
    case debug::VarBind::VALUE_NOT_SET:
      break;
  }
  return absl::InvalidArgumentError("no value, or a value of an unknown type");
}

// Reads the name, then the value by `read_value`; an error names the instance.
template <typename ReadValueFunction>
absl::Status ReadBinding(const debug::VarBind& proto, Oid* oid,
                         ReadValueFunction read_value) {
  absl::Status status = FromProto(proto.oid(), oid);
  if (!status.ok()) return status;
  if (oid->empty()) return absl::InvalidArgumentError("value without a name");
  status = read_value();
  if (status.ok()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(proto.oid(), ": ", status.message()));
}

}  // namespace

std::string ToUtf8(absl::string_view text) {
  std::string utf8;
  utf8.reserve(text.size());
  while (!text.empty()) {
    const size_t size = CharacterSize(text);
    absl::StrAppend(&utf8, size > 0 ? text.substr(0, size) : "\xef\xbf\xbd");
    text.remove_prefix(std::max<size_t>(size, 1));
  }
  return utf8;
}

std::string ToProto(const Oid& oid) {
  return oid.empty() ? "" : oid.ToString();
}

absl::Status FromProto(const std::string& text, Oid* oid) {
  oid->clear();
  if (text.empty()) return absl::OkStatus();
  if (text.size() > kMaxOidText) {
    return absl::InvalidArgumentError(
        absl::StrCat("too long for an OID: ", text.size(), " characters"));
  }
  return oid->Assign(text);
}

void ToProto(const VarBind& binding, debug::VarBind* proto) {
  proto->set_oid(ToProto(binding.oid));
  std::visit(ValueWriter(proto), binding.value);
}

void ToProto(const ResponseVarBind& binding, debug::VarBind* proto) {
  proto->set_oid(ToProto(binding.oid));
  if (const Value* const value = std::get_if<Value>(&binding.value)) {
    std::visit(ValueWriter(proto), *value);
  } else {
    // Both enumerations have the numbers of RFC 2741.
    proto->set_exception(
        static_cast<debug::Exception>(std::get<Exception>(binding.value)));
  }
}

absl::Status FromProto(const debug::VarBind& proto, VarBind* binding) {
  return ReadBinding(proto, &binding->oid,
                     [&] { return ReadValue(proto, &binding->value); });
}

absl::Status FromProto(const debug::VarBind& proto, ResponseVarBind* binding) {
  return ReadBinding(proto, &binding->oid, [&] {
    if (proto.has_exception()) {
      return ReadException(proto.exception(), &binding->value);
    }
    return ReadValue(proto, &binding->value.emplace<Value>());
  });
}

void ToProto(const SearchRange& range, debug::SearchRange* proto) {
  proto->set_start(ToProto(range.start));
  proto->set_inclusive(range.inclusive);
  proto->set_end(ToProto(range.end));
}

absl::Status FromProto(const debug::SearchRange& proto, SearchRange* range) {
  range->inclusive = proto.inclusive();
  const absl::Status status = FromProto(proto.start(), &range->start);
  return status.ok() ? FromProto(proto.end(), &range->end) : status;
}

void ToProto(absl::Duration duration, google::protobuf::Duration* proto) {
  constexpr absl::Duration kBound = absl::Seconds(315'576'000'000);
  duration = std::clamp(duration, -kBound, kBound);
  proto->set_seconds(absl::IDivDuration(duration, absl::Seconds(1), &duration));
  proto->set_nanos(static_cast<int32_t>(absl::ToInt64Nanoseconds(duration)));
}

absl::Duration FromProto(const google::protobuf::Duration& proto) {
  return absl::Seconds(proto.seconds()) + absl::Nanoseconds(proto.nanos());
}

void ToProto(absl::Time time, google::protobuf::Timestamp* proto) {
  // From the year 1 to the last second of 9999.
  time = std::clamp(time, absl::FromUnixSeconds(-62'135'596'800),
                    absl::FromUnixSeconds(253'402'300'799));
  const int64_t seconds = absl::ToUnixSeconds(time);  // rounds down
  proto->set_seconds(seconds);
  proto->set_nanos(static_cast<int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(seconds))));
}

absl::Time FromProto(const google::protobuf::Timestamp& proto) {
  return absl::FromUnixSeconds(proto.seconds()) +
         absl::Nanoseconds(proto.nanos());
}

void ToProto(const absl::Status& status, debug::Status* proto) {
  proto->set_code(static_cast<int32_t>(status.code()));
  proto->set_message(ToUtf8(status.message()));
}

absl::Status FromProto(const debug::Status& proto) {
  return absl::Status(static_cast<absl::StatusCode>(proto.code()),
                      proto.message());
}

}  // namespace passpersist
