// SPDX-License-Identifier: Apache-2.0

// Properties that hold for each kind of index and for random tuples of kinds.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/inet_address.h"
#include "passpersist/table/mac_address.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/table/testing/index_conformance_test_lib.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

enum class Color : int16_t { kRed = 1, kBlue = 300 };

// A type of the application without an order of its own.
struct Vlan {
  uint16_t id = 0;
  friend bool operator==(Vlan a, Vlan b) { return a.id == b.id; }
};

}  // namespace

template <>
struct IndexPart<Vlan> : IndexPartBase<Vlan, 1> {
  static absl::Status Encode(const Vlan& vlan, Oid* out) {
    return IndexPart<uint16_t>::Encode(vlan.id, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, Vlan* vlan) {
    return IndexPart<uint16_t>::Decode(arcs, &vlan->id);
  }
};

namespace {

// --- Random values: short, and near the limits, so that many are alike ---

using Random = std::mt19937;

size_t Below(size_t end, Random& random) { return random() % end; }

uint8_t RandomByte(Random& random) {
  constexpr std::array<uint8_t, 6> kBytes = {0, 1, 97, 127, 128, 255};
  return kBytes[Below(kBytes.size(), random)];
}

std::string RandomBytes(size_t size, Random& random) {
  std::string bytes;
  while (bytes.size() < size) {
    bytes.push_back(static_cast<char>(RandomByte(random)));
  }
  return bytes;
}

uint32_t RandomArc(Random& random) {
  constexpr std::array<uint32_t, 9> kArcs = {
      0, 1, 2, 3, 97, 255, 256, 2147483648, 4294967295};
  return kArcs[Below(kArcs.size(), random)];
}

Oid RandomOid(size_t size, Random& random) {
  Oid oid;
  while (oid.size() < size) oid.Append(RandomArc(random));
  return oid;
}

// Picks the generator by the type of the part.
template <typename P>
struct Type {};

template <
    typename T,
    std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>, bool> = true>
T RandomValue(Type<T>, Random& random) {
  std::optional<T> value;
  while (!value) value = IndexCodec<T>().Decode({RandomArc(random)});
  return *value;
}

std::string RandomValue(Type<std::string>, Random& random) {
  return RandomBytes(Below(4, random), random);
}

std::string RandomValue(Type<ImpliedString>, Random& random) {
  return RandomBytes(1 + Below(3, random), random);
}

template <size_t N>
std::string RandomValue(Type<FixedString<N>>, Random& random) {
  return RandomBytes(N, random);
}

template <size_t N>
std::array<uint8_t, N> RandomValue(Type<std::array<uint8_t, N>>,
                                   Random& random) {
  std::array<uint8_t, N> octets;
  for (uint8_t& octet : octets) octet = RandomByte(random);
  return octets;
}

Oid RandomValue(Type<Oid>, Random& random) {
  return RandomOid(Below(4, random), random);
}

Oid RandomValue(Type<ImpliedOid>, Random& random) {
  return RandomOid(1 + Below(3, random), random);
}

IpAddress RandomValue(Type<IpAddress>, Random& random) {
  return {RandomValue(Type<std::array<uint8_t, 4>>(), random)};
}

MacAddress RandomValue(Type<MacAddress>, Random& random) {
  return {RandomValue(Type<std::array<uint8_t, 6>>(), random)};
}

InetAddress RandomValue(Type<InetAddress>, Random& random) {
  static const std::vector<InetAddress> kForms = {
      {InetAddressType::kUnknown, ""},
      {InetAddressType::kUnknown, "aaa"},
      {InetAddressType::kIpv4, std::string(4, 0)},
      {InetAddressType::kIpv6, std::string(16, 0)},
      {InetAddressType::kIpv4z, std::string(8, 0)},
      {InetAddressType::kIpv6z, std::string(20, 0)},
      {InetAddressType::kDns, "a"},
      {InetAddressType::kDns, "aa"}};
  InetAddress address = kForms[Below(kForms.size(), random)];
  address.bytes = RandomBytes(address.bytes.size(), random);
  return address;
}

Vlan RandomValue(Type<Vlan>, Random& random) {
  return {RandomValue(Type<uint16_t>(), random)};
}

template <typename... Parts>
typename IndexPart<std::tuple<Parts...>>::Value RandomValue(
    Type<std::tuple<Parts...>>, Random& random) {
  return {RandomValue(Type<Parts>(), random)...};
}

// --- Random tuples, chosen by the compiler ---

using InnerParts =
    std::tuple<uint32_t, Color, std::string, Oid, FixedString<2>,
               std::array<uint8_t, 2>, IpAddress, MacAddress, InetAddress, Vlan,
               std::tuple<std::string, int8_t>>;
using LastParts =
    std::tuple<ImpliedString, ImpliedOid, std::string, Oid, InetAddress, int>;

constexpr uint32_t Mix(uint32_t x) {
  x = (x ^ (x >> 16)) * 0x7feb352d;
  x = (x ^ (x >> 15)) * 0x846ca68b;
  return x ^ (x >> 16);
}

template <typename Parts, uint32_t kSeed>
using Pick = std::tuple_element_t<Mix(kSeed) % std::tuple_size_v<Parts>, Parts>;

template <uint32_t kSeed, typename Sequence>
struct RandomTupleOf;
template <uint32_t kSeed, size_t... kParts>
struct RandomTupleOf<kSeed, std::index_sequence<kParts...>> {
  using Type = std::tuple<Pick<InnerParts, 10 * kSeed + kParts>...,
                          Pick<LastParts, 10 * kSeed + sizeof...(kParts)>>;
};

// A tuple of two to four parts.
template <uint32_t kSeed>
using RandomTuple =
    typename RandomTupleOf<kSeed,
                           std::make_index_sequence<1 + Mix(kSeed) % 3>>::Type;

// A parameter of the suite.
template <typename I>
struct RandomIndex {
  using Index = I;
  static std::vector<typename IndexPart<I>::Value> Samples() {
    Random random;
    std::vector<typename IndexPart<I>::Value> samples;
    while (samples.size() < 200) {
      samples.push_back(RandomValue(Type<I>(), random));
    }
    return samples;
  }
};

// The number of pairs of neighbours in an order of C++ that a walk reverses.
template <typename Index>
size_t Reversed() {
  Random random;
  std::vector<typename IndexPart<Index>::Value> values;
  for (int i = 0; i < 1000; ++i) {
    values.push_back(RandomValue(Type<Index>(), random));
  }
  std::sort(values.begin(), values.end());
  size_t reversed = 0;
  for (size_t i = 1; i < values.size(); ++i) {
    if (OidLess<Index>()(values[i], values[i - 1])) ++reversed;
  }
  return reversed;
}

TEST(IndexOrderTest, TheOrderOfCppDiffersWhereALengthComesFirst) {
  EXPECT_GT(Reversed<std::string>(), 0u);
  EXPECT_GT(Reversed<Oid>(), 0u);
  EXPECT_GT((Reversed<std::tuple<uint8_t, std::string>>()), 0u);
  EXPECT_GT((Reversed<std::tuple<std::string, ImpliedString>>()), 0u);
}

TEST(IndexOrderTest, TheOrderOfCppIsTheOrderOfAWalkWithoutALength) {
  EXPECT_EQ(Reversed<uint32_t>(), 0u);
  EXPECT_EQ(Reversed<Color>(), 0u);
  EXPECT_EQ(Reversed<ImpliedString>(), 0u);
  EXPECT_EQ(Reversed<ImpliedOid>(), 0u);
  EXPECT_EQ(Reversed<FixedString<3>>(), 0u);
  EXPECT_EQ((Reversed<std::array<uint8_t, 2>>()), 0u);
}

}  // namespace
}  // namespace passpersist

namespace passpersist_testing {
namespace {

using passpersist::RandomIndex;
using passpersist::RandomTuple;

using Kinds = testing::Types<
    RandomIndex<int8_t>, RandomIndex<uint32_t>, RandomIndex<int64_t>,
    RandomIndex<passpersist::Color>, RandomIndex<std::string>,
    RandomIndex<passpersist::Oid>, RandomIndex<passpersist::FixedString<3>>,
    RandomIndex<std::array<uint8_t, 2>>, RandomIndex<passpersist::IpAddress>,
    RandomIndex<passpersist::MacAddress>, RandomIndex<passpersist::InetAddress>,
    RandomIndex<passpersist::ImpliedString>,
    RandomIndex<passpersist::ImpliedOid>, RandomIndex<passpersist::Vlan>>;
INSTANTIATE_TYPED_TEST_SUITE_P(Kinds, IndexConformanceTest, Kinds);

using Tuples =
    testing::Types<RandomIndex<RandomTuple<1>>, RandomIndex<RandomTuple<2>>,
                   RandomIndex<RandomTuple<3>>, RandomIndex<RandomTuple<4>>,
                   RandomIndex<RandomTuple<5>>, RandomIndex<RandomTuple<6>>,
                   RandomIndex<RandomTuple<7>>, RandomIndex<RandomTuple<8>>,
                   RandomIndex<RandomTuple<9>>, RandomIndex<RandomTuple<10>>,
                   RandomIndex<RandomTuple<11>>, RandomIndex<RandomTuple<12>>>;
INSTANTIATE_TYPED_TEST_SUITE_P(Tuples, IndexConformanceTest, Tuples);

}  // namespace
}  // namespace passpersist_testing
