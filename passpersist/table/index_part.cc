// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/index_part.h"

#include "absl/base/optimization.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace passpersist::index_internal {
namespace {

// A value that is longer than a name is not encoded at all: a string may be
// large.
absl::Status TooLong(size_t size) {
  return absl::OutOfRangeError(absl::StrCat(
      "a value of ", size, " arcs is longer than a name, which has at most ",
      Oid::kMaxArcs));
}

// Takes the length that a value begins with. Returns false if fewer arcs
// follow.
bool DecodeLength(Arcs* arcs, uint32_t* length) {
  return DecodeNumber(arcs, Oid::kMaxArcs, length) && *length <= arcs->size();
}

}  // namespace

absl::Status EncodeBytes(absl::string_view value, Oid* out) {
  if (ABSL_PREDICT_FALSE(value.size() > Oid::kMaxArcs)) {
    return TooLong(value.size());
  }
  out->AppendOctets(value);
  return absl::OkStatus();
}

absl::Status EncodeString(absl::string_view value, Oid* out) {
  if (ABSL_PREDICT_FALSE(value.size() > Oid::kMaxArcs)) {
    return TooLong(value.size());
  }
  out->Append(static_cast<uint32_t>(value.size()));
  out->AppendOctets(value);
  return absl::OkStatus();
}

absl::Status EncodeOid(const Oid& value, Oid* out) {
  if (value.size() > Oid::kMaxArcs) return TooLong(value.size());
  out->Append(static_cast<uint32_t>(value.size()));
  out->Append(value);
  return absl::OkStatus();
}

absl::Status EncodeInetAddress(const InetAddress& value, Oid* out) {
  if (!InetAddress::IsSizeOf(value.type, value.bytes.size())) {
    return absl::InvalidArgumentError(absl::StrCat(
        "an InetAddress of type ", static_cast<int32_t>(value.type),
        " cannot have the ", value.bytes.size(), " bytes \"",
        absl::CHexEscape(value.bytes), "\""));
  }
  out->Append(static_cast<uint32_t>(value.type));
  return EncodeString(value.bytes, out);
}

absl::Status WrongSize(absl::string_view value, size_t size) {
  return absl::InvalidArgumentError(
      absl::StrCat("an index of ", size, " bytes is expected, not the ",
                   value.size(), " of \"", absl::CHexEscape(value), "\""));
}

absl::Status EmptyImplied() {
  return absl::InvalidArgumentError("an implied index cannot be empty");
}

bool DecodeNumber(Arcs* arcs, uint64_t greatest, uint32_t* value) {
  if (arcs->empty() || arcs->front() > greatest) return false;
  *value = arcs->front();
  arcs->remove_prefix(1);
  return true;
}

bool DecodeBytes(Arcs* arcs, absl::Span<uint8_t> value) {
  if (arcs->size() < value.size()) return false;
  for (size_t i = 0; i < value.size(); ++i) {
    const uint32_t arc = (*arcs)[i];
    if (arc > 0xff) return false;
    value[i] = static_cast<uint8_t>(arc);
  }
  arcs->remove_prefix(value.size());
  return true;
}

bool DecodeBytes(Arcs* arcs, size_t size, std::string* value) {
  if (arcs->size() < size) return false;
  value->resize(size);
  return DecodeBytes(
      arcs, absl::MakeSpan(reinterpret_cast<uint8_t*>(&(*value)[0]), size));
}

bool DecodeString(Arcs* arcs, std::string* value) {
  uint32_t length = 0;
  return DecodeLength(arcs, &length) && DecodeBytes(arcs, length, value);
}

bool DecodeOid(Arcs* arcs, Oid* value) {
  uint32_t length = 0;
  if (!DecodeLength(arcs, &length)) return false;
  value->Assign(arcs->first(length));
  arcs->remove_prefix(length);
  return true;
}

bool DecodeInetAddress(Arcs* arcs, InetAddress* value) {
  return IndexPart<InetAddressType>::Decode(arcs, &value->type) &&
         DecodeString(arcs, &value->bytes) &&
         InetAddress::IsSizeOf(value->type, value->bytes.size());
}

int CompareStrings(absl::string_view a, absl::string_view b) {
  const int order = CompareValues(a.size(), b.size());
  return order != 0 ? order : a.compare(b);
}

absl::Status AnnotatePart(const absl::Status& status, size_t number) {
  return absl::Status(
      status.code(),
      absl::StrCat("part ", number, " of the index: ", status.message()));
}

}  // namespace passpersist::index_internal
