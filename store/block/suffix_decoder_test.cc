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

// Expects each name back, behind `path`.
void ExpectUnpacks(const Oid& path, const std::set<Oid>& names) {
  std::vector<std::string> packed;
  for (const Oid& name : names)
    packed.emplace_back(internal::EncodedOid(name).bytes());
  const std::vector<absl::string_view> views(packed.begin(), packed.end());
  const PackedKeys::Layout layout(views);
  const auto memory =
      std::make_unique<uint64_t[]>(layout.Size() / sizeof(uint64_t) + 1);
  const PackedKeys& keys =
      *PackedKeys::Write(layout, views, reinterpret_cast<char*>(memory.get()));
  SuffixDecoder unpacker;
  unpacker.SetPrefix(internal::EncodedOid(path).bytes(), keys.prefix());
  size_t i = 0;
  for (const Oid& name : names) {
    EXPECT_EQ(unpacker.Decode(keys, i++), Concat(path, name));
  }
}

TEST(SuffixDecoderTest, UnpacksNamesOfAnyForm) {
  ExpectUnpacks({}, {{1, 2, 3}});
  ExpectUnpacks({1, 70000}, {{}, {5}, {5, 6}});
  ExpectUnpacks({9}, {{4294967295}, {4294967295, 0}});
}

TEST(SuffixDecoderTest, UnpacksArcsThatThePrefixOrTheHeadCuts) {
  ExpectUnpacks({1}, {{1, 70000}, {1, 70001}, {1, 70255}});
  ExpectUnpacks({}, {{7, 7, 7, 70000, 1}, {7, 7, 8, 1, 1}});
  ExpectUnpacks({}, {{1, 2, 3, 4294967295, 5, 6}, {2, 3, 4000000000, 1}});
}

TEST(SuffixDecoderTest, PutsAnArcBehindThePrefix) {
  SuffixDecoder unpacker;
  unpacker.SetPrefix(internal::EncodedOid({1, 3}).bytes(), {});
  EXPECT_EQ(unpacker.Decode(70000), (Oid{1, 3, 70000}));
  EXPECT_EQ(unpacker.Decode(4), (Oid{1, 3, 4}));
}

TEST(SuffixDecoderTest, UnpacksRandomNames) {
  std::mt19937 random(1);
  for (const uint32_t max_arc : {100u, 256u, 300u, 70000u, 4294967295u}) {
    for (const size_t max_size : {3, 20, 128}) {
      std::set<Oid> names;
      while (names.size() < 200) {
        Oid name({7, 7});
        for (size_t size = random() % max_size; size > 0; --size) {
          name.Append(static_cast<uint32_t>(random() % max_arc));
        }
        names.insert(name);
        if (max_arc == 100 && max_size == 3 && names.size() > 90) break;
      }
      ExpectUnpacks({1, 300}, names);
    }
  }
}

}  // namespace
}  // namespace passpersist::store_internal
