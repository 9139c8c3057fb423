// SPDX-License-Identifier: Apache-2.0

// IndexCodec::LowerBound() and UpperBound(), compared with searches in sorted
// lists of indexes.

#include "passpersist/table/index_search.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/inet_address.h"
#include "passpersist/table/mac_address.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

// Types of the application with few values: 2, 3, 4; and even numbers to 8,
// whose search is a function of its own.
struct Tiny {
  uint32_t number = 0;
};
struct Even {
  uint32_t number = 0;
};

enum class Color : int8_t { kRed = 1 };

}  // namespace

template <>
struct IndexPart<Tiny> : IndexPartBase<Tiny, 1> {
  static absl::Status Encode(const Tiny& tiny, Oid* out) {
    if (tiny.number < 2 || tiny.number > 4) {
      return absl::InvalidArgumentError("not tiny");
    }
    return IndexPart<uint32_t>::Encode(tiny.number, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, Tiny* tiny) {
    return IndexPart<uint32_t>::Decode(arcs, &tiny->number);
  }
};
template <>
struct IndexSearch<Tiny> : NumberSearch<2, 4> {};

template <>
struct IndexPart<Even> : IndexPartBase<Even, 1> {
  static absl::Status Encode(const Even& even, Oid* out) {
    if (even.number > 8 || even.number % 2 != 0) {
      return absl::InvalidArgumentError("not even");
    }
    return IndexPart<uint32_t>::Encode(even.number, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, Even* even) {
    return IndexPart<uint32_t>::Decode(arcs, &even->number);
  }
};
template <>
struct IndexSearch<Even> {
  static bool LowerBound(const IndexBound& bound, Oid* out) {
    uint64_t number = 0;
    if (!bound.arcs.empty()) number = bound.arcs[0];
    if (!bound.arcs.empty() && bound.exclusive) ++number;
    number += number % 2;
    if (bound.max_arcs == 0 || number > 8) return false;
    out->Append(static_cast<uint32_t>(number));
    return true;
  }
};

namespace {

using Random = std::mt19937;

size_t Below(size_t end, Random& random) { return random() % end; }

// --- All encodings of a part ---

using Indexes = std::vector<Oid>;

Indexes Numbers(uint32_t least, uint32_t greatest, uint32_t step = 1) {
  Indexes indexes;
  for (uint32_t number = least; number <= greatest; number += step) {
    indexes.push_back({number});
  }
  return indexes;
}

// Each of `a` followed by each of `b`, without those of more than `max_arcs`.
Indexes Product(const Indexes& a, const Indexes& b, size_t max_arcs) {
  Indexes indexes;
  for (const Oid& first : a) {
    for (const Oid& second : b) {
      if (first.size() + second.size() > max_arcs) continue;
      indexes.push_back(Concat(first, second));
    }
  }
  return indexes;
}

Indexes Union(Indexes a, const Indexes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

Indexes Fixed(size_t size) {
  if (size == 0) return {{}};
  return Product(Fixed(size - 1), Numbers(0, 255), size);
}

// With `least` to `greatest` bytes.
Indexes Counted(uint32_t least, uint32_t greatest) {
  Indexes indexes;
  for (uint32_t size = least; size <= greatest; ++size) {
    indexes = Union(std::move(indexes),
                    Product({{size}}, Fixed(size), Oid::kMaxArcs));
  }
  return indexes;
}

Indexes Implied(size_t greatest) {
  Indexes indexes;
  for (size_t size = 1; size <= greatest; ++size) {
    indexes = Union(std::move(indexes), Fixed(size));
  }
  return indexes;
}

// Without addresses of four bytes and more.
Indexes InetAddresses(uint32_t greatest) {
  return Union(Product({{0}}, Counted(0, greatest), Oid::kMaxArcs),
               Product({{16}}, Counted(1, greatest), Oid::kMaxArcs));
}

// --- Random arcs ---

uint32_t RandomArc(Random& random) {
  constexpr std::array<uint32_t, 14> kArcs = {
      0, 1, 2, 3, 4, 5, 16, 127, 128, 254, 255, 256, 300, 4294967295};
  return kArcs[Below(kArcs.size(), random)];
}

// Mostly near an index: cut off, extended, with other arcs.
Oid RandomArcs(const Indexes& indexes, Random& random) {
  Oid arcs;
  if (Below(4, random) != 0) arcs = indexes[Below(indexes.size(), random)];
  if (Below(4, random) == 0) arcs.Truncate(Below(arcs.size() + 1, random));
  if (Below(3, random) == 0 && !arcs.empty()) {
    const size_t changed = Below(arcs.size(), random);
    const uint32_t near = arcs[changed] + (Below(2, random) == 0 ? 1 : -1);
    Oid other(arcs.arcs().first(changed));
    other.Append(Below(2, random) == 0 ? near : RandomArc(random));
    other.Append(arcs.ArcsFrom(changed + 1));
    arcs = other;
  }
  for (size_t more = Below(4, random) == 0 ? Below(6, random) : 0; more > 0;
       --more) {
    arcs.Append(RandomArc(random));
  }
  return arcs;
}

// The index of a value, if there is one.
template <typename Index>
std::optional<Oid> IndexOf(
    const IndexCodec<Index>& codec,
    const std::optional<typename IndexPart<Index>::Value>& value) {
  if (!value) return std::nullopt;
  return codec.Encode(*value).value();
}

// Compares the search for random arcs with that in `indexes`, which are all
// that have at most `max_arcs` arcs.
template <typename Index>
void ExpectSearch(size_t max_arcs, Indexes indexes, int searches = 20000) {
  const IndexCodec<Index> codec(Oid::kMaxArcs - max_arcs);
  std::sort(indexes.begin(), indexes.end());
  const auto index_at = [&](Indexes::const_iterator position) {
    return position == indexes.end() ? std::nullopt : std::optional(*position);
  };
  Random random;
  for (int i = 0; i < searches; ++i) {
    const Oid arcs = RandomArcs(indexes, random);
    ASSERT_EQ(IndexOf(codec, codec.LowerBound(arcs.arcs())),
              index_at(std::lower_bound(indexes.begin(), indexes.end(), arcs)))
        << arcs;
    ASSERT_EQ(IndexOf(codec, codec.UpperBound(arcs.arcs())),
              index_at(std::upper_bound(indexes.begin(), indexes.end(), arcs)))
        << arcs;
  }
}

TEST(IndexSearchTest, FindsNumbers) {
  ExpectSearch<uint8_t>(1, Numbers(0, 255));
  ExpectSearch<int8_t>(3, Numbers(0, 127));
  ExpectSearch<Color>(3, Numbers(0, 127));
  ExpectSearch<Tiny>(1, Numbers(2, 4));
  ExpectSearch<Even>(2, Numbers(0, 8, 2));
}

TEST(IndexSearchTest, FindsStrings) {
  ExpectSearch<std::string>(1, Counted(0, 0));
  ExpectSearch<std::string>(3, Counted(0, 2));
  ExpectSearch<ImpliedString>(1, Implied(1));
  ExpectSearch<ImpliedString>(2, Implied(2));
  ExpectSearch<FixedString<2>>(5, Fixed(2));
  ExpectSearch<std::array<uint8_t, 1>>(5, Fixed(1));
}

TEST(IndexSearchTest, FindsInetAddresses) {
  ExpectSearch<InetAddress>(2, InetAddresses(0));
  ExpectSearch<InetAddress>(3, InetAddresses(1));
  ExpectSearch<InetAddress>(4, InetAddresses(2));
}

TEST(IndexSearchTest, FindsTuples) {
  const Indexes tiny = Numbers(2, 4);
  ExpectSearch<std::tuple<Tiny>>(2, tiny);
  ExpectSearch<std::tuple<Tiny, Tiny, Even>>(
      4, Product(Product(tiny, tiny, 2), Numbers(0, 8, 2), 3));
  ExpectSearch<std::tuple<std::string, std::string>>(
      3, Product(Counted(0, 1), Counted(0, 1), 3));
  ExpectSearch<std::tuple<std::string, ImpliedString>>(
      3, Product(Counted(0, 1), Implied(2), 3));
  ExpectSearch<std::tuple<uint8_t, FixedString<1>>>(
      2, Product(Numbers(0, 255), Fixed(1), 2));
  ExpectSearch<std::tuple<FixedString<0>, Tiny>>(2, tiny);
}

TEST(IndexSearchTest, FindsTuplesOfANumberAndAString) {
  ExpectSearch<std::tuple<Tiny, std::string>>(
      4, Product(Numbers(2, 4), Counted(0, 2), 4), 100000);
}

TEST(IndexSearchTest, FindsTuplesOfAStringAndANumber) {
  ExpectSearch<std::tuple<std::string, Tiny>>(
      4, Product(Counted(0, 2), Numbers(2, 4), 4), 100000);
}

TEST(IndexSearchTest, FindsTuplesOfANumberAndAnImpliedString) {
  ExpectSearch<std::tuple<Tiny, ImpliedString>>(
      3, Product(Numbers(2, 4), Implied(2), 3), 100000);
}

TEST(IndexSearchTest, FindsTuplesWithInetAddresses) {
  ExpectSearch<std::tuple<InetAddress, Tiny>>(
      4, Product(InetAddresses(1), Numbers(2, 4), 4));
  ExpectSearch<std::tuple<Tiny, InetAddress>>(
      4, Product(Numbers(2, 4), InetAddresses(1), 4));
  ExpectSearch<std::tuple<InetAddress, ImpliedString>>(
      4, Product(InetAddresses(1), Implied(2), 4));
}

TEST(IndexSearchTest, FindsNestedTuples) {
  const Indexes tiny = Numbers(2, 4);
  ExpectSearch<std::tuple<std::tuple<Tiny, std::string>, Tiny>>(
      4, Product(Product(tiny, Counted(0, 1), 3), tiny, 4));
  ExpectSearch<std::tuple<Tiny, std::tuple<std::string, std::tuple<Tiny>>>>(
      4, Product(tiny, Product(Counted(0, 1), tiny, 3), 4));
  ExpectSearch<std::tuple<std::tuple<std::string>, std::tuple<ImpliedString>>>(
      3, Product(Counted(0, 1), Implied(2), 3));
}

// --- Parts with more values than a list can hold ---

// Checks searches against the indexes of random values and against each other:
// every index that was ever seen is in a list, so that an index which is not
// the least is noticed when the least is.
template <typename Index>
void ExpectLeast(const std::vector<typename IndexPart<Index>::Value>& values,
                 size_t max_arcs = Oid::kMaxArcs) {
  const IndexCodec<Index> codec(Oid::kMaxArcs - max_arcs);
  Indexes seen;
  for (const auto& value : values) {
    seen.push_back(codec.Encode(value).value());
  }
  struct Search {
    Oid arcs;
    bool exclusive;
    std::optional<Oid> found;
  };
  std::vector<Search> searches;
  Random random;
  for (int i = 0; i < 20000; ++i) {
    Search search = {RandomArcs(seen, random), Below(2, random) == 0, {}};
    const auto found = search.exclusive ? codec.UpperBound(search.arcs.arcs())
                                        : codec.LowerBound(search.arcs.arcs());
    if (found) {
      search.found = codec.Encode(*found).value();
      seen.push_back(*search.found);
      ASSERT_EQ(*search.found < search.arcs, false);
      ASSERT_TRUE(!search.exclusive || *search.found != search.arcs);
    }
    searches.push_back(search);
  }
  std::sort(seen.begin(), seen.end());
  for (const Search& search : searches) {
    const auto least =
        search.exclusive
            ? std::upper_bound(seen.begin(), seen.end(), search.arcs)
            : std::lower_bound(seen.begin(), seen.end(), search.arcs);
    ASSERT_EQ(search.found.has_value(), least != seen.end()) << search.arcs;
    if (search.found) {
      ASSERT_EQ(*search.found, *least)
          << search.arcs << (search.exclusive ? ", exclusive" : "");
    }
  }
}

TEST(IndexSearchTest, FindsTheLeastOfLargeNumbers) {
  ExpectLeast<int32_t>({0, 300, 2147483647});
  ExpectLeast<uint32_t>({0, 300, 4294967295});
  ExpectLeast<int64_t>({0, 300, 4294967295});
  ExpectLeast<uint64_t>({0, 300, 4294967295});
}

TEST(IndexSearchTest, FindsTheLeastOidsAndAddresses) {
  ExpectLeast<Oid>({{}, {1, 4294967295}, {4294967295, 4294967295}}, 4);
  ExpectLeast<Oid>({{}, {1, 3}, {4294967295}});
  ExpectLeast<ImpliedOid>({{1}, {1, 4294967295, 4294967295}, {4294967295}}, 3);
  ExpectLeast<IpAddress>({{{10, 0, 0, 1}}, {{10, 0, 255, 255}}});
  ExpectLeast<MacAddress>({{{1, 2, 3, 255, 255, 255}}, {{255, 255, 0, 0, 0}}});
  std::vector<InetAddress> addresses = {
      {InetAddressType::kUnknown, ""},
      {InetAddressType::kUnknown, "abcd"},
      {InetAddressType::kIpv4, "abc\xff"},
      {InetAddressType::kIpv4z, std::string(8, '\xff')},
      {InetAddressType::kIpv6, std::string(16, '\xff')},
      {InetAddressType::kIpv6z, std::string(20, 'a')},
      {InetAddressType::kDns, "a"},
      {InetAddressType::kDns, "abcd\xff"}};
  ExpectLeast<InetAddress>(addresses);
  // There is no room for the addresses of zones.
  addresses.erase(addresses.begin() + 5);
  ExpectLeast<InetAddress>(addresses, 18);
  ExpectLeast<std::tuple<InetAddress, uint32_t, ImpliedOid>>(
      {{addresses[0], 0, {1}},
       {addresses[2], 300, {1, 2}},
       {addresses.back(), 4294967295, {4294967295, 4294967295}}},
      20);
}

// --- Limits ---

TEST(IndexSearchTest, FindsTheLongestIndexThatANameHasRoomFor) {
  const IndexCodec<std::string> codec(/*arcs_before=*/10);
  // 117 bytes and their number.
  const std::string longest(117, '\xff');
  Oid before = EncodeString(longest);
  before.Truncate(before.size() - 1);
  before.Append(254);
  EXPECT_EQ(codec.UpperBound(before.arcs()), longest);
  EXPECT_EQ(codec.UpperBound(EncodeString(longest).arcs()), std::nullopt);
  EXPECT_EQ(codec.LowerBound({118}), std::nullopt);
  EXPECT_EQ(codec.LowerBound({117}), std::string(117, '\0'));
}

TEST(IndexSearchTest, FindsNothingIfANameHasNoRoom) {
  for (const size_t arcs_before : {127, 128, 129}) {
    const IndexCodec<std::tuple<int, int>> codec(arcs_before);
    EXPECT_FALSE(codec.LowerBound({}).has_value());
    EXPECT_FALSE(codec.UpperBound({1, 2}).has_value());
  }
}

template <typename P>
void ExpectNoRoom(size_t max_arcs) {
  Oid out = {7};
  EXPECT_FALSE(IndexSearch<P>::LowerBound({{}, false, max_arcs}, &out));
  EXPECT_EQ(out, Oid({7}));
  EXPECT_TRUE(IndexSearch<P>::LowerBound({{}, false, max_arcs + 1}, &out));
  EXPECT_EQ(out.size(), 1 + max_arcs + 1);
}

TEST(IndexSearchTest, APartNeedsRoomForItsLeastArcs) {
  ExpectNoRoom<int>(0);
  ExpectNoRoom<std::string>(0);
  ExpectNoRoom<ImpliedString>(0);
  ExpectNoRoom<FixedString<3>>(2);
  ExpectNoRoom<MacAddress>(5);
  ExpectNoRoom<InetAddress>(1);
  ExpectNoRoom<std::tuple<std::string, FixedString<3>>>(3);
}

TEST(IndexSearchTest, FindsWhatFollowsArcsThatAreNotAnIndex) {
  EXPECT_EQ(IndexCodec<std::string>().LowerBound({}), "");
  EXPECT_EQ(IndexCodec<std::string>().LowerBound({2, 97}),
            std::string("a\0", 2));
  EXPECT_EQ(IndexCodec<std::string>().LowerBound({2, 97, 300}),
            std::string("b\0", 2));
  EXPECT_EQ(IndexCodec<std::string>().UpperBound({1, 255}),
            std::string("\0\0", 2));
}

}  // namespace
}  // namespace passpersist
