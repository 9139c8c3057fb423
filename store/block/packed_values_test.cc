// SPDX-License-Identifier: Apache-2.0

#include "store/block/packed_values.h"

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gtest/gtest.h"
#include "passpersist/contents.h"
#include "passpersist/encoding/packed_value.h"
#include "passpersist/oid.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/value.h"
#include "store/block/value_arena.h"

namespace passpersist::store_internal {
namespace {

using passpersist_testing::AllocationCount;

// Packs `values` into a block of its exact size.
class Block {
 public:
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  explicit Block(const std::vector<Value>& values) {
    const std::vector<StoredValue> stored(values.begin(), values.end());
    std::vector<internal::ValuePacker> packers(stored.size());
    std::vector<internal::PackedValue> packed;
    for (size_t i = 0; i < stored.size(); ++i) {
      packed.push_back(packers[i].Pack(stored[i]));
    }
    Write(packed);
  }
  explicit Block(const std::vector<internal::PackedValue>& packed) {
    Write(packed);
  }

  // `old` with some values replaced.
  Block(const Block& old, PackedValues::NewValues changes) {
    EXPECT_TRUE(old.values().KeepsFormWith(changes));
    const PackedValues::Layout layout(old.values(), changes);
    size_ = layout.Size();
    memory_ = std::make_unique<char[]>(size_);
    values_ = old.values().WriteWith(layout, changes, memory_.get());
  }

  ~Block() { values_->~PackedValues(); }

  const PackedValues& values() const { return *values_; }
  size_t size() const { return size_; }

 private:
  void Write(const std::vector<internal::PackedValue>& packed) {
    const PackedValues::Layout layout(packed);
    size_ = layout.Size();
    memory_ = std::make_unique<char[]>(size_);
    values_ = PackedValues::Write(layout, packed, memory_.get());
  }

  size_t size_;
  std::unique_ptr<char[]> memory_;
  const PackedValues* values_;
};

// Writes and reads `values`. Returns the bytes of the block.
size_t SizeAfterARoundTrip(const std::vector<Value>& values) {
  const Block block(values);
  internal::ValueUnpacker unpacker;
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(std::get<Value>(unpacker.Unpack(block.values().Get(i))),
              values[i])
        << ToString(values[i]);
  }
  return block.size();
}

constexpr size_t kHeader = 3;
constexpr size_t kStringsHeader = 4;

TEST(PackedValuesTest, StoresNumbersOfOneTypeWithoutTags) {
  EXPECT_EQ(SizeAfterARoundTrip({Integer32{-1}, Integer32{5}}), kHeader + 8);
  EXPECT_EQ(SizeAfterARoundTrip({Counter32{~0u}, Counter32{5}}), kHeader + 8);
  EXPECT_EQ(SizeAfterARoundTrip({Gauge32{~0u}}), kHeader + 4);
  EXPECT_EQ(SizeAfterARoundTrip({TimeTicks{~0u}}), kHeader + 4);
  EXPECT_EQ(SizeAfterARoundTrip({IpAddress{{10, 0, 0, 255}}}), kHeader + 4);
  EXPECT_EQ(SizeAfterARoundTrip({Counter64{~uint64_t{0}}, Counter64{1}}),
            kHeader + 16);
}

TEST(PackedValuesTest, StoresStringsOfOneTypeWithTheirEnds) {
  EXPECT_EQ(SizeAfterARoundTrip({OctetString{"eth0"}, OctetString{""}}),
            kHeader + kStringsHeader + 2 + 4);
  EXPECT_EQ(SizeAfterARoundTrip({Opaque{"x"}, Opaque::FromFloat(1)}),
            kHeader + kStringsHeader + 2 + 1 + 7);
  EXPECT_EQ(SizeAfterARoundTrip(
                {ObjectIdentifier{{1, 3, 60000}}, ObjectIdentifier{{7}}}),
            kHeader + kStringsHeader + 2 + 6);
}

TEST(PackedValuesTest, StoresSeveralTypesWithATagEach) {
  EXPECT_EQ(SizeAfterARoundTrip(
                {Integer32{-1}, Counter32{2}, Counter64{3}, Gauge32{4},
                 TimeTicks{5}, IpAddress{{1, 2, 3, 4}},
                 ObjectIdentifier{{1, 3}}, OctetString{"abc"}, Opaque{"12"}}),
            kHeader + kStringsHeader + 9 * 2 + 4 * 5 + 8 + 2 + 3 + 2);
}

TEST(PackedValuesTest, StoresManyLongStrings) {
  const std::vector<Value> values(
      200, OctetString{std::string(internal::kMaxStringInPage, 's')});
  SizeAfterARoundTrip(values);
}

// Replaces value `i` of a block of `values` by `next`, and compares the result
// with a block that is made of the new values.
void ExpectReplaces(std::vector<Value> values, size_t i, Value next) {
  const Block old(values);
  const StoredValue stored = next;
  internal::ValuePacker packer;
  const PackedValues::NewValue change = {i, packer.Pack(stored)};
  const Block replaced(old, {&change, 1});
  values[i] = std::move(next);
  internal::ValueUnpacker unpacker;
  for (size_t k = 0; k < values.size(); ++k) {
    EXPECT_EQ(std::get<Value>(unpacker.Unpack(replaced.values().Get(k))),
              values[k]);
  }
  EXPECT_EQ(replaced.size(), Block(values).size());
}

TEST(PackedValuesTest, ReplacesValuesOfTheSameForm) {
  for (const size_t i : {0, 1, 2}) {
    ExpectReplaces({Gauge32{1}, Gauge32{2}, Gauge32{3}}, i, Gauge32{~0u});
    ExpectReplaces({Counter64{1}, Counter64{2}, Counter64{3}}, i,
                   Counter64{~uint64_t{0}});
    ExpectReplaces({OctetString{"a"}, OctetString{"bc"}, OctetString{""}}, i,
                   OctetString{std::string(300, 'x')});
    ExpectReplaces({Gauge32{1}, OctetString{"bc"}, Counter64{3}, Gauge32{2}}, i,
                   Opaque{"abcde"});
  }
}

TEST(PackedValuesTest, DetectsThatAnotherFormIsNeeded) {
  const auto keeps = [](const std::vector<Value>& values, const Value& next) {
    const Block block(values);
    const StoredValue stored = next;
    internal::ValuePacker packer;
    const PackedValues::NewValue change = {0, packer.Pack(stored)};
    return block.values().KeepsFormWith({&change, 1});
  };
  EXPECT_TRUE(keeps({Gauge32{1}, Gauge32{2}}, Gauge32{3}));
  EXPECT_FALSE(keeps({Gauge32{1}, Gauge32{2}}, Counter32{3}));
  EXPECT_FALSE(keeps({OctetString{"a"}}, Opaque{"a"}));
  EXPECT_TRUE(keeps({Gauge32{1}, Counter32{2}}, OctetString{"a"}));
  EXPECT_FALSE(keeps({Gauge32{1}, Counter32{2}}, Counter32{3}));
}

TEST(PackedValueTest, StoresComputedValuesAndLongStringsOutOfLine) {
  const StoredValue values[] = {
      ComputedValue([] { return Integer32{7}; }),
      Value(OctetString{std::string(internal::kMaxStringInPage + 1, 's')}),
      Value(Opaque{std::string(internal::kMaxStringInPage + 1, 's')}),
      Value(ObjectIdentifier{Oid(std::vector<uint32_t>(128, ~0u))})};
  for (const StoredValue& stored : values) {
    internal::ValuePacker packer;
    internal::ValueUnpacker unpacker;
    const internal::PackedValue packed = packer.Pack(stored);
    ASSERT_EQ(packed.tag, internal::ValueTag::kOutOfLine);
    EXPECT_GT(packed.shared_value()->memory(), sizeof(StoredValue));
    const StoredValue& unpacked = unpacker.Unpack(packed);
    EXPECT_EQ(&unpacked, &packed.shared_value()->stored_value());
    if (const auto* const computed = std::get_if<ComputedValue>(&unpacked)) {
      EXPECT_EQ(*(*computed)(), Value(Integer32{7}));
    } else {
      EXPECT_EQ(std::get<Value>(unpacked), std::get<Value>(stored));
    }
  }
}

TEST(SharedValueRefTest, TheLastReferenceDestroysTheValue) {
  const auto resource = std::make_shared<int>(0);
  internal::SharedValueRef first = internal::SharedValueRef::Make(
      ComputedValue([resource] { return Integer32{1}; }));
  EXPECT_EQ(resource.use_count(), 2);
  {
    const internal::SharedValueRef second(first.get());
    internal::SharedValueRef moved = std::move(first);
    EXPECT_EQ(first.get(), nullptr);  // NOLINT(bugprone-use-after-move)
    EXPECT_EQ(second.get(), moved.get());
    // Without an owner in between, as in a page.
    const internal::SharedValue* const address = moved.Release();
    EXPECT_EQ(moved.get(), nullptr);
    first = internal::SharedValueRef::Adopt(address);
    EXPECT_EQ(resource.use_count(), 2);
  }
  EXPECT_EQ(resource.use_count(), 2);
  first = internal::SharedValueRef();
  EXPECT_EQ(resource.use_count(), 1);
}

TEST(PackedValueTest, ThePackerOwnsANewSharedValueUntilItMakesTheNextOne) {
  const auto resource = std::make_shared<int>(0);
  {
    internal::ValuePacker packer;
    packer.Pack(ComputedValue([resource] { return Integer32{1}; }));
    EXPECT_EQ(resource.use_count(), 2);
    packer.Pack(ComputedValue([] { return Integer32{1}; }));
    EXPECT_EQ(resource.use_count(), 1);
    packer.Pack(ComputedValue([resource] { return Integer32{1}; }));
  }
  EXPECT_EQ(resource.use_count(), 1);
}

TEST(PackedValuesTest, ABlockOwnsReferencesToItsSharedValues) {
  const auto resource = std::make_shared<int>(0);
  {
    ValueArena arena;
    std::vector<internal::PackedValue> packed;
    {
      internal::ValuePacker packer;
      for (int i = 0; i < 2; ++i) {
        packed.push_back(arena.Copy(
            packer.Pack(ComputedValue([resource] { return Integer32{1}; }))));
      }
    }
    packed.push_back({internal::ValueTag::kGauge32, 7, {}});
    const Block mixed(packed);
    packed.pop_back();
    const Block shared(packed);
    arena.Clear();
    EXPECT_EQ(resource.use_count(), 3);
    const PackedValues::NewValue change = {
        2, {internal::ValueTag::kGauge32, 8, {}}};
    const Block copy(mixed, {&change, 1});
    EXPECT_EQ(copy.values().Get(1).shared_value(), packed[1].shared_value());
  }
  EXPECT_EQ(resource.use_count(), 1);
}

TEST(PackedValueTest, ReusesTheMemoryThatItHas) {
  const Block block({OctetString{std::string(40, 'a')}, Integer32{1},
                     Opaque{std::string(40, 'b')}, Counter64{2},
                     ObjectIdentifier{Oid(std::vector<uint32_t>(40, 1))}});
  internal::ValueUnpacker unpacker;
  for (size_t i = 0; i < 5; ++i) unpacker.Unpack(block.values().Get(i));
  const size_t before = AllocationCount();
  for (int round = 0; round < 3; ++round) {
    for (size_t i = 0; i < 5; ++i) unpacker.Unpack(block.values().Get(i));
  }
  EXPECT_EQ(AllocationCount(), before);
}

}  // namespace
}  // namespace passpersist::store_internal
