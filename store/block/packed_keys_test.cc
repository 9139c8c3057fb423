// SPDX-License-Identifier: Apache-2.0

#include "store/block/packed_keys.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace passpersist::store_internal {
namespace {

using Keys = std::vector<std::string>;

std::string Zeros(size_t count) { return std::string(count, '\0'); }

// A block in memory of its exact size, so that a sanitizer detects reads and
// writes outside of it.
class Block {
 public:
  explicit Block(const Keys& keys) : views_(keys.begin(), keys.end()) {
    const PackedKeys::Layout layout(views_);
    size_ = layout.Size();
    memory_ = std::make_unique<char[]>(size_);
    keys_ = PackedKeys::Write(layout, views_, memory_.get());
  }

  const PackedKeys& keys() const { return *keys_; }
  size_t size() const { return size_; }

  std::string Key(size_t i) const {
    std::string key(keys().prefix());
    std::string remainder(keys().RemainderSize(i) + PackedKeys::kSlack, '?');
    remainder.resize(static_cast<size_t>(
        keys().CopyRemainder(i, remainder.data()) - remainder.data()));
    EXPECT_EQ(remainder.size(), keys().RemainderSize(i));
    return key + remainder;
  }

 private:
  std::vector<absl::string_view> views_;
  size_t size_;
  std::unique_ptr<char[]> memory_;
  const PackedKeys* keys_;
};

int Sign(int number) { return number < 0 ? -1 : number > 0 ? 1 : 0; }

// Compares what a block of `keys` returns for each of `keys`, `others` and keys
// near them with what a binary search in the sorted list returns.
void ExpectFinds(const Keys& keys, const Keys& others) {
  const Block block(keys);
  ASSERT_EQ(block.keys().count(), keys.size());
  for (size_t i = 0; i < keys.size(); ++i) ASSERT_EQ(block.Key(i), keys[i]);
  Keys wanted = others;
  wanted.insert(wanted.end(), keys.begin(), keys.end());
  for (const std::string& key : keys) {  // keys near each of them
    wanted.push_back(key + Zeros(1));
    wanted.push_back(key + "\xff");
    for (size_t size = 0; size < key.size(); size += 1 + key.size() / 50) {
      wanted.push_back(key.substr(0, size));
      wanted.push_back(key.substr(0, size) + "\xff");
    }
  }
  for (const std::string& key : wanted) {
    const auto bound = std::lower_bound(keys.begin(), keys.end(), key);
    const bool found = bound != keys.end() && *bound == key;
    const PackedKeys::Place place = block.keys().Find(key);
    ASSERT_EQ(place.index, bound - keys.begin()) << testing::PrintToString(key);
    ASSERT_EQ(place.found, found) << testing::PrintToString(key);
    for (size_t i = 0; i < keys.size(); ++i) {
      ASSERT_EQ(Sign(block.keys().Compare(i, key)), Sign(keys[i].compare(key)))
          << testing::PrintToString(keys[i]) << testing::PrintToString(key);
    }
  }
}

TEST(PackedKeysTest, HoldsNoKeyOrOneKey) {
  ExpectFinds({}, {"", "a"});
  ExpectFinds({""}, {"", Zeros(1), Zeros(5), "a"});
  ExpectFinds({"abcdefgh"}, {"", "a", "abcdefgi", "b"});
}

TEST(PackedKeysTest, HoldsShortRemaindersOfOneLengthInTheirHeads) {
  for (const size_t remainder : {1, 2, 3, 4}) {
    Keys keys;
    for (char c = 0; c < 100; c += 3) {
      keys.push_back("prefix" + std::string(remainder, c));
    }
    ExpectFinds(keys, {"prefiw", "prefiy", "", "z"});
    // The header and the prefix are stored once.
    EXPECT_LE(Block(keys).size(),
              12 + 6 + keys.size() * (remainder == 3 ? 4 : remainder));
  }
}

TEST(PackedKeysTest, DistinguishesZerosInAHeadFromPadding) {
  ExpectFinds({"", Zeros(1), Zeros(2), Zeros(3), Zeros(4), Zeros(5), Zeros(9)},
              {Zeros(6), Zeros(10)});
  ExpectFinds({"x", "x" + Zeros(2), "x" + Zeros(5), "x" + Zeros(5) + "a"}, {});
  ExpectFinds({"a" + Zeros(1), "b" + Zeros(1)}, {"a", "b", "a" + Zeros(2)});
}

TEST(PackedKeysTest, HoldsKeysThatArePrefixesOfOthers) {
  Keys keys;
  for (size_t size = 0; size < 200; ++size)
    keys.push_back(std::string(size, 'k'));
  ExpectFinds(keys, {"l", "j"});
}

TEST(PackedKeysTest, SearchesAmongEqualHeads) {
  // Keys of one length and of several; the second head is the greatest one.
  for (const std::string head : {"abcd", "\xff\xff\xff\xff"}) {
    Keys same_length = {"0000xx"};
    Keys several = {"0000"};
    for (int i = 0; i < 100; ++i) {
      const std::string tail = {static_cast<char>('0' + i / 10),
                                static_cast<char>('0' + i % 10)};
      same_length.push_back(head + tail);
      several.push_back(head + tail + std::string(i % 3, 'x'));
    }
    ExpectFinds(same_length, {head, head + "5", head + "505", "abce"});
    ExpectFinds(several, {head, head + "5", head + "505", "abce"});
  }
}

TEST(PackedKeysTest, HoldsLongKeys) {
  ExpectFinds({std::string(640, 'a'), std::string(640, 'b')}, {});
  ExpectFinds({"a", std::string(70000, 'b'), std::string(70001, 'b')}, {"c"});
}

TEST(PackedKeysTest, FindsWhatABinarySearchFinds) {
  std::mt19937 random(7);
  const auto any = [&] {
    std::string key(random() % 8, '\0');
    for (char& c : key) c = "\0\1\xff"[random() % 3];
    return key;
  };
  for (int round = 0; round < 60; ++round) {
    std::set<std::string> keys;
    const std::string prefix = any();
    for (size_t left = random() % 128; left > 0; --left) {
      keys.insert(prefix + any());
    }
    Keys others;
    for (int i = 0; i < 20; ++i) others.push_back(prefix + any());
    ExpectFinds(Keys(keys.begin(), keys.end()), others);
  }
}

}  // namespace
}  // namespace passpersist::store_internal
