// SPDX-License-Identifier: Apache-2.0

#include "store/block/suffix_decoder.h"

#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/encoding/oid_encoding.h"
#include "passpersist/oid.h"
#include "store/block/packed_keys.h"

namespace passpersist::store_internal {
namespace {

// Expects that each suffix is decoded, after `path`.
void ExpectDecodes(const Oid& path, const std::set<Oid>& suffixes) {
  std::vector<std::string> packed;
  for (const Oid& suffix : suffixes)
    packed.emplace_back(internal::EncodedOid(suffix).bytes());
  const std::vector<absl::string_view> views(packed.begin(), packed.end());
  const PackedKeys::Layout layout(views);
  const auto memory =
      std::make_unique<uint64_t[]>(layout.Size() / sizeof(uint64_t) + 1);
  const PackedKeys& keys =
      *PackedKeys::Write(layout, views, reinterpret_cast<char*>(memory.get()));
  SuffixDecoder decoder;
  decoder.SetPrefix(internal::EncodedOid(path).bytes(), keys.prefix());
  size_t i = 0;
  for (const Oid& suffix : suffixes) {
    EXPECT_EQ(decoder.Decode(keys, i++), Concat(path, suffix));
  }
}

TEST(SuffixDecoderTest, DecodesKeysOfAnyForm) {
  ExpectDecodes({}, {{1, 2, 3}});
  ExpectDecodes({1, 70000}, {{}, {5}, {5, 6}});
  ExpectDecodes({9}, {{4294967295}, {4294967295, 0}});
}

TEST(SuffixDecoderTest, DecodesArcsThatThePrefixOrTheHeadCuts) {
  ExpectDecodes({1}, {{1, 70000}, {1, 70001}, {1, 70255}});
  ExpectDecodes({}, {{7, 7, 7, 70000, 1}, {7, 7, 8, 1, 1}});
  ExpectDecodes({}, {{1, 2, 3, 4294967295, 5, 6}, {2, 3, 4000000000, 1}});
}

TEST(SuffixDecoderTest, AppendsAnArcToThePrefix) {
  SuffixDecoder decoder;
  decoder.SetPrefix(internal::EncodedOid({1, 3}).bytes(), {});
  EXPECT_EQ(decoder.Decode(70000), (Oid{1, 3, 70000}));
  EXPECT_EQ(decoder.Decode(4), (Oid{1, 3, 4}));
}

TEST(SuffixDecoderTest, DecodesRandomKeys) {
  std::mt19937 random(1);
  for (const uint32_t max_arc : {100u, 256u, 300u, 70000u, 4294967295u}) {
    for (const size_t max_size : {3, 20, 128}) {
      std::set<Oid> suffixes;
      while (suffixes.size() < 200) {
        Oid suffix({7, 7});
        for (size_t size = random() % max_size; size > 0; --size) {
          suffix.Append(static_cast<uint32_t>(random() % max_arc));
        }
        suffixes.insert(suffix);
        if (max_arc == 100 && max_size == 3 && suffixes.size() > 90) break;
      }
      ExpectDecodes({1, 300}, suffixes);
    }
  }
}

}  // namespace
}  // namespace passpersist::store_internal
