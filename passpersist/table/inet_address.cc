// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/inet_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <charconv>
#include <optional>
#include <system_error>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

constexpr size_t kMaxSize = 255;

// Returns the bytes of the address, if `text` is one without a zone.
std::optional<std::string> ParseAddress(absl::string_view text) {
  if (absl::StrContains(text, ':')) {
    // inet_pton() would stop at a NUL byte.
    if (absl::StrContains(text, '\0')) return std::nullopt;
    char bytes[sizeof(in6_addr)];
    if (inet_pton(AF_INET6, std::string(text).c_str(), bytes) != 1) {
      return std::nullopt;
    }
    return std::string(bytes, sizeof bytes);
  }
  const absl::StatusOr<IpAddress> address = IpAddress::Parse(text);
  if (!address.ok()) return std::nullopt;
  return std::string(address->octets.begin(), address->octets.end());
}

// Returns the four octets of the zone index.
std::optional<std::string> ParseZone(absl::string_view text) {
  uint32_t zone = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, zone);
  if (error != std::errc() || rest != end) return std::nullopt;
  std::string octets;
  for (const int shift : {24, 16, 8, 0}) {
    octets.push_back(static_cast<char>(zone >> shift));
  }
  return octets;
}

}  // namespace

absl::StatusOr<InetAddress> InetAddress::Parse(absl::string_view text) {
  const size_t percent = text.find('%');
  const bool has_zone = percent != absl::string_view::npos;
  const auto address = ParseAddress(text.substr(0, percent));
  const auto zone =
      has_zone ? ParseZone(text.substr(percent + 1)) : std::string();
  if (!address || !zone) {
    return absl::InvalidArgumentError(absl::StrCat(
        "invalid InetAddress \"", absl::CHexEscape(text),
        "\": expected an IPv4 or IPv6 address, optionally with % and the "
        "number of its zone"));
  }
  absl::StatusOr<InetAddress> parsed = FromBytes(*address);
  if (has_zone) {
    parsed->type = parsed->type == InetAddressType::kIpv4
                       ? InetAddressType::kIpv4z
                       : InetAddressType::kIpv6z;
    parsed->bytes += *zone;
  }
  return parsed;
}

absl::StatusOr<InetAddress> InetAddress::FromBytes(absl::string_view bytes) {
  for (const auto type : {InetAddressType::kIpv4, InetAddressType::kIpv6}) {
    if (IsSizeOf(type, bytes.size())) {
      return InetAddress{type, std::string(bytes)};
    }
  }
  return absl::InvalidArgumentError(
      absl::StrCat("an IP address has 4 or 16 bytes, not the ", bytes.size(),
                   " of \"", absl::CHexEscape(bytes), "\""));
}

bool InetAddress::IsSizeOf(InetAddressType type, size_t size) {
  switch (type) {
    case InetAddressType::kUnknown:
      return size <= kMaxSize;
    case InetAddressType::kIpv4:
      return size == 4;
    case InetAddressType::kIpv6:
      return size == 16;
    case InetAddressType::kIpv4z:
      return size == 8;
    case InetAddressType::kIpv6z:
      return size == 20;
    case InetAddressType::kDns:
      return size >= 1 && size <= kMaxSize;
  }
  return false;
}

}  // namespace passpersist
