// SPDX-License-Identifier: Apache-2.0

#include "transport/debug/debug_framing.h"

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace passpersist {
namespace {

constexpr size_t kMaxLengthBytes = 5;  // of a 32-bit length

}  // namespace

void AppendFrame(const google::protobuf::MessageLite& message,
                 std::string* out) {
  size_t length = message.ByteSizeLong();
  for (; length >= 0x80; length >>= 7) {
    out->push_back(static_cast<char>(length | 0x80));
  }
  out->push_back(static_cast<char>(length));
  // Fails only for messages of 2 GB, and if a required field of proto2 is
  // missing.
  (void)message.AppendToString(out);
}

absl::StatusOr<bool> TakeFrame(size_t limit, absl::string_view* in,
                               absl::string_view* message) {
  uint64_t length = 0;
  size_t begin = 0;
  while (true) {
    if (begin == kMaxLengthBytes) {
      return absl::InvalidArgumentError(
          "the length of a message has more than 32 bits");
    }
    if (begin == in->size()) return false;
    const auto byte = static_cast<uint8_t>((*in)[begin]);
    length |= static_cast<uint64_t>(byte & 0x7f) << (7 * begin);
    ++begin;
    if (byte < 0x80) break;
  }
  if (length > limit) {
    return absl::OutOfRangeError(absl::StrCat(
        "a message of ", length, " bytes, of which ", limit, " are allowed"));
  }
  if (in->size() - begin < length) return false;
  *message = in->substr(begin, length);
  in->remove_prefix(begin + length);
  return true;
}

}  // namespace passpersist
