// SPDX-License-Identifier: Apache-2.0

#include "simple/simple_contents.h"

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace passpersist {

void SimpleContents::AddTimeTicks(absl::string_view oid,
                                  absl::Duration duration,
                                  absl::string_view label) {
  Add("AddTimeTicks", oid, TimeTicks::FromDuration(duration), label);
}

void SimpleContents::AddString(absl::string_view oid, absl::string_view bytes,
                               absl::string_view label) {
  Add("AddString", oid, OctetString{std::string(bytes)}, label);
}

void SimpleContents::AddHex(absl::string_view oid, absl::string_view hex,
                            absl::string_view label) {
  Add("AddHex", oid, OctetString::FromHex(hex), label);
}

void SimpleContents::AddIpAddress(absl::string_view oid,
                                  absl::string_view address,
                                  absl::string_view label) {
  Add("AddIpAddress", oid, IpAddress::Parse(address), label);
}

void SimpleContents::AddOid(absl::string_view oid, absl::string_view value,
                            absl::string_view label) {
  ObjectIdentifier object;
  const absl::Status status = object.value.Assign(value);
  if (status.ok()) return Add("AddOid", oid, std::move(object), label);
  Add("AddOid", oid, absl::StatusOr<Value>(status), label);
}

void SimpleContents::AddOpaque(absl::string_view oid, absl::string_view hex,
                               absl::string_view label) {
  absl::StatusOr<OctetString> octets = OctetString::FromHex(hex);
  if (!octets.ok()) return Add("AddOpaque", oid, std::move(octets), label);
  Add("AddOpaque", oid, Opaque{std::move(octets->bytes)}, label);
}

std::optional<Oid> SimpleContents::ParseSuffix(absl::string_view method,
                                               absl::string_view oid) {
  absl::StatusOr<Oid> suffix = Oid::Parse(oid);
  if (suffix.ok()) return *std::move(suffix);
  contents_.AddError(
      absl::Status(suffix.status().code(),
                   absl::StrCat(method, "(\"", absl::CHexEscape(oid),
                                "\"): ", suffix.status().message())));
  return std::nullopt;
}

}  // namespace passpersist
