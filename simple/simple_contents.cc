// SPDX-License-Identifier: Apache-2.0

#include "simple/simple_contents.h"

#include <sstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "passpersist/oid.h"

namespace passpersist {
namespace {

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::CHexEscape(text), "\"");
}

}  // namespace

void SimpleContents::AddTimeTicks(absl::string_view oid,
                                  absl::Duration duration,
                                  absl::string_view label) {
  Add({"AddTimeTicks", oid}, TimeTicks::FromDuration(duration), label);
}

void SimpleContents::AddString(absl::string_view oid, absl::string_view bytes,
                               absl::string_view label) {
  Add({"AddString", oid}, OctetString{std::string(bytes)}, label);
}

void SimpleContents::AddHex(absl::string_view oid, absl::string_view hex,
                            absl::string_view label) {
  Add({"AddHex", oid, hex}, OctetString::FromHex(hex), label);
}

void SimpleContents::AddIpAddress(absl::string_view oid,
                                  absl::string_view address,
                                  absl::string_view label) {
  Add({"AddIpAddress", oid, address}, IpAddress::Parse(address), label);
}

void SimpleContents::AddOid(absl::string_view oid, absl::string_view value,
                            absl::string_view label) {
  const Call call = {"AddOid", oid, value};
  absl::StatusOr<Oid> parsed = Oid::Parse(value);
  if (!parsed.ok()) return AddError(call, parsed.status());
  Add(call, ObjectIdentifier{*std::move(parsed)}, label);
}

void SimpleContents::AddOpaque(absl::string_view oid, absl::string_view hex,
                               absl::string_view label) {
  const Call call = {"AddOpaque", oid, hex};
  absl::StatusOr<OctetString> octets = OctetString::FromHex(hex);
  if (!octets.ok()) return AddError(call, octets.status());
  Add(call, Opaque{std::move(octets->bytes)}, label);
}

void SimpleContents::AddFloat(absl::string_view oid, float number,
                              absl::string_view label) {
  Add({"AddFloat", oid}, Opaque::FromFloat(number), label);
}

void SimpleContents::AddDouble(absl::string_view oid, double number,
                               absl::string_view label) {
  Add({"AddDouble", oid}, Opaque::FromDouble(number), label);
}

absl::Status SimpleContents::DoesNotFit(absl::int128 number, absl::int128 least,
                                        absl::int128 greatest) {
  std::ostringstream text;  // StrCat() does not print absl::int128
  text << number << " is out of range: " << least << ".." << greatest;
  return absl::OutOfRangeError(text.str());
}

void SimpleContents::Add(const Call& call, absl::StatusOr<Value> value,
                         absl::string_view label) {
  const absl::StatusOr<Oid> suffix = Oid::Parse(call.oid);
  if (!suffix.ok()) return AddError(call, suffix.status());
  if (!value.ok()) return AddError(call, value.status());
  contents_.Put(*suffix, *std::move(value), label);
}

void SimpleContents::AddError(const Call& call, const absl::Status& error) {
  if (!status_.ok()) return;
  const std::string text =
      call.text.data() == nullptr ? "" : absl::StrCat(", ", Quoted(call.text));
  status_ = absl::Status(error.code(),
                         absl::StrCat(call.method, "(", Quoted(call.oid), text,
                                      "): ", error.message()));
}

}  // namespace passpersist
