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

void SimpleContents::AddTt(absl::string_view oid, absl::Duration duration,
                           absl::string_view label) {
  Add({"AddTt", oid}, TimeTicks::FromDuration(duration), label);
}

void SimpleContents::AddStr(absl::string_view oid, absl::string_view bytes,
                            absl::string_view label) {
  Add({"AddStr", oid}, OctetString{std::string(bytes)}, label);
}

void SimpleContents::AddOct(absl::string_view oid, absl::string_view hex,
                            absl::string_view label) {
  Add({"AddOct", oid, hex}, OctetString::FromHex(hex), label);
}

void SimpleContents::AddIp(absl::string_view oid, absl::string_view address,
                           absl::string_view label) {
  Add({"AddIp", oid, address}, IpAddress::Parse(address), label);
}

void SimpleContents::AddOid(absl::string_view oid, absl::string_view value,
                            absl::string_view label) {
  const Call call = {"AddOid", oid, value};
  absl::StatusOr<Oid> parsed = Oid::Parse(value);
  if (!parsed.ok()) return AddMistake(call, parsed.status());
  Add(call, ObjectIdentifier{*std::move(parsed)}, label);
}

void SimpleContents::AddOpaque(absl::string_view oid, absl::string_view hex,
                               absl::string_view label) {
  const Call call = {"AddOpaque", oid, hex};
  absl::StatusOr<OctetString> octets = OctetString::FromHex(hex);
  if (!octets.ok()) return AddMistake(call, octets.status());
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
  std::ostringstream text;  // which StrCat() doesn't make of these
  text << number << " is out of range: " << least << ".." << greatest;
  return absl::OutOfRangeError(text.str());
}

void SimpleContents::Add(const Call& call, absl::StatusOr<Value> value,
                         absl::string_view label) {
  const absl::StatusOr<Oid> suffix = Oid::Parse(call.oid);
  if (!suffix.ok()) return AddMistake(call, suffix.status());
  if (!value.ok()) return AddMistake(call, value.status());
  contents_.Put(*suffix, *std::move(value), label);
}

void SimpleContents::AddMistake(const Call& call, const absl::Status& mistake) {
  if (!status_.ok()) return;
  const std::string text =
      call.text.data() == nullptr ? "" : absl::StrCat(", ", Quoted(call.text));
  status_ = absl::Status(mistake.code(),
                         absl::StrCat(call.method, "(", Quoted(call.oid), text,
                                      "): ", mistake.message()));
}

}  // namespace passpersist
