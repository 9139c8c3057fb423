// SPDX-License-Identifier: Apache-2.0

#include "passpersist/encoding/oid_encoding.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"

namespace passpersist::internal {
namespace {

constexpr uint32_t kMaxArc = std::numeric_limits<uint32_t>::max();

// Arcs on both sides of each boundary between two forms of the encoding.
const std::vector<uint32_t>& EdgeArcs() {
  static const auto* const kArcs = new std::vector<uint32_t>{
      0,     1,     127,      128,      247,        248,        249,
      503,   504,   1271,     1272,     1273,       65535,      66807,
      66808, 66809, 16844023, 16844024, 0x7fffffff, 0x80000000, kMaxArc};
  return *kArcs;
}

std::string Pack(const Oid& oid) {
  return std::string(EncodedOid(oid).bytes());
}

Oid Unpack(absl::string_view bytes) {
  std::vector<uint32_t> arcs(bytes.size());
  size_t used = 0;
  arcs.resize(UnpackArcs(bytes, arcs.data(), &used));
  EXPECT_EQ(used, bytes.size());
  return Oid(arcs);
}

TEST(EncodedOidTest, TakesOneByteForASmallArc) {
  EXPECT_EQ(Pack({}), "");
  EXPECT_EQ(Pack({1, 247}), "\x01\xf7");
  EXPECT_EQ(Pack({248}), std::string("\xf8\x00", 2));
  EXPECT_EQ(Pack({1271}), "\xfb\xff");
  EXPECT_EQ(Pack({1272}), std::string("\xfc\x00\x00", 3));
  EXPECT_EQ(Pack({66808}), std::string("\xfd\x00\x00\x00", 4));
  EXPECT_EQ(Pack({16844024}), std::string("\xfe\x00\x00\x00\x00", 5));
}

TEST(EncodedOidTest, UnpacksEveryOid) {
  for (const uint32_t a : EdgeArcs()) {
    EXPECT_EQ(Unpack(Pack({a})), Oid({a}));
    for (const uint32_t b : EdgeArcs()) {
      EXPECT_EQ(Unpack(Pack({a, b, 0})), Oid({a, b, 0}));
    }
  }
  const Oid longest(std::vector<uint32_t>(Oid::kMaxArcs, kMaxArc));
  EXPECT_EQ(Unpack(Pack(longest)), longest);
}

TEST(EncodedOidTest, KeepsTheOrderOfOids) {
  std::vector<Oid> oids = {{}};
  for (const uint32_t a : EdgeArcs()) {
    oids.push_back({a});
    for (const uint32_t b : EdgeArcs()) oids.push_back({a, b});
  }
  std::sort(oids.begin(), oids.end());
  for (size_t i = 1; i < oids.size(); ++i) {
    EXPECT_LT(Pack(oids[i - 1]), Pack(oids[i])) << oids[i - 1] << oids[i];
  }
}

TEST(EncodedOidTest, KeepsTheOrderOfRandomOids) {
  std::mt19937 random(42);
  const auto any = [&] {
    Oid oid;
    for (size_t size = random() % 4; size > 0; --size) {
      oid.Append(random() >> random() % 32);
    }
    return oid;
  };
  for (int i = 0; i < 10000; ++i) {
    const Oid a = any();
    const Oid b = any();
    ASSERT_EQ(a < b, Pack(a) < Pack(b)) << a << " " << b;
    ASSERT_EQ(Unpack(Pack(a)), a);
  }
}

TEST(EncodedOidTest, IsAPrefixExactlyIfTheOidIsAPrefix) {
  for (const uint32_t a : EdgeArcs()) {
    for (const uint32_t b : EdgeArcs()) {
      const std::string pair = Pack({a, b});
      EXPECT_EQ(pair.substr(0, Pack({a}).size()), Pack({a}));
      EXPECT_EQ(a == b, Pack({b}) == pair.substr(0, Pack({b}).size()));
    }
  }
}

TEST(EncodedOidTest, LeavesOutAnArcThatIsCutOff) {
  const std::string bytes = Pack({5, 300, kMaxArc});
  uint32_t arcs[8];
  size_t used = 0;
  EXPECT_EQ(UnpackArcs(bytes.substr(0, 2), arcs, &used), 1);
  EXPECT_EQ(used, 1);
  EXPECT_EQ(UnpackArcs(bytes.substr(0, bytes.size() - 1), arcs, &used), 2);
  EXPECT_EQ(used, 3);
}

// Random arcs; one in `rarity` is large on average.
Oid RandomOid(size_t size, uint32_t rarity, std::mt19937* random) {
  Oid oid;
  while (oid.size() < size) {
    const bool is_large = (*random)() % rarity == 0;
    oid.Append(static_cast<uint32_t>(is_large ? (*random)() >> (*random)() % 25
                                              : (*random)() % 248));
  }
  return oid;
}

TEST(EncodedOidTest, UnpacksWholeArcsWhateverBytesFollow) {
  std::mt19937 random(7);
  for (const uint32_t rarity : {1, 3, 10, 1000}) {
    for (size_t i = 0; i < 4000; ++i) {
      const Oid oid = RandomOid(random() % 40, rarity, &random);
      std::string bytes = Pack(oid);
      const size_t lead_size =
          std::min(bytes.size(), i % (sizeof(uint64_t) + 1));
      char lead[sizeof(uint64_t)] = {};
      bytes.copy(lead, lead_size);
      const size_t size = bytes.size() - lead_size;
      bytes.append(kArcsSlack, i % 2 == 0 ? '\xff' : '\0');
      std::vector<uint32_t> arcs(lead_size + size + kArcsSlack);
      const size_t count =
          UnpackWholeArcs(LoadWord(lead), lead_size,
                          {bytes.data() + lead_size, size}, arcs.data());
      ASSERT_EQ(Oid(absl::MakeConstSpan(arcs.data(), count)), oid);
    }
  }
}

TEST(EncodedOidTest, KnowsItsArcsAndNoOthers) {
  std::vector<Oid> oids = {Oid()};
  for (const uint32_t arc : {0U, 7U, 247U, 248U, 255U, 1271U, 70000U, ~0U}) {
    for (const size_t before : {0, 3, 7, 8, 9, 20}) {
      Oid oid;
      for (size_t i = 0; i < before; ++i) oid.Append(1);
      oid.Append(arc);
      oids.push_back(oid);
      oid.Append(std::initializer_list<uint32_t>{1, 1, 1, 1, 1, 1, 1, 1, 1});
      oids.push_back(oid);
    }
  }
  for (const Oid& a : oids) {
    const EncodedOid encoded(a);
    for (const Oid& b : oids) {
      EXPECT_EQ(ArePackedArcs(b.arcs(), encoded.bytes()), a == b)
          << a.ToString() << ' ' << b.ToString();
    }
  }
}

TEST(EncodedOidTest, EncodesMoreArcsThanTheStandardAllows) {
  const Oid oid(std::vector<uint32_t>(1000, kMaxArc));
  EncodedOid key(oid);
  EXPECT_EQ(Unpack(key.bytes()), oid);
  key.Assign({1});
  EXPECT_EQ(key.bytes(), "\x01");
}

TEST(EncodedOidTest, SeparatesByTheShortestPrefix) {
  EXPECT_EQ(ShortestSeparator("abc", "abd"), "abd");
  EXPECT_EQ(ShortestSeparator("abc", "bcd"), "b");
  EXPECT_EQ(ShortestSeparator("ab", "abcd"), "abc");
  EXPECT_EQ(ShortestSeparator("", "xy"), "x");
}

TEST(EncodedOidTest, SharesWholeArcsOnly) {
  EXPECT_EQ(SharedArcsSize(Pack({1, 2, 3}), Pack({1, 2, 4})), 2u);
  EXPECT_EQ(SharedArcsSize(Pack({1, 2}), Pack({1, 2, 4})), 2u);
  EXPECT_EQ(SharedArcsSize(Pack({}), Pack({1})), 0u);
  // .5000 and .5001 begin with the same two of three bytes.
  EXPECT_EQ(SharedArcsSize(Pack({1, 5000}), Pack({1, 5001})), 1u);
  EXPECT_EQ(SharedArcsSize(Pack({5000, 1}), Pack({5000, 2})), 3u);
  EXPECT_EQ(SharedArcsSize(Pack({kMaxArc, 1}), Pack({kMaxArc, 1})), 6u);
}

}  // namespace
}  // namespace passpersist::internal
