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

// The type of a packed value. All tags but kOutOfLine are the alternatives of
// Value, in their order.
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

// A StoredValue outside of the pages: a computed value, or a string so long
// that copying it with each change of a neighbour would cost too much. Pages of
// several versions share it: each SharedValueRef owns a reference, and the last
// one destroys the value.
//
// Immutable, so safe for concurrent use.
class SharedValue {
 public:
  SharedValue(const SharedValue&) = delete;
  SharedValue& operator=(const SharedValue&) = delete;

  const StoredValue& stored_value() const { return stored_value_; }

  // Bytes of this object and its string. The memory that the function of a
  // computed value holds is unknown and not counted.
  size_t memory() const;

 private:
  friend class SharedValueRef;

  explicit SharedValue(StoredValue value) : stored_value_(std::move(value)) {}
  ~SharedValue() = default;

  const StoredValue stored_value_;
  mutable std::atomic<uint32_t> refs_{1};
};

// Owns a reference to a SharedValue, or is null.
//
// A value type. Several threads may use references to one SharedValue.
class SharedValueRef {
 public:
  SharedValueRef() = default;
  // Makes a SharedValue.
  static SharedValueRef Make(StoredValue value) {
    return Adopt(new SharedValue(std::move(value)));
  }
  // Adds a reference to a value that somebody else owns one to, such as that of
  // a PackedValue.
  explicit SharedValueRef(const SharedValue* value) : value_(value) {
    value_->refs_.fetch_add(1, std::memory_order_relaxed);
  }
  // Takes over a reference that Release() has returned.
  static SharedValueRef Adopt(const SharedValue* value) {
    SharedValueRef ref;
    ref.value_ = value;
    return ref;
  }

  SharedValueRef(SharedValueRef&& other) noexcept
      : value_(std::exchange(other.value_, nullptr)) {}
  SharedValueRef& operator=(SharedValueRef&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~SharedValueRef() {
    if (value_ != nullptr &&
        value_->refs_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      delete value_;
    }
  }

  const SharedValue* get() const { return value_; }
  const SharedValue* operator->() const { return value_; }

  // Returns the reference, for a place that cannot hold an object, such as the
  // bytes of a page. Adopt() takes it back.
  [[nodiscard]] const SharedValue* Release() {
    return std::exchange(value_, nullptr);
  }

 private:
  const SharedValue* value_ = nullptr;
};

// Strings of more bytes are stored as a SharedValue.
constexpr size_t kMaxStringInPage = 512;

// A value on its way into a page or out of it: a number, bytes or a
// SharedValue, as the tag says. The bytes of an ObjectIdentifier are those of
// an EncodedOid.
//
// A value type that borrows the bytes and the SharedValue.
struct PackedValue {
  ValueTag tag = ValueTag::kInteger32;
  uint64_t number = 0;  // the address of the SharedValue for kOutOfLine
  absl::string_view bytes;

  // Null without the tag kOutOfLine.
  const SharedValue* shared_value() const {
    if (tag != ValueTag::kOutOfLine) return nullptr;
    return reinterpret_cast<const SharedValue*>(static_cast<uintptr_t>(number));
  }
};

// References to the SharedValues of packed values.
//
// Used by one thread at a time; safe for concurrent reading.
class SharedValueRefs {
 public:
  // Takes a reference if `value` has the tag kOutOfLine.
  void Add(const PackedValue& value) {
    if (value.tag != ValueTag::kOutOfLine) return;
    refs_.emplace_back(value.shared_value());
  }

  // In bytes, including the SharedValues.
  size_t MemoryUsage() const;

 private:
  std::vector<SharedValueRef> refs_;
};

// The size in bytes of a packed number of that type; 0 for the types whose
// values are strings.
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

// The tag of OctetString or Opaque, whose values are packed as they are;
// kOutOfLine for other types.
template <typename T>
constexpr ValueTag OctetsTag() {
  if constexpr (std::is_same_v<T, OctetString>) return ValueTag::kOctetString;
  if constexpr (std::is_same_v<T, Opaque>) return ValueTag::kOpaque;
  return ValueTag::kOutOfLine;
}
template <typename T>
constexpr bool kIsOctets = OctetsTag<T>() != ValueTag::kOutOfLine;

// Packs stored values. The bytes of the result belong to the argument, or to
// the packer until its next call; a SharedValue that it makes likewise.
//
// Used by one thread at a time.
class ValuePacker {
 public:
  PackedValue Pack(const StoredValue& stored);

  // Packs a value. Moves from *value if that becomes a SharedValue.
  PackedValue PackValue(Value* value);

  // Packs an OctetString or Opaque, whose bytes are packed as they are.
  template <typename T>
  PackedValue PackOctets(T* value) {
    if (value->bytes.size() <= kMaxStringInPage) {
      return {OctetsTag<T>(), 0, value->bytes};
    }
    Value string(std::move(*value));
    return PackValue(&string);
  }

 private:
  PackedValue PackShared(StoredValue stored);

  std::string bytes_;
  SharedValueRef shared_value_;
};

// Unpacks packed values into memory that the unpacker keeps, so that unpacking
// allocates nothing after the longest string was unpacked once.
//
// Used by one thread at a time.
class ValueUnpacker {
 public:
  // The result is valid until the next call; for kOutOfLine as long as the
  // SharedValue.
  const StoredValue& Unpack(const PackedValue& value);

 private:
  // A StoredValue for each type that owns memory. If they shared one, storing
  // another alternative would free that memory.
  StoredValue number_;
  StoredValue octets_;
  StoredValue opaque_;
  StoredValue oid_;
  std::vector<uint32_t> arcs_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_ENCODING_PACKED_VALUE_H_
