// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/index_codec.h"

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/inet_address.h"
#include "passpersist/table/mac_address.h"
#include "passpersist/testing/status_matchers.h"
#include "passpersist/value.h"

namespace passpersist {
namespace {

using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::HasSubstr;

enum class Color : uint8_t { kRed = 1, kBlue = 200 };

// A type of the application, whose decoder ignores the high bits.
struct Vlan {
  uint16_t id = 0;
};

}  // namespace

template <>
struct IndexPart<Vlan> : IndexPartBase<Vlan, 1> {
  static absl::Status Encode(const Vlan& vlan, Oid* out) {
    return IndexPart<uint16_t>::Encode(vlan.id, out);
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, Vlan* vlan) {
    if (arcs->empty()) return false;
    vlan->id = arcs->front() & 0xfff;
    arcs->remove_prefix(1);
    return true;
  }
};

namespace {

template <typename Index>
void ExpectEncoding(const typename IndexPart<Index>::Value& value,
                    const Oid& arcs) {
  SCOPED_TRACE(arcs.ToString());
  const IndexCodec<Index> codec;
  ASSERT_THAT(codec.Encode(value), IsOk());
  EXPECT_EQ(*codec.Encode(value), arcs);
  const auto decoded = codec.Decode(arcs.arcs());
  ASSERT_TRUE(decoded.has_value());
  EXPECT_TRUE(*decoded == value);
}

template <typename Index>
bool IsIndex(const Oid& arcs) {
  return IndexCodec<Index>().Decode(arcs.arcs()).has_value();
}

// --- Kinds of parts ---

TEST(IndexCodecTest, EncodesANumberAsAnArc) {
  ExpectEncoding<int32_t>(0, {0});
  ExpectEncoding<int32_t>(2147483647, {2147483647});
  ExpectEncoding<uint32_t>(4294967295, {4294967295});
  ExpectEncoding<int64_t>(4294967295, {4294967295});
  ExpectEncoding<uint64_t>(4294967295, {4294967295});
  ExpectEncoding<uint8_t>(255, {255});
  ExpectEncoding<Color>(Color::kBlue, {200});
}

TEST(IndexCodecTest, EncodesAStringAndAnOidAfterTheirLength) {
  ExpectEncoding<std::string>("", {0});
  ExpectEncoding<std::string>("eth0", {4, 101, 116, 104, 48});
  ExpectEncoding<std::string>({"\x00\xff", 2}, {2, 0, 255});
  ExpectEncoding<Oid>({}, {0});
  ExpectEncoding<Oid>({1, 4294967295}, {2, 1, 4294967295});
}

TEST(IndexCodecTest, EncodesImpliedPartsWithoutALength) {
  ExpectEncoding<ImpliedString>("eth0", {101, 116, 104, 48});
  ExpectEncoding<ImpliedOid>({1, 4294967295}, {1, 4294967295});
}

TEST(IndexCodecTest, EncodesAFixedNumberOfBytesWithoutALength) {
  ExpectEncoding<FixedString<2>>("\x80z", {128, 122});
  ExpectEncoding<std::array<uint8_t, 3>>({1, 2, 255}, {1, 2, 255});
  ExpectEncoding<IpAddress>({{10, 0, 0, 255}}, {10, 0, 0, 255});
  ExpectEncoding<MacAddress>({{1, 2, 3, 4, 5, 255}}, {1, 2, 3, 4, 5, 255});
}

TEST(IndexCodecTest, EncodesAnInetAddressAsTwoObjects) {
  ExpectEncoding<InetAddress>(*InetAddress::Parse("10.1.2.3"),
                              {1, 4, 10, 1, 2, 3});
  ExpectEncoding<InetAddress>(
      *InetAddress::Parse("1::2"),
      {2, 16, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2});
  ExpectEncoding<InetAddress>(*InetAddress::Parse("10.1.2.3%9"),
                              {3, 8, 10, 1, 2, 3, 0, 0, 0, 9});
  ExpectEncoding<InetAddress>(
      *InetAddress::Parse("::%256"),
      {4, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0});
  ExpectEncoding<InetAddress>({InetAddressType::kDns, "a"}, {16, 1, 97});
  ExpectEncoding<InetAddress>({}, {0, 0});
  ExpectEncoding<InetAddress>({InetAddressType::kUnknown, "x"}, {0, 1, 120});
}

TEST(IndexCodecTest, EncodesATupleAsItsPartsInOrder) {
  using Index = std::tuple<std::string, int, ImpliedString>;
  ExpectEncoding<Index>({"ab", 7, "c"}, {2, 97, 98, 7, 99});
  using Nested = std::tuple<std::tuple<int, std::string>, Index>;
  ExpectEncoding<Nested>({{1, ""}, {"", 2, "d"}}, {1, 0, 0, 2, 100});
}

TEST(IndexCodecTest, CountsTheFewestArcs) {
  EXPECT_EQ(IndexCodec<int>::kMinArcs, 1u);
  EXPECT_EQ(IndexCodec<MacAddress>::kMinArcs, 6u);
  EXPECT_EQ((IndexCodec<std::tuple<InetAddress, FixedString<3>, std::string,
                                   ImpliedOid>>::kMinArcs),
            7u);
}

// --- Values without an encoding ---

template <typename Index>
absl::Status EncodingError(const typename IndexPart<Index>::Value& value) {
  return IndexCodec<Index>().Encode(value).status();
}

TEST(IndexCodecTest, RefusesNumbersThatAreNotArcs) {
  EXPECT_THAT(EncodingError<int>(-5),
              StatusIs(absl::StatusCode::kOutOfRange,
                       "-5 is not a table index: 0..4294967295"));
  EXPECT_THAT(EncodingError<uint64_t>(4294967296),
              StatusIs(absl::StatusCode::kOutOfRange,
                       "4294967296 is not a table index: 0..4294967295"));
}

TEST(IndexCodecTest, RefusesValuesOfAWrongSize) {
  constexpr auto kInvalid = absl::StatusCode::kInvalidArgument;
  EXPECT_THAT(EncodingError<FixedString<2>>("abc"),
              StatusIs(kInvalid,
                       "an index of 2 bytes is expected, not the 3 of "
                       "\"abc\""));
  EXPECT_THAT(EncodingError<ImpliedString>(""),
              StatusIs(kInvalid, "an implied index cannot be empty"));
  EXPECT_THAT(EncodingError<ImpliedOid>({}),
              StatusIs(kInvalid, "an implied index cannot be empty"));
  EXPECT_THAT(EncodingError<InetAddress>({InetAddressType::kIpv6, "abcd"}),
              StatusIs(kInvalid,
                       "an InetAddress of type 2 cannot have the 4 bytes "
                       "\"abcd\""));
  EXPECT_THAT(EncodingError<InetAddress>({InetAddressType::kDns, ""}),
              StatusIs(kInvalid, HasSubstr("type 16")));
}

TEST(IndexCodecTest, NamesThePartThatHasNoEncoding) {
  EXPECT_THAT((EncodingError<std::tuple<int, std::string, int>>({1, "", -1})),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("part 3 of the index: -1 is not a")));
}

TEST(IndexCodecTest, ReusesTheMemoryOfAnIndexAlsoAfterAnError) {
  const IndexCodec<std::tuple<int, int>> codec;
  Oid index;
  EXPECT_THAT(codec.Encode({1, -1}, &index), testing::Not(IsOk()));
  EXPECT_THAT(codec.Encode({1, 2}, &index), IsOk());
  EXPECT_EQ(index, (Oid{1, 2}));
}

// A codec of the application that encodes a number as as many arcs.
struct Unary {
  uint32_t number = 0;
};

}  // namespace

template <>
struct IndexPart<Unary> : IndexPartBase<Unary, 1, /*kIsImplied=*/true> {
  static absl::Status Encode(const Unary& unary, Oid* out) {
    for (uint32_t i = 0; i < unary.number; ++i) out->Append(1);
    return absl::OkStatus();
  }
  static bool Decode(absl::Span<const uint32_t>* arcs, Unary* unary) {
    unary->number = static_cast<uint32_t>(arcs->size());
    *arcs = {};
    return true;
  }
};

namespace {

TEST(IndexCodecTest, AnIndexHasAtLeastOneArc) {
  EXPECT_TRUE(IsIndex<Unary>({1}));
  EXPECT_FALSE(IsIndex<Unary>({}));
  EXPECT_THAT(EncodingError<Unary>(Unary{0}),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "an index has at least one arc"));
}

// --- The length of a name ---

TEST(IndexCodecTest, AnIndexHasTheArcsThatTheTableLeaves) {
  const IndexCodec<std::string> codec(/*arcs_before=*/10);
  const std::string longest(117, 'x');
  const auto index = codec.Encode(longest);
  ASSERT_THAT(index, IsOk());
  EXPECT_EQ(index->size(), 118u);
  EXPECT_EQ(codec.Decode(index->arcs()), longest);

  EXPECT_THAT(codec.Encode(longest + "x"),
              StatusIs(absl::StatusCode::kOutOfRange,
                       HasSubstr("a name has 129 arcs, more than 128")));
  const auto too_long = IndexCodec<std::string>().Encode(longest + "x");
  EXPECT_EQ(codec.Decode(too_long->arcs()), std::nullopt);
}

TEST(IndexCodecTest, DoesNotEncodeWhatIsLongerThanAnyName) {
  const std::string bytes(1000000, 'x');
  EXPECT_THAT(EncodingError<std::string>(bytes),
              StatusIs(absl::StatusCode::kOutOfRange,
                       "a value of 1000000 arcs is longer than a name, which "
                       "has at most 128"));
  EXPECT_THAT(EncodingError<ImpliedString>(bytes),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("1000000")));
  EXPECT_THAT(EncodingError<Oid>(Oid(std::vector<uint32_t>(129))),
              StatusIs(absl::StatusCode::kOutOfRange, HasSubstr("129 arcs")));
}

// --- Arcs that are not an index ---

TEST(IndexCodecTest, ANumberIsNotMoreThanItsTypeCanHold) {
  EXPECT_TRUE(IsIndex<int32_t>({2147483647}));
  EXPECT_FALSE(IsIndex<int32_t>({2147483648}));
  EXPECT_TRUE(IsIndex<int8_t>({127}));
  EXPECT_FALSE(IsIndex<int8_t>({128}));
  EXPECT_FALSE(IsIndex<Color>({256}));
  EXPECT_TRUE(IsIndex<uint64_t>({4294967295}));
}

TEST(IndexCodecTest, AnArcAbove255IsNotAByte) {
  EXPECT_FALSE(IsIndex<std::string>({1, 256}));
  EXPECT_FALSE(IsIndex<ImpliedString>({97, 4294967295}));
  EXPECT_FALSE(IsIndex<FixedString<1>>({256}));
  EXPECT_FALSE(IsIndex<IpAddress>({10, 0, 256, 1}));
  EXPECT_FALSE(IsIndex<MacAddress>({0, 0, 0, 0, 0, 353}));
  EXPECT_FALSE(IsIndex<InetAddress>({1, 4, 10, 0, 0, 256}));
}

TEST(IndexCodecTest, ALengthIsThatOfTheArcsThatFollow) {
  EXPECT_FALSE(IsIndex<std::string>({}));
  EXPECT_FALSE(IsIndex<std::string>({2, 97}));
  EXPECT_FALSE(IsIndex<std::string>({1, 97, 98}));
  EXPECT_FALSE(IsIndex<std::string>({4294967295, 97}));
  EXPECT_FALSE(IsIndex<Oid>({4294967295}));
  EXPECT_FALSE(IsIndex<Oid>({0, 0}));
}

TEST(IndexCodecTest, AnInetAddressHasAKnownTypeAndItsSize) {
  EXPECT_FALSE(IsIndex<InetAddress>({5, 4, 10, 0, 0, 1}));
  EXPECT_FALSE(IsIndex<InetAddress>({2, 4, 10, 0, 0, 1}));
  EXPECT_FALSE(IsIndex<InetAddress>({16, 0}));
  EXPECT_FALSE(IsIndex<InetAddress>({4294967295, 4, 10, 0, 0, 1}));
}

TEST(IndexCodecTest, AnImpliedPartIsNotEmpty) {
  EXPECT_FALSE(IsIndex<ImpliedString>({}));
  EXPECT_FALSE(IsIndex<ImpliedOid>({}));
  EXPECT_FALSE((IsIndex<std::tuple<int, ImpliedString>>({1})));
}

TEST(IndexCodecTest, ADecoderOfTheApplicationNeedsNotBeStrict) {
  const IndexCodec<std::tuple<Vlan, int>> codec;
  EXPECT_EQ(std::get<0>(*codec.Decode({4095, 1})).id, 4095);
  EXPECT_FALSE(codec.Decode({4096, 1}).has_value());
  EXPECT_FALSE(codec.Decode({8191, 1}).has_value());
}

}  // namespace
}  // namespace passpersist
