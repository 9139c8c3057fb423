// SPDX-License-Identifier: Apache-2.0

#include "transport/pass_persist/last_name.h"

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"

namespace passpersist_testing {
namespace {

using passpersist::LastName;
using passpersist::Oid;

// Parses a line that must be a name.
void ExpectName(absl::string_view text, LastName* name) {
  EXPECT_EQ(name->ParseLine(absl::StrCat(text, "\nget\n")), text.size() + 1);
  EXPECT_EQ(name->oid(), Oid::Parse(text).value());
  EXPECT_EQ(name->text(), text);
}

TEST(LastNameTest, ParsesANameUpToItsNewline) {
  LastName name;
  ExpectName(".1.3.6.1", &name);
  ExpectName(".0", &name);
  ExpectName(".4294967295.0.10", &name);
}

TEST(LastNameTest, ParsesNamesThatBeginLikeTheLastOne) {
  LastName name;
  for (const char* const text :
       {".1.3.6.1.4.1.10", ".1.3.6.1.4.1.10", ".1.3.6.1.4.1.11",
        ".1.3.6.1.4.1.1", ".1.3.6.1.4.1.100", ".1.3.6.1.4.1.100.2",
        ".1.3.6.1.4.1", ".1.3.6.1.4", ".1.3.6.1.40.5", ".1.3", ".1.35",
        ".1.3.5", ".2", ".2.1"}) {
    ExpectName(text, &name);
  }
}

TEST(LastNameTest, ReadsNothingOfOtherText) {
  for (const char* const text :
       {"", "\n", ".\n", ".1", ".1.3", "1.3\n", ".1.3.\n", ".1..3\n", ".1.03\n",
        ".1.00\n", ".1.3 \n", " .1.3\n", ".1.3\r\n", ".1.-3\n",
        ".1.4294967296\n", ".1.10000000000\n", ".1.99999999999999999999\n",
        ".1.3x\n", "x\n"}) {
    LastName name;
    EXPECT_EQ(name.ParseLine(text), 0) << text;
    for (const char* const last : {".1.3", ".1", ".1.3.6"}) {
      ExpectName(last, &name);
      EXPECT_EQ(name.ParseLine(text), 0) << text << " after " << last;
    }
    ExpectName(".1.3.6.1", &name);
  }
}

TEST(LastNameTest, ParsesAndPrints128ArcsAndParsesNoMore) {
  LastName name;
  const Oid longest(std::vector<uint32_t>(Oid::kMaxArcs, 4294967295));
  ExpectName(longest.ToString(), &name);
  EXPECT_EQ(name.ParseLine(absl::StrCat(longest.ToString(), ".1\n")), 0);
  name.Print({1, 3});
  name.Print(longest);
  EXPECT_EQ(name.text(), longest.ToString());
  for (size_t i = 0; i < LastName::kRoom; ++i) name.end()[i] = 'x';
  EXPECT_EQ(name.text(), longest.ToString());
}

TEST(LastNameTest, PrintsNamesThatBeginLikeTheLastOne) {
  LastName name;
  for (const Oid& oid :
       {Oid{1, 3, 6, 10}, Oid{1, 3, 6, 10}, Oid{1, 3, 6, 1}, Oid{1, 3},
        Oid{1, 35}, Oid{1, 3, 6}, Oid{4294967295}, Oid{0, 0}}) {
    name.Print(oid);
    EXPECT_EQ(name.oid(), oid);
    EXPECT_EQ(name.text(), oid.ToString());
  }
}

TEST(LastNameTest, ParsesAndPrintsByTurnsWhatOidDoes) {
  constexpr uint32_t kSeed = 1157;
  std::mt19937 random(kSeed);
  LastName name;
  std::vector<uint32_t> arcs = {1};
  for (int round = 0; round < 100'000; ++round) {
    arcs.resize(1 + random() % 12, 3);
    const uint32_t bound = random() % 2 == 0 ? 12 : 0xffffffff;
    arcs[random() % arcs.size()] = random() % bound;
    const Oid oid(arcs);
    const std::string text = oid.ToString();
    switch (random() % 3) {
      case 0:
        name.Print(oid);
        break;
      case 1:
        ASSERT_EQ(name.ParseLine(absl::StrCat(text, "\n")), text.size() + 1);
        break;
      case 2:
        ASSERT_EQ(name.ParseLine(absl::StrCat(text, ".x\n")), 0);
        continue;
    }
    ASSERT_EQ(name.oid(), oid);
    ASSERT_EQ(name.text(), text);
  }
}

}  // namespace
}  // namespace passpersist_testing
