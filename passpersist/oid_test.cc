// SPDX-License-Identifier: Apache-2.0

#include "passpersist/oid.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <random>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/hash/hash_testing.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/encoding/oid_access.h"
#include "passpersist/testing/allocation_count.h"
#include "passpersist/testing/status_matchers.h"

namespace passpersist {
namespace {

using passpersist_testing::AllocationCount;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::AllOf;
using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;

// Returns 1.2.3. … .arcs
Oid Counting(uint32_t arcs) {
  std::vector<uint32_t> numbers(arcs);
  std::iota(numbers.begin(), numbers.end(), 1);
  return Oid(numbers);
}

// --- Text ---

TEST(OidTest, ParsesWithAndWithoutTheLeadingDot) {
  EXPECT_EQ(Oid::Parse(".1.3.6.1").value(), (Oid{1, 3, 6, 1}));
  EXPECT_EQ(Oid::Parse("1.3.6.1").value(), (Oid{1, 3, 6, 1}));
  EXPECT_EQ(Oid::Parse("7").value(), Oid{7});
  EXPECT_EQ(Oid::Parse(".0").value(), Oid{0});
}

TEST(OidTest, ParsesTheLargestArcAndRefusesTheNextNumber) {
  EXPECT_EQ(Oid::Parse(".1.4294967295").value(), (Oid{1, 4294967295}));
  EXPECT_THAT(Oid::Parse(".1.4294967296"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "invalid OID \".1.4294967296\": arc over 4294967295 at "
                       "character 4"));
  EXPECT_THAT(Oid::Parse("18446744073709551617.1"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr("arc over 4294967295"),
                             HasSubstr("at character 1"))));
}

TEST(OidTest, RefusesAnEmptyArcAndNamesThePosition) {
  EXPECT_THAT(Oid::Parse("1..2"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "invalid OID \"1..2\": empty arc at character 3"));
  EXPECT_THAT(Oid::Parse("..1"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "invalid OID \"..1\": empty arc at character 2"));
}

TEST(OidTest, RefusesATrailingDot) {
  EXPECT_THAT(Oid::Parse(".1.2."),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "invalid OID \".1.2.\": empty arc at character 6"));
}

TEST(OidTest, RefusesATextWithoutArcs) {
  EXPECT_THAT(Oid::Parse(""),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "invalid OID \"\": empty arc at character 1"));
  EXPECT_THAT(Oid::Parse(absl::string_view()),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("empty arc at character 1")));
  EXPECT_THAT(Oid::Parse("."),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "invalid OID \".\": empty arc at character 2"));
}

TEST(OidTest, RefusesSigns) {
  EXPECT_THAT(Oid::Parse(".1.-2"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "invalid OID \".1.-2\": not a digit at character 4"));
  EXPECT_THAT(Oid::Parse("+1"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "invalid OID \"+1\": not a digit at character 1"));
}

TEST(OidTest, RefusesBlanks) {
  for (const absl::string_view text :
       {" .1.2", ".1.2 ", ".1 .2", ".1. 2", "1.2\n", "1.2\r", "\t1", " "}) {
    EXPECT_THAT(Oid::Parse(text), StatusIs(absl::StatusCode::kInvalidArgument,
                                           HasSubstr("digit")))
        << '"' << text << '"';
  }
}

TEST(OidTest, RefusesWordsAndNumbersInOtherBases) {
  EXPECT_THAT(Oid::Parse(".1.2x.3"),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       "invalid OID \".1.2x.3\": neither a digit nor a dot at "
                       "character 5"));
  for (const absl::string_view text :
       {"iso.3.6", ".1.sysDescr", "0x1.2", "1,2", "1.2.*"}) {
    EXPECT_THAT(Oid::Parse(text),
                StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr(text)));
  }
}

TEST(OidTest, EscapesBytesThatDoNotPrintInTheErrorMessage) {
  EXPECT_THAT(Oid::Parse(absl::string_view("1.\0\xff", 4)),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       HasSubstr("\"1.\\x00\\xff\"")));
}

TEST(OidTest, Parses128ArcsAndRefusesTheNext) {
  const Oid longest = Counting(128);
  EXPECT_EQ(Oid::Parse(longest.ToString()).value(), longest);

  const std::string text = longest.ToString() + ".129";
  EXPECT_THAT(Oid::Parse(text),
              StatusIs(absl::StatusCode::kInvalidArgument,
                       AllOf(HasSubstr(text),
                             HasSubstr(absl::StrCat("more than 128 arcs at "
                                                    "character ",
                                                    text.size() - 2)))));
}

TEST(OidTest, PrintsWithALeadingDot) {
  EXPECT_EQ((Oid{1, 3, 0, 4294967295}).ToString(), ".1.3.0.4294967295");
  EXPECT_EQ(Oid().ToString(), ".");

  std::string text = "oid ";
  Oid{1, 2}.AppendTo(&text);
  EXPECT_EQ(text, "oid .1.2");

  std::ostringstream stream;
  stream << Oid{1, 2};
  EXPECT_EQ(stream.str(), ".1.2");
}

TEST(OidTest, IsEmptyAfterAnAssignmentThatFailed) {
  Oid oid = {1, 2, 3};
  EXPECT_THAT(oid.Assign("4.5.x"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("4.5.x")));
  EXPECT_TRUE(oid.empty());
  EXPECT_THAT(oid.Assign("4.5"), IsOk());
  EXPECT_EQ(oid, (Oid{4, 5}));
}

// --- Order ---

TEST(OidTest, ComparesArcsAsNumbersAndAPrefixFirst) {
  const std::vector<Oid> ascending = {
      Oid(),
      {0},
      {1},
      {1, 0},
      {1, 3},
      {1, 3, 4294967295},
      {1, 3, 4294967295, 0},
      {1, 8},
      {1, 8, 1},
      {1, 80},
      {1, 2147483647},
      {1, 2147483648},
      {1, 4294967295},
      {1, 4294967295, 4294967295},
      {2},
      {10},
      {4294967295},
  };
  for (size_t i = 0; i < ascending.size(); ++i) {
    for (size_t j = 0; j < ascending.size(); ++j) {
      SCOPED_TRACE(ascending[i].ToString() + " and " + ascending[j].ToString());
      EXPECT_EQ(ascending[i] < ascending[j], i < j);
      EXPECT_EQ(ascending[i] > ascending[j], i > j);
      EXPECT_EQ(ascending[i] <= ascending[j], i <= j);
      EXPECT_EQ(ascending[i] >= ascending[j], i >= j);
      EXPECT_EQ(ascending[i] == ascending[j], i == j);
      EXPECT_EQ(ascending[i] != ascending[j], i != j);
    }
  }
}

TEST(OidTest, CountsTheArcsInCommon) {
  const Oid oid{1, 3, 6, 1, 4, 1};
  EXPECT_EQ(oid.CommonArcs(oid), 6u);
  EXPECT_EQ(oid.CommonArcs({1, 3, 6, 1, 4}), 5u);
  EXPECT_EQ(oid.CommonArcs({1, 3, 6, 1, 4, 2, 1}), 5u);
  EXPECT_EQ(oid.CommonArcs({2, 3, 6, 1, 4, 1}), 0u);
  EXPECT_EQ(oid.CommonArcs({}), 0u);
}

TEST(OidTest, StartsWithItselfAndItsPrefixesByArcs) {
  const Oid oid = {1, 3, 80};
  EXPECT_TRUE(oid.StartsWith(oid));
  EXPECT_TRUE(oid.StartsWith({1, 3}));
  EXPECT_TRUE(oid.StartsWith(Oid()));
  EXPECT_FALSE(oid.StartsWith({1, 3, 8}));
  EXPECT_FALSE(oid.StartsWith({1, 3, 80, 0}));
  EXPECT_FALSE(oid.StartsWith({3}));
  EXPECT_TRUE(Oid().StartsWith(Oid()));
  EXPECT_FALSE(Oid().StartsWith({0}));
}

TEST(OidTest, HashesEqualOidsEqually) {
  EXPECT_TRUE(absl::VerifyTypeImplementsAbslHashCorrectly(
      {Oid(), Oid{0}, Oid{1}, Oid{1, 0}, Oid{1, 2}, Oid{2, 1}, Counting(16),
       Counting(17), Counting(128), Oid{4294967295}}));
}

// --- Parts ---

TEST(OidTest, ReturnsItsArcs) {
  const Oid oid = {1, 3, 6};
  EXPECT_EQ(oid.size(), 3u);
  EXPECT_EQ(oid[1], 3u);
  EXPECT_EQ(oid.back(), 6u);
  EXPECT_THAT(oid.arcs(), ElementsAre(1, 3, 6));
  EXPECT_THAT(oid.ArcsFrom(1), ElementsAre(3, 6));
  EXPECT_THAT(oid.ArcsFrom(3), IsEmpty());
}

TEST(OidTest, AppendsAfterItsLastArc) {
  Oid oid;
  oid.Append(1);
  oid.Append(Oid{3, 6});
  oid.Append(Oid());
  oid.Append((Oid{9, 9, 7, 8}).ArcsFrom(2));
  EXPECT_EQ(oid, (Oid{1, 3, 6, 7, 8}));
  oid.clear();
  EXPECT_TRUE(oid.empty());
  EXPECT_EQ(Concat({1, 3}, {6, 1}), (Oid{1, 3, 6, 1}));
}

TEST(OidTest, SetSizeAddsArcsThatWereWrittenToItsMemory) {
  Oid oid = {1, 2, 3};
  for (const uint32_t last : {4u, 20u}) {  // inline and on the heap
    oid.Truncate(2);
    uint32_t* const arcs = internal::OidAccess::Reserve(last, &oid);
    for (uint32_t i = 2; i < last; ++i) arcs[i] = i + 1;
    internal::OidAccess::SetSize(last, &oid);
    ASSERT_EQ(oid.size(), last);
    for (uint32_t i = 0; i < last; ++i) EXPECT_EQ(oid[i], i + 1);
  }
}

TEST(OidTest, MayBecomeLongerThanParseAllows) {
  EXPECT_EQ(Concat(Counting(128), {129, 130}), Counting(130));
}

// --- Memory ---

TEST(OidTest, NeedsNoHeapForSixteenArcs) {
  const std::string text = Counting(16).ToString();
  const size_t before = AllocationCount();
  Oid oid = Oid::Parse(text).value();
  const Oid copy = oid;
  oid = Concat({1, 2, 3, 4, 5, 6, 7, 8}, {9, 10, 11, 12, 13, 14, 15, 16});
  EXPECT_EQ(AllocationCount(), before);
  EXPECT_EQ(oid, copy);
}

TEST(OidTest, CopyingAndParsingReuseItsMemory) {
  const Oid longest = Counting(128);
  const std::string text = longest.ToString();
  const Oid short_one = {1, 2};
  Oid oid = longest;
  const size_t before = AllocationCount();
  oid = short_one;
  oid = longest;
  oid.Assign(longest.ArcsFrom(120));
  oid.Assign(longest.arcs());
  bool assigned = oid.Assign(text).ok();
  assigned = oid.Assign(".1").ok() && assigned;
  assigned = oid.Assign(text).ok() && assigned;
  oid.clear();
  oid.Append(longest);
  EXPECT_EQ(AllocationCount(), before);
  EXPECT_TRUE(assigned);
  EXPECT_EQ(oid, longest);
}

// --- As a sequence ---

TEST(OidTest, AppendsAnArcForEachOctet) {
  Oid oid = {7};
  oid.AppendOctets("");
  EXPECT_EQ(oid, Oid({7}));
  // More arcs than an Oid has room for without memory of its own.
  oid.AppendOctets(absl::string_view("\0a\xff and more than 16", 20));
  EXPECT_EQ(oid.size(), 21);
  oid.Truncate(4);
  EXPECT_EQ(oid, Oid({7, 0, 97, 255}));
}

TEST(OidTest, AppendsItself) {
  Oid oid = {1, 2, 3};
  Oid expected = oid;
  for (int i = 0; i < 4; ++i) {
    const std::vector<uint32_t> before(oid.arcs().begin(), oid.arcs().end());
    oid.Append(oid);
    expected.Append(before);
    EXPECT_EQ(oid, expected);
  }
  EXPECT_EQ(oid.size(), 48);
}

// Two Oids and two vectors get the same random changes, around the number of
// arcs that need heap memory.
TEST(OidTest, BehavesLikeAVectorOfArcs) {
  using Arcs = std::vector<uint32_t>;
  std::mt19937 random(5);
  const auto below = [&random](size_t end) { return random() % end; };
  std::vector<Oid> oids(4);
  std::vector<Arcs> expected(4);
  for (int i = 0; i < 200000; ++i) {
    const size_t a = below(4);
    const size_t b = (a + 1 + below(3)) % 4;
    Oid& oid = oids[a];
    Arcs& arcs = expected[a];
    switch (below(7)) {
      case 0:
        oid = oids[b];
        arcs = expected[b];
        break;
      case 1:
        oid = std::move(oids[b]);
        arcs = std::move(expected[b]);
        expected[b].clear();
        break;
      case 2:
        oid.Append(static_cast<uint32_t>(i % 3));
        arcs.push_back(static_cast<uint32_t>(i % 3));
        break;
      case 3:
        if (arcs.size() > 40) break;
        oid.Append(oids[b]);
        arcs.insert(arcs.end(), expected[b].begin(), expected[b].end());
        break;
      case 4: {
        const size_t size = below(arcs.size() + 1);
        oid.Truncate(size);
        arcs.resize(size);
        break;
      }
      case 5: {
        const size_t first = below(arcs.size() + 1);
        oid.Assign(oid.ArcsFrom(first));
        arcs.erase(arcs.begin(), arcs.begin() + first);
        break;
      }
      case 6: {
        Oid copy(oid);
        oids[b] = Oid(std::move(copy));
        expected[b] = arcs;
        break;
      }
    }
    ASSERT_THAT(oid.arcs(), ElementsAreArray(arcs));
    ASSERT_THAT(oids[b].arcs(), ElementsAreArray(expected[b]));
    ASSERT_EQ(oid < oids[b], arcs < expected[b]);
    ASSERT_EQ(oid == oids[b], arcs == expected[b]);
    ASSERT_EQ(
        oid.StartsWith(oids[b]),
        arcs.size() >= expected[b].size() &&
            std::equal(expected[b].begin(), expected[b].end(), arcs.begin()));
  }
}

// --- Strings as indexes ---

TEST(OidTest, EncodesAStringAsItsLengthAndItsBytes) {
  EXPECT_EQ(EncodeString("eth0"), (Oid{4, 101, 116, 104, 48}));
  EXPECT_EQ(EncodeString(""), Oid{0});
}

TEST(OidTest, EncodesAnImpliedStringAsItsBytesAlone) {
  EXPECT_EQ(EncodeImpliedString("eth0"), (Oid{101, 116, 104, 48}));
  EXPECT_TRUE(EncodeImpliedString("").empty());
}

TEST(OidTest, EncodesBytesAsUnsignedNumbers) {
  EXPECT_EQ(EncodeImpliedString(absl::string_view("\x00\x7f\x80\xff", 4)),
            (Oid{0, 127, 128, 255}));
  EXPECT_EQ(EncodeString("\xc3\xa9"), (Oid{2, 195, 169}));
}

TEST(OidTest, OrdersEncodedStringsByLengthAndImpliedOnesByBytes) {
  EXPECT_LT(EncodeString("b"), EncodeString("aa"));
  EXPECT_GT(EncodeImpliedString("b"), EncodeImpliedString("aa"));
}

}  // namespace
}  // namespace passpersist
