// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_TESTING_INDEX_CONFORMANCE_TEST_LIB_H_
#define PASSPERSIST_TABLE_TESTING_INDEX_CONFORMANCE_TEST_LIB_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <random>
#include <tuple>
#include <vector>

#include "absl/status/statusor.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/oid_less.h"

namespace passpersist_testing {

// The contract of IndexPart as tests. To run them on your own part, write
//
//   #include "passpersist/table/testing/index_conformance_test_lib.h"
//
//   namespace passpersist_testing {
//   namespace {
//
//   struct VlanIndex {
//     using Index = Vlan;
//     static std::vector<Vlan> Samples() { return {{1}, {2}, {4094}}; }
//   };
//   INSTANTIATE_TYPED_TEST_SUITE_P(Vlan, IndexConformanceTest, VlanIndex);
//
//   }  // namespace
//   }  // namespace passpersist_testing
//
// in a cc_test with these dependencies:
//
//   "//passpersist/table/testing:index_conformance_test_lib",
//   "@com_google_googletest//:gtest_main",
//
// `Index` is a part or a tuple of parts. Samples() returns values that have an
// encoding, of the type IndexPart<Index>::Value, which needs an operator==.
// Take the least and the greatest values, values of each length, and values
// that resemble each other. All pairs of samples are compared, so keep to some
// hundred. The same sample may come twice.
template <typename Parameter>
class IndexConformanceTest : public testing::Test {
 protected:
  using Index = typename Parameter::Index;
  using Part = passpersist::IndexPart<Index>;
  using Value = typename Part::Value;

  // The encodings of the samples. The test fails if one has none.
  static std::vector<passpersist::Oid> Encodings() {
    std::vector<passpersist::Oid> encodings;
    for (const Value& sample : Parameter::Samples()) {
      const absl::StatusOr<passpersist::Oid> encoding =
          passpersist::IndexCodec<Index>().Encode(sample);
      EXPECT_TRUE(encoding.ok()) << encoding.status();
      encodings.push_back(encoding.value_or(passpersist::Oid()));
    }
    return encodings;
  }

  // Returns false if no value has the encoding `arcs`. The test fails if there
  // is a value that has another encoding.
  static bool Decodes(const passpersist::Oid& arcs) {
    const auto value = passpersist::IndexCodec<Index>().Decode(arcs.arcs());
    if (!value) return false;
    EXPECT_EQ(passpersist::IndexCodec<Index>().Encode(*value).value_or(
                  passpersist::Oid()),
              arcs);
    return true;
  }

  // An arc that is likely to be a limit of something.
  static uint32_t RandomArc(std::mt19937& random) {
    constexpr uint32_t kArcs[] = {0,   1,   2,          3,         97,
                                  255, 256, 2147483648, 4294967295};
    return kArcs[random() % std::size(kArcs)];
  }
};

TYPED_TEST_SUITE_P(IndexConformanceTest);

TYPED_TEST_P(IndexConformanceTest, DecodingReturnsTheEncodedValue) {
  using Index = typename TypeParam::Index;
  const auto samples = TypeParam::Samples();
  const std::vector<passpersist::Oid> encodings = this->Encodings();
  ASSERT_FALSE(samples.empty());
  for (size_t i = 0; i < samples.size(); ++i) {
    EXPECT_GE(encodings[i].size(), passpersist::IndexPart<Index>::kMinArcs);
    const auto decoded =
        passpersist::IndexCodec<Index>().Decode(encodings[i].arcs());
    ASSERT_TRUE(decoded.has_value()) << encodings[i];
    EXPECT_TRUE(*decoded == samples[i]) << encodings[i];
  }
}

TYPED_TEST_P(IndexConformanceTest, OidLessHasTheOrderOfTheEncodings) {
  const auto samples = TypeParam::Samples();
  const std::vector<passpersist::Oid> encodings = this->Encodings();
  const passpersist::OidLess<typename TypeParam::Index> less;
  for (size_t i = 0; i < samples.size(); ++i) {
    for (size_t j = 0; j < samples.size(); ++j) {
      ASSERT_EQ(less(samples[i], samples[j]), encodings[i] < encodings[j])
          << encodings[i] << " and " << encodings[j];
    }
  }
}

TYPED_TEST_P(IndexConformanceTest, NoEncodingIsAPrefixOfAnother) {
  if (passpersist::IndexPart<typename TypeParam::Index>::kImplied) return;
  const std::vector<passpersist::Oid> encodings = this->Encodings();
  for (const passpersist::Oid& longer : encodings) {
    for (const passpersist::Oid& prefix : encodings) {
      ASSERT_FALSE(longer != prefix && longer.StartsWith(prefix))
          << prefix << " and " << longer;
    }
  }
}

// A part of an implied string is another string.
TYPED_TEST_P(IndexConformanceTest, TruncatedAndExtendedIndexesAreNotThere) {
  constexpr bool kImplied =
      passpersist::IndexPart<typename TypeParam::Index>::kImplied;
  std::mt19937 random;
  for (const passpersist::Oid& encoding : this->Encodings()) {
    for (size_t size = 0; size < encoding.size(); ++size) {
      passpersist::Oid truncated = encoding;
      truncated.Truncate(size);
      EXPECT_TRUE(!this->Decodes(truncated) || kImplied) << truncated;
    }
    for (int i = 0; i < 10; ++i) {
      const passpersist::Oid extended =
          Concat(encoding, {this->RandomArc(random)});
      EXPECT_TRUE(!this->Decodes(extended) || kImplied) << extended;
    }
  }
}

TYPED_TEST_P(IndexConformanceTest,
             OtherArcsAreTheEncodingOfTheirValueOrNothing) {
  std::mt19937 random;
  for (const passpersist::Oid& encoding : this->Encodings()) {
    for (size_t i = 0; i < encoding.size(); ++i) {
      std::vector<uint32_t> arcs(encoding.arcs().begin(),
                                 encoding.arcs().end());
      for (const uint32_t arc : {this->RandomArc(random), encoding[i] + 1,
                                 encoding[i] - 1, encoding[i] + 256}) {
        arcs[i] = arc;
        this->Decodes(passpersist::Oid(arcs));
      }
    }
  }
  for (int i = 0; i < 10000; ++i) {
    passpersist::Oid arcs;
    for (size_t size = random() % 8; size > 0; --size) {
      arcs.Append(this->RandomArc(random));
    }
    this->Decodes(arcs);
  }
}

// Decode() takes exactly the arcs of its value, so another part may follow.
TYPED_TEST_P(IndexConformanceTest, StandsBesideOtherParts) {
  using Index = typename TypeParam::Index;
  std::vector<typename passpersist::IndexPart<Index>::Value> samples =
      TypeParam::Samples();
  for (const auto& sample : samples) {
    const passpersist::IndexCodec<std::tuple<uint32_t, Index>> last;
    const absl::StatusOr<passpersist::Oid> after = last.Encode({7, sample});
    ASSERT_TRUE(after.ok()) << after.status();
    const auto decoded = last.Decode(after->arcs());
    ASSERT_TRUE(decoded.has_value()) << *after;
    EXPECT_TRUE(std::get<0>(*decoded) == 7 && std::get<1>(*decoded) == sample)
        << *after;
    if constexpr (!passpersist::IndexPart<Index>::kImplied) {
      const passpersist::IndexCodec<std::tuple<Index, uint32_t>> first;
      const absl::StatusOr<passpersist::Oid> before = first.Encode({sample, 7});
      ASSERT_TRUE(before.ok()) << before.status();
      const auto decoded_first = first.Decode(before->arcs());
      ASSERT_TRUE(decoded_first.has_value()) << *before;
      EXPECT_TRUE(std::get<0>(*decoded_first) == sample &&
                  std::get<1>(*decoded_first) == 7)
          << *before;
    }
  }
}

REGISTER_TYPED_TEST_SUITE_P(IndexConformanceTest,
                            DecodingReturnsTheEncodedValue,
                            OidLessHasTheOrderOfTheEncodings,
                            NoEncodingIsAPrefixOfAnother,
                            TruncatedAndExtendedIndexesAreNotThere,
                            OtherArcsAreTheEncodingOfTheirValueOrNothing,
                            StandsBesideOtherParts);

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TABLE_TESTING_INDEX_CONFORMANCE_TEST_LIB_H_
