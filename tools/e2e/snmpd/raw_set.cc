// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/snmpd/raw_set.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/oid.h"
#include "tools/process/testing/wait.h"

namespace passpersist_testing {
namespace {

using passpersist::Oid;

constexpr uint8_t kInteger = 0x02;
constexpr uint8_t kOctetString = 0x04;
constexpr uint8_t kObjectIdentifier = 0x06;
constexpr uint8_t kSequence = 0x30;
constexpr uint8_t kResponse = 0xa2;
constexpr uint8_t kSetRequest = 0xa3;

// Encodes a short BER element: each length here fits into one byte.
std::string Ber(uint8_t tag, absl::string_view content) {
  return absl::StrCat(std::string(1, static_cast<char>(tag)),
                      std::string(1, static_cast<char>(content.size())),
                      content);
}

// Encodes a number in the fewest bytes, with a leading zero if it would look
// negative otherwise.
std::string BerNumber(uint64_t number) {
  std::string bytes;
  do {
    bytes.insert(bytes.begin(), static_cast<char>(number & 0xff));
    number >>= 8;
  } while (number != 0);
  if ((bytes[0] & 0x80) != 0) bytes.insert(bytes.begin(), '\0');
  return bytes;
}

std::string BerOid(const Oid& oid) {
  std::string bytes(1, static_cast<char>(oid[0] * 40 + oid[1]));
  for (uint32_t arc : oid.ArcsFrom(2)) {
    std::string base128(1, static_cast<char>(arc & 0x7f));
    while ((arc >>= 7) != 0) {
      base128.insert(base128.begin(), static_cast<char>((arc & 0x7f) | 0x80));
    }
    bytes += base128;
  }
  return bytes;
}

// Consumes the next element if it has this tag.
bool Take(absl::string_view* in, uint8_t tag, absl::string_view* content) {
  if (in->size() < 2 || static_cast<uint8_t>((*in)[0]) != tag) return false;
  const size_t size = static_cast<uint8_t>((*in)[1]);
  if (size > 0x7f || size > in->size() - 2) return false;
  *content = in->substr(2, size);
  in->remove_prefix(2 + size);
  return true;
}

absl::StatusOr<int> ParseResponse(absl::string_view message) {
  absl::string_view fields, version, community, pdu, id, error;
  if (Take(&message, kSequence, &fields) && Take(&fields, kInteger, &version) &&
      Take(&fields, kOctetString, &community) &&
      Take(&fields, kResponse, &pdu) && Take(&pdu, kInteger, &id) &&
      Take(&pdu, kInteger, &error) && error.size() == 1) {
    return error[0];
  }
  return absl::InternalError("snmpd's answer can't be read");
}

}  // namespace

absl::StatusOr<int> RawSet(int port, const std::string& community,
                           const std::string& name, RawType type,
                           uint64_t number) {
  return RawSet(port, community, name, type, BerNumber(number));
}

absl::StatusOr<int> RawSet(int port, const std::string& community,
                           const std::string& name, RawType type,
                           absl::string_view content) {
  const absl::StatusOr<Oid> oid = Oid::Parse(name);
  if (!oid.ok()) return oid.status();
  const std::string binding =
      Ber(kSequence, absl::StrCat(Ber(kObjectIdentifier, BerOid(*oid)),
                                  Ber(static_cast<uint8_t>(type), content)));
  const std::string zero = Ber(kInteger, BerNumber(0));
  const std::string pdu = absl::StrCat(Ber(kInteger, BerNumber(1)), zero, zero,
                                       Ber(kSequence, binding));
  const std::string message =
      Ber(kSequence,
          absl::StrCat(Ber(kInteger, BerNumber(1)),
                       Ber(kOctetString, community), Ber(kSetRequest, pdu)));

  const int peer = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (peer < 0) return absl::ErrnoToStatus(errno, "socket");
  const absl::Cleanup close_peer = [peer] { close(peer); };
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<uint16_t>(port));
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
  return ParseResponse(absl::string_view(answer).substr(0, size));
}

}  // namespace passpersist_testing
