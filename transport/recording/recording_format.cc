// SPDX-License-Identifier: Apache-2.0

#include "transport/recording/recording_format.h"

#include <array>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace passpersist::transport_internal {
namespace {

constexpr size_t kLengthBytes = 8;
constexpr size_t kChecksumBytes = 4;
constexpr size_t kHeadBytes = kLengthBytes + kChecksumBytes;
static_assert(kRecordingEntryOverhead == kHeadBytes + kChecksumBytes);

// The remainders of all bytes, for the reversed Castagnoli polynomial.
constexpr std::array<uint32_t, 256> MakeTable() {
  std::array<uint32_t, 256> table = {};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit) {
      remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? 0x82f63b78u : 0u);
    }
    table[byte] = remainder;
  }
  return table;
}
constexpr std::array<uint32_t, 256> kTable = MakeTable();

// TFRecord masks checksums, since the CRC of bytes that contain their own CRC
// is a constant.
uint32_t MaskedCrc32c(absl::string_view bytes) {
  uint32_t crc = ~uint32_t{0};
  for (const char c : bytes) {
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<uint8_t>(c)) & 0xff];
  }
  crc = ~crc;
  return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

void AppendLittleEndian(uint64_t number, size_t bytes, std::string* out) {
  for (size_t i = 0; i < bytes; ++i) {
    out->push_back(static_cast<char>(number >> (8 * i)));
  }
}

uint64_t ReadLittleEndian(absl::string_view bytes) {
  uint64_t number = 0;
  for (size_t i = 0; i < bytes.size(); ++i) {
    number |= uint64_t{static_cast<uint8_t>(bytes[i])} << (8 * i);
  }
  return number;
}

bool HasChecksum(absl::string_view bytes, absl::string_view checksum) {
  return ReadLittleEndian(checksum) == MaskedCrc32c(bytes);
}

}  // namespace

void AppendRecordingEntry(absl::string_view message, std::string* out) {
  std::string length;
  AppendLittleEndian(message.size(), kLengthBytes, &length);
  out->append(length);
  AppendLittleEndian(MaskedCrc32c(length), kChecksumBytes, out);
  out->append(message.data(), message.size());
  AppendLittleEndian(MaskedCrc32c(message), kChecksumBytes, out);
}

absl::StatusOr<bool> TakeRecordingEntry(absl::string_view* in,
                                        absl::string_view* message) {
  if (in->size() < kHeadBytes) return false;
  const absl::string_view length_bytes = in->substr(0, kLengthBytes);
  if (!HasChecksum(length_bytes, in->substr(kLengthBytes, kChecksumBytes))) {
    return absl::DataLossError("wrong checksum of the length");
  }
  const uint64_t length = ReadLittleEndian(length_bytes);
  if (length > kMaxRecordingEntry) {
    return absl::OutOfRangeError(
        absl::StrCat("a message of ", length, " bytes, of which ",
                     kMaxRecordingEntry, " are allowed"));
  }
  if (in->size() < kRecordingEntryOverhead + length) return false;
  const absl::string_view bytes = in->substr(kHeadBytes, length);
  if (!HasChecksum(bytes, in->substr(kHeadBytes + length, kChecksumBytes))) {
    return absl::DataLossError(
        absl::StrCat("wrong checksum of a message of ", length, " bytes"));
  }
  *message = bytes;
  in->remove_prefix(kRecordingEntryOverhead + length);
  return true;
}

}  // namespace passpersist::transport_internal
