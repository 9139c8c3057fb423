// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/packed_value.h"

#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "passpersist/encoding/oid_encoding.h"

namespace passpersist::internal {
namespace {

// The tags are the alternatives of Value: PackInline() casts its index.
template <ValueTag tag, typename T>
constexpr bool kTagIs =
    std::is_same_v<std::variant_alternative_t<static_cast<size_t>(tag), Value>,
                   T>;
static_assert(kTagIs<ValueTag::kInteger32, Integer32> &&
              kTagIs<ValueTag::kCounter32, Counter32> &&
              kTagIs<ValueTag::kCounter64, Counter64> &&
              kTagIs<ValueTag::kGauge32, Gauge32> &&
              kTagIs<ValueTag::kTimeTicks, TimeTicks> &&
              kTagIs<ValueTag::kIpAddress, IpAddress> &&
              kTagIs<ValueTag::kObjectIdentifier, ObjectIdentifier> &&
              kTagIs<ValueTag::kOctetString, OctetString> &&
              kTagIs<ValueTag::kOpaque, Opaque>);

// The alternative T of `stored`. Replaces another alternative, and keeps T if
// it is there already, with the memory that it owns.
template <typename T>
T& As(StoredValue* stored) {
  Value& value = *std::get_if<Value>(stored);
  if (T* const same = std::get_if<T>(&value)) return *same;
  return value.emplace<T>();
}

template <typename T>
const T& Get(const Value& value) {
  return *std::get_if<T>(&value);
}

// Packs strings of any length as they are.
PackedValue PackInline(const Value& value, std::string* oid_bytes) {
  const auto tag = static_cast<ValueTag>(value.index());
  switch (tag) {
    case ValueTag::kInteger32:
      return {tag, static_cast<uint32_t>(Get<Integer32>(value).value), {}};
    case ValueTag::kCounter32:
      return {tag, Get<Counter32>(value).value, {}};
    case ValueTag::kCounter64:
      return {tag, Get<Counter64>(value).value, {}};
    case ValueTag::kGauge32:
      return {tag, Get<Gauge32>(value).value, {}};
    case ValueTag::kTimeTicks:
      return {tag, Get<TimeTicks>(value).value, {}};
    case ValueTag::kIpAddress: {
      // The octets in their memory order, on each machine.
      uint32_t number;
      std::memcpy(&number, Get<IpAddress>(value).octets.data(), sizeof number);
      return {tag, number, {}};
    }
    case ValueTag::kObjectIdentifier: {
      const EncodedOid key(Get<ObjectIdentifier>(value).value);
      oid_bytes->assign(key.bytes().data(), key.bytes().size());
      return {tag, 0, *oid_bytes};
    }
    case ValueTag::kOctetString:
      return {tag, 0, Get<OctetString>(value).bytes};
    case ValueTag::kOpaque:
      return {tag, 0, Get<Opaque>(value).bytes};
    case ValueTag::kOutOfLine:
      break;
  }
  return {};
}

}  // namespace

size_t SharedValue::memory() const {
  size_t memory = sizeof *this;
  if (const auto* const value = std::get_if<Value>(&stored_value_)) {
    if (const auto* const octets = std::get_if<OctetString>(value)) {
      memory += octets->bytes.capacity();
    } else if (const auto* const opaque = std::get_if<Opaque>(value)) {
      memory += opaque->bytes.capacity();
    } else if (const auto* const oid = std::get_if<ObjectIdentifier>(value)) {
      memory += oid->value.size() * sizeof(uint32_t);
    }
  }
  return memory;
}

PackedValue ValuePacker::PackShared(StoredValue stored) {
  shared_value_ = SharedValueRef::Make(std::move(stored));
  return {ValueTag::kOutOfLine,
          reinterpret_cast<uintptr_t>(shared_value_.get()),
          {}};
}

size_t SharedValueRefs::MemoryUsage() const {
  size_t memory = refs_.capacity() * sizeof(SharedValueRef);
  for (const SharedValueRef& ref : refs_) memory += ref->memory();
  return memory;
}

PackedValue ValuePacker::Pack(const StoredValue& stored) {
  const Value* const value = std::get_if<Value>(&stored);
  // A computed value is always stored out of line.
  if (value == nullptr) return PackShared(stored);
  const PackedValue packed = PackInline(*value, &bytes_);
  return packed.bytes.size() > kMaxStringInPage ? PackShared(stored) : packed;
}

PackedValue ValuePacker::PackValue(Value* value) {
  const PackedValue packed = PackInline(*value, &bytes_);
  if (packed.bytes.size() <= kMaxStringInPage) return packed;
  return PackShared(std::move(*value));
}

const StoredValue& ValueUnpacker::Unpack(const PackedValue& value) {
  const auto number = static_cast<uint32_t>(value.number);
  switch (value.tag) {
    case ValueTag::kInteger32:
      As<Integer32>(&number_).value = static_cast<int32_t>(number);
      return number_;
    case ValueTag::kCounter32:
      As<Counter32>(&number_).value = number;
      return number_;
    case ValueTag::kCounter64:
      As<Counter64>(&number_).value = value.number;
      return number_;
    case ValueTag::kGauge32:
      As<Gauge32>(&number_).value = number;
      return number_;
    case ValueTag::kTimeTicks:
      As<TimeTicks>(&number_).value = number;
      return number_;
    case ValueTag::kIpAddress:
      std::memcpy(As<IpAddress>(&number_).octets.data(), &number,
                  sizeof number);
      return number_;
    case ValueTag::kObjectIdentifier: {
      arcs_.resize(value.bytes.size());
      size_t used = 0;
      const size_t count = UnpackArcs(value.bytes, arcs_.data(), &used);
      As<ObjectIdentifier>(&oid_).value.Assign({arcs_.data(), count});
      return oid_;
    }
    case ValueTag::kOctetString:
      As<OctetString>(&octets_).bytes.assign(value.bytes.data(),
                                             value.bytes.size());
      return octets_;
    case ValueTag::kOpaque:
      As<Opaque>(&opaque_).bytes.assign(value.bytes.data(), value.bytes.size());
      return opaque_;
    case ValueTag::kOutOfLine:
      break;
  }
  return value.shared_value()->stored_value();
}

}  // namespace passpersist::internal
