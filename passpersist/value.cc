// SPDX-License-Identifier: Apache-2.0

#include "passpersist/value.h"

#include <charconv>
#include <cstring>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace passpersist {
namespace {

constexpr char kOpaqueTag = '\x9f';
constexpr char kFloatTag = '\x78';
constexpr char kDoubleTag = '\x79';
constexpr char kInteger64Tag = '\x7a';
constexpr char kUnsigned64Tag = '\x7b';

// Returns the `size` low bytes of `bits`, most significant first.
std::string BigEndian(uint64_t bits, size_t size) {
  std::string bytes;
  for (size_t i = size; i-- > 0;) {
    bytes.push_back(static_cast<char>(bits >> (8 * i)));
  }
  return bytes;
}

uint64_t FromBigEndian(absl::string_view bytes) {
  uint64_t bits = 0;
  for (const char c : bytes) bits = bits << 8 | static_cast<unsigned char>(c);
  return bits;
}

Opaque Wrap(char tag, absl::string_view contents) {
  return {absl::StrCat(
      absl::string_view(&kOpaqueTag, 1), absl::string_view(&tag, 1),
      std::string(1, static_cast<char>(contents.size())), contents)};
}

// Returns the contents after `tag`, if `bytes` is exactly one whole wrapper.
std::optional<absl::string_view> Unwrap(char tag, absl::string_view bytes) {
  if (bytes.size() < 3 || bytes[0] != kOpaqueTag || bytes[1] != tag ||
      static_cast<size_t>(bytes[2]) != bytes.size() - 3) {
    return std::nullopt;
  }
  return bytes.substr(3);
}

// BER drops leading octets that only repeat the sign (ITU-T X.690 section
// 8.3.2).
absl::string_view ShortestSigned(absl::string_view bytes) {
  while (bytes.size() > 1 && ((bytes[0] == '\0' && (bytes[1] & 0x80) == 0) ||
                              (bytes[0] == '\xff' && (bytes[1] & 0x80) != 0))) {
    bytes.remove_prefix(1);
  }
  return bytes;
}

}  // namespace

TimeTicks TimeTicks::FromDuration(absl::Duration duration) {
  if (duration == absl::InfiniteDuration()) return {0xffffffff};
  if (duration <= absl::ZeroDuration()) return {0};
  absl::Duration rest;
  return *FromNumberWrapped(
      absl::IDivDuration(duration, absl::Milliseconds(10), &rest));
}

absl::StatusOr<IpAddress> IpAddress::Parse(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '.');
  IpAddress address;
  bool valid = parts.size() == address.octets.size();
  for (size_t i = 0; valid && i < parts.size(); ++i) {
    const char* const end = parts[i].data() + parts[i].size();
    const auto [rest, error] =
        std::from_chars(parts[i].data(), end, address.octets[i]);
    valid = error == std::errc() && rest == end;
  }
  if (valid) return address;
  return absl::InvalidArgumentError(
      absl::StrCat("invalid IpAddress \"", absl::CHexEscape(text),
                   "\": expected four numbers of 0..255 joined by dots"));
}

absl::StatusOr<IpAddress> IpAddress::FromBytes(absl::string_view bytes) {
  IpAddress address;
  if (bytes.size() != address.octets.size()) {
    return absl::InvalidArgumentError(
        absl::StrCat("an IpAddress has 4 bytes, not the ", bytes.size(),
                     " of \"", absl::CHexEscape(bytes), "\""));
  }
  std::memcpy(address.octets.data(), bytes.data(), bytes.size());
  return address;
}

absl::StatusOr<OctetString> OctetString::FromHex(absl::string_view text) {
  OctetString string;
  size_t i = 0;
  bool more = !text.empty();
  while (more) {
    const absl::string_view pair = text.substr(i, 2);
    uint8_t byte = 0;
    const auto [rest, error] =
        std::from_chars(pair.data(), pair.data() + pair.size(), byte, 16);
    if (pair.size() != 2 || error != std::errc() ||
        rest != pair.data() + pair.size()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "invalid hex text \"", absl::CHexEscape(text),
          "\": expected a pair of hex digits at character ", i + 1));
    }
    string.bytes.push_back(static_cast<char>(byte));
    i += 2;
    more = i < text.size();
    // A separator must be followed by another pair.
    if (more && absl::StrContains(" :-", text[i])) ++i;
  }
  return string;
}

OctetString OctetString::FromBits(std::initializer_list<size_t> bits) {
  OctetString string;
  for (const size_t bit : bits) {
    if (string.bytes.size() <= bit / 8) string.bytes.resize(bit / 8 + 1);
    string.bytes[bit / 8] |= static_cast<char>(0x80 >> bit % 8);
  }
  return string;
}

Opaque Opaque::FromFloat(float number) {
  uint32_t bits;
  std::memcpy(&bits, &number, sizeof(bits));
  return Wrap(kFloatTag, BigEndian(bits, sizeof(bits)));
}

Opaque Opaque::FromDouble(double number) {
  uint64_t bits;
  std::memcpy(&bits, &number, sizeof(bits));
  return Wrap(kDoubleTag, BigEndian(bits, sizeof(bits)));
}

Opaque Opaque::FromInteger64(int64_t number) {
  return Wrap(kInteger64Tag,
              ShortestSigned(BigEndian(static_cast<uint64_t>(number), 8)));
}

Opaque Opaque::FromUnsigned64(uint64_t number) {
  return Wrap(kUnsigned64Tag,
              ShortestSigned(std::string(1, '\0') + BigEndian(number, 8)));
}

std::optional<float> Opaque::AsFloat() const {
  const std::optional<absl::string_view> contents = Unwrap(kFloatTag, bytes);
  if (!contents || contents->size() != sizeof(float)) return std::nullopt;
  const auto bits = static_cast<uint32_t>(FromBigEndian(*contents));
  float number;
  std::memcpy(&number, &bits, sizeof(number));
  return number;
}

std::optional<double> Opaque::AsDouble() const {
  const std::optional<absl::string_view> contents = Unwrap(kDoubleTag, bytes);
  if (!contents || contents->size() != sizeof(double)) return std::nullopt;
  const uint64_t bits = FromBigEndian(*contents);
  double number;
  std::memcpy(&number, &bits, sizeof(number));
  return number;
}

std::optional<int64_t> Opaque::AsInteger64() const {
  const std::optional<absl::string_view> contents =
      Unwrap(kInteger64Tag, bytes);
  if (!contents || contents->empty() || contents->size() > 8) {
    return std::nullopt;
  }
  const bool negative = (contents->front() & 0x80) != 0;
  const std::string sign(8 - contents->size(), negative ? '\xff' : '\0');
  return static_cast<int64_t>(FromBigEndian(absl::StrCat(sign, *contents)));
}

std::optional<uint64_t> Opaque::AsUnsigned64() const {
  const std::optional<absl::string_view> contents =
      Unwrap(kUnsigned64Tag, bytes);
  if (!contents || contents->empty() || contents->size() > 9 ||
      (contents->size() == 9 && contents->front() != '\0')) {
    return std::nullopt;
  }
  return FromBigEndian(*contents);
}

namespace {

template <typename... Visitors>
struct Overloaded : Visitors... {
  using Visitors::operator()...;
};
template <typename... Visitors>
Overloaded(Visitors...) -> Overloaded<Visitors...>;

std::string OpaqueToText(const Opaque& opaque) {
  if (const auto number = opaque.AsFloat()) return absl::StrCat(*number);
  if (const auto number = opaque.AsDouble()) return absl::StrCat(*number);
  if (const auto number = opaque.AsInteger64()) return absl::StrCat(*number);
  if (const auto number = opaque.AsUnsigned64()) return absl::StrCat(*number);
  return absl::BytesToHexString(opaque.bytes);
}

}  // namespace

absl::string_view TypeName(const Value& value) {
  return std::visit(
      [](const auto& v) -> absl::string_view {
        return std::decay_t<decltype(v)>::kName;
      },
      value);
}

std::string ToString(const Value& value) {
  const std::string text = std::visit(
      Overloaded{
          [](const IpAddress& a) { return absl::StrJoin(a.octets, "."); },
          [](const ObjectIdentifier& o) { return o.value.ToString(); },
          [](const OctetString& s) {
            return absl::StrCat("\"", absl::CHexEscape(s.bytes), "\"");
          },
          [](const Opaque& o) { return OpaqueToText(o); },
          [](const auto& number) { return absl::StrCat(number.value); },
      },
      value);
  return text.empty() ? std::string(TypeName(value))
                      : absl::StrCat(TypeName(value), " ", text);
}

#define PASSPERSIST_PRINT(Type)                                   \
  std::ostream& operator<<(std::ostream& os, const Type& value) { \
    return os << ToString(Value(value));                          \
  }
PASSPERSIST_PRINT(Integer32)
PASSPERSIST_PRINT(Counter32)
PASSPERSIST_PRINT(Counter64)
PASSPERSIST_PRINT(Gauge32)
PASSPERSIST_PRINT(TimeTicks)
PASSPERSIST_PRINT(IpAddress)
PASSPERSIST_PRINT(ObjectIdentifier)
PASSPERSIST_PRINT(OctetString)
PASSPERSIST_PRINT(Opaque)
#undef PASSPERSIST_PRINT

}  // namespace passpersist
