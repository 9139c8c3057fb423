// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_ENCODING_PACKED_VALUE_H_
#define PASSPERSIST_ENCODING_PACKED_VALUE_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "passpersist/stored_value.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// What a page keeps for a value. The first ones are the alternatives of Value,
// in their order.
enum class ValueTag : uint8_t {
  kInteger32,
  kCounter32,
  kCounter64,
  kGauge32,
  kTimeTicks,
  kIpAddress,
  kObjectIdentifier,
  kOctetString,
  kOpaque,
  kOutOfLine,
};

// A slot that lies outside of its pages: a lazy value, or a string so long that
// copying it with each change of a neighbour would cost too much. Pages of
// several versions share it; the last one to go destroys it.
//
// Safe for concurrent use.
class SharedValue {
 public:
  explicit SharedValue(StoredValue slot) : slot_(std::move(slot)) {}
  SharedValue(const SharedValue&) = delete;
  SharedValue& operator=(const SharedValue&) = delete;

  void Ref() const { owners_.fetch_add(1, std::memory_order_relaxed); }
  void Unref() const {
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  const StoredValue& slot() const { return slot_; }

  // The box and its string. What a lazy value's function holds is unknown.
  size_t memory() const;

 private:
  ~SharedValue() = default;

  const StoredValue slot_;
  mutable std::atomic<uint32_t> owners_{0};
};

// Strings over this many bytes are boxed.
constexpr size_t kMaxStringInPage = 512;

// A value on its way into a page or out of it: a number, bytes or a box,
// whichever the tag says. An ObjectIdentifier's bytes are those of a
// EncodedOid.
//
// A value type that borrows the bytes and the box.
struct PackedValue {
  ValueTag tag = ValueTag::kInteger32;
  uint64_t number = 0;  // for a box, its address
  absl::string_view bytes;

  const SharedValue* box() const;
};

// The bytes of a number of that type; 0 for those whose values are strings.
constexpr size_t NumberSize(ValueTag tag) {
  switch (tag) {
    case ValueTag::kInteger32:
    case ValueTag::kCounter32:
    case ValueTag::kGauge32:
    case ValueTag::kTimeTicks:
    case ValueTag::kIpAddress:
      return 4;
    case ValueTag::kCounter64:
    case ValueTag::kOutOfLine:
      return 8;
    case ValueTag::kObjectIdentifier:
    case ValueTag::kOctetString:
    case ValueTag::kOpaque:
      break;
  }
  return 0;
}

// The tag of a type of value.h whose values are bytes.
template <typename T>
constexpr ValueTag OctetsTag() {
  if constexpr (std::is_same_v<T, OctetString>) return ValueTag::kOctetString;
  if constexpr (std::is_same_v<T, Opaque>) return ValueTag::kOpaque;
  return ValueTag::kOutOfLine;
}
template <typename T>
constexpr bool kIsOctets = OctetsTag<T>() != ValueTag::kOutOfLine;

// False for exception values, which no store keeps.
inline bool CanPack(const Value& value) {
  return value.index() < static_cast<size_t>(ValueTag::kOutOfLine);
}

// Packs slots. The bytes of the result are those of the slot or belong to the
// packer, until its next call. A box that is made belongs to nobody yet: the
// page that takes it is its first owner.
//
// Requires CanPack() of what is no lazy value.
//
// Used by one thread at a time.
class ValuePacker {
 public:
  PackedValue Pack(const StoredValue& slot);

  // The same for a value. If it goes into a box, nothing of it is left.
  PackedValue PackValue(Value* value);

  // The same for an OctetString or Opaque, whose bytes are packed as they are.
  template <typename T>
  PackedValue PackOctets(T* value) {
    if (value->bytes.size() <= kMaxStringInPage) {
      return {OctetsTag<T>(), 0, value->bytes};
    }
    Value boxed(std::move(*value));
    return PackValue(&boxed);
  }

 private:
  std::string bytes_;
};

// Gives back packed values as slots, in memory that it keeps, so that
// unpacking needs no heap once it has met the longest string.
//
// Used by one thread at a time.
class ValueUnpacker {
 public:
  // Valid until the next call, and as long as the box of `value` if it has one.
  const StoredValue& Unpack(const PackedValue& value);

 private:
  // One slot for each type that owns memory, which another alternative in the
  // same slot would free.
  StoredValue number_;
  StoredValue octets_;
  StoredValue opaque_;
  StoredValue oid_;
  std::vector<uint32_t> arcs_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_PACKED_VALUE_H_
