// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/raw_request.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {

using passpersist::Oid;

namespace {

constexpr uint8_t kInteger = 0x02;
constexpr uint8_t kOctetString = 0x04;
constexpr uint8_t kObjectIdentifier = 0x06;
constexpr uint8_t kSequence = 0x30;

std::string Byte(size_t byte) {
  return std::string(1, static_cast<char>(byte));
}

// Encodes an element of up to 65,535 bytes.
std::string Ber(uint8_t tag, absl::string_view content) {
  const size_t size = content.size();
  const std::string length =
      size < 0x80 ? Byte(size)
                  : absl::StrCat(Byte(0x82), Byte(size >> 8), Byte(size));
  return absl::StrCat(Byte(tag), length, content);
}

std::string BerInteger(uint64_t number) {
  return Ber(kInteger, BerNumber(number));
}

Oid ParseOid(absl::string_view content) {
  Oid oid;
  uint32_t arc = 0;
  for (const char c : content) {
    const auto byte = static_cast<uint8_t>(c);
    arc = (arc << 7) | (byte & 0x7f);
    if ((byte & 0x80) != 0) continue;
    if (oid.empty()) {
      oid.Append(Oid{arc / 40});
      arc %= 40;
    }
    oid.Append(Oid{std::exchange(arc, 0)});
  }
  return oid;
}

std::optional<uint8_t> TakeByte(absl::string_view* in) {
  if (in->empty()) return std::nullopt;
  const auto byte = static_cast<uint8_t>(in->front());
  in->remove_prefix(1);
  return byte;
}

// Consumes the next element, and sets its tag and content.
bool Take(absl::string_view* in, uint8_t* tag, absl::string_view* content) {
  const std::optional<uint8_t> first = TakeByte(in);
  const std::optional<uint8_t> length = TakeByte(in);
  if (!first || !length) return false;
  size_t size = *length;
  if (size > 0x7f) {
    size = 0;
    for (int left = *length & 0x7f; left > 0; --left) {
      const std::optional<uint8_t> byte = TakeByte(in);
      if (!byte) return false;
      size = (size << 8) | *byte;
    }
  }
  if (size > in->size()) return false;
  *tag = *first;
  *content = in->substr(0, size);
  in->remove_prefix(size);
  return true;
}

// Consumes the next element if it has this tag.
bool TakeTagged(absl::string_view* in, uint8_t tag,
                absl::string_view* content) {
  uint8_t found;
  return Take(in, &found, content) && found == tag;
}

std::string Encode(const std::string& community, const RawRequest& request) {
  std::string bindings;
  for (const RawBinding& binding : request.bindings) {
    bindings += Ber(kSequence,
                    absl::StrCat(Ber(kObjectIdentifier, BerOid(binding.name)),
                                 Ber(binding.tag, binding.content)));
  }
  // A GETBULK has its numbers in place of an error status and index.
  const std::string pdu = absl::StrCat(
      BerInteger(1), BerInteger(request.non_repeaters),
      BerInteger(request.max_repetitions), Ber(kSequence, bindings));
  return Ber(kSequence,
             absl::StrCat(BerInteger(1), Ber(kOctetString, community),
                          Ber(static_cast<uint8_t>(request.pdu), pdu)));
}

}  // namespace

absl::StatusOr<RawResponse> ParseRaw(uint8_t pdu_tag,
                                     absl::string_view message) {
  const absl::Status invalid =
      absl::InternalError("snmpd's message can't be read");
  RawResponse response;
  absl::string_view fields, version, community, pdu, id, error, index, bindings;
  if (!TakeTagged(&message, kSequence, &fields) ||
      !TakeTagged(&fields, kInteger, &version) ||
      !TakeTagged(&fields, kOctetString, &community) ||
      !TakeTagged(&fields, pdu_tag, &pdu) || !TakeTagged(&pdu, kInteger, &id) ||
      !TakeTagged(&pdu, kInteger, &error) ||
      !TakeTagged(&pdu, kInteger, &index) ||
      !TakeTagged(&pdu, kSequence, &bindings) || error.size() != 1) {
    return invalid;
  }
  response.error_status = error[0];
  while (!bindings.empty()) {
    RawBinding binding;
    absl::string_view parts, name, content;
    if (!TakeTagged(&bindings, kSequence, &parts) ||
        !TakeTagged(&parts, kObjectIdentifier, &name) ||
        !Take(&parts, &binding.tag, &content)) {
      return invalid;
    }
    binding.name = ParseOid(name);
    binding.content = std::string(content);
    response.bindings.push_back(std::move(binding));
  }
  return response;
}

std::string BerOid(const Oid& oid) {
  std::string bytes = Byte(oid[0] * 40 + oid[1]);
  for (uint32_t arc : oid.ArcsFrom(2)) {
    std::string base128 = Byte(arc & 0x7f);
    while ((arc >>= 7) != 0) base128 = Byte((arc & 0x7f) | 0x80) + base128;
    bytes += base128;
  }
  return bytes;
}

std::string BerNumber(uint64_t number) {
  std::string bytes;
  do {
    bytes = Byte(number & 0xff) + bytes;
    number >>= 8;
  } while (number != 0);
  if ((bytes[0] & 0x80) != 0) bytes.insert(bytes.begin(), '\0');
  return bytes;
}

absl::StatusOr<RawResponse> SendRaw(int port, const std::string& community,
                                    const RawRequest& request) {
  const int peer = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (peer < 0) return absl::ErrnoToStatus(errno, "socket");
  const absl::Cleanup close_peer = [peer] { close(peer); };
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
  const std::string message = Encode(community, request);
  if (connect(peer, reinterpret_cast<sockaddr*>(&address), sizeof(address)) !=
          0 ||
      send(peer, message.data(), message.size(), 0) < 0) {
    return absl::ErrnoToStatus(errno, "sending to snmpd");
  }
  pollfd answered = {peer, POLLIN, 0};
  if (poll(&answered, 1, absl::ToInt64Milliseconds(kTimeout)) != 1) {
    return absl::DeadlineExceededError("snmpd doesn't answer");
  }
  std::string answer(65536, '\0');
  const ssize_t size = recv(peer, &answer[0], answer.size(), 0);
  if (size < 0) return absl::ErrnoToStatus(errno, "reading snmpd's answer");
  return ParseRaw(kRawResponse, absl::string_view(answer).substr(0, size));
}

}  // namespace passpersist_testing
