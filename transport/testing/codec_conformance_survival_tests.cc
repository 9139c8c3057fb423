// SPDX-License-Identifier: Apache-2.0

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "transport/testing/codec_conformance_peer.h"
#include "transport/testing/codec_conformance_rules.h"
#include "transport/testing/codec_conformance_test_lib.h"

namespace passpersist_testing {
namespace {

constexpr uint32_t kSeed = 2741;

// Expects that the output and the requests of `part` are a prefix of those of
// `all`.
void ExpectPrefix(const CodecPeer& part, const CodecPeer& all) {
  EXPECT_TRUE(absl::StartsWith(all.output(), part.output()))
      << absl::CHexEscape(part.output());
  ASSERT_LE(part.requests().size(), all.requests().size());
  EXPECT_TRUE(std::equal(part.requests().begin(), part.requests().end(),
                         all.requests().begin()));
}

// Returns random bytes mixed with parts of `conversations`.
std::string RandomBytes(const std::vector<Conversation>& conversations,
                        std::mt19937* random) {
  std::string bytes;
  for (size_t parts = 1 + (*random)() % 6; parts > 0; --parts) {
    const std::string sample =
        Joined(conversations[(*random)() % conversations.size()]);
    const size_t begin = (*random)() % (sample.size() + 1);
    switch ((*random)() % 4) {
      case 0:
        for (size_t left = (*random)() % 20; left > 0; --left) {
          bytes.push_back(static_cast<char>((*random)()));
        }
        break;
      case 1:
        bytes.append(sample);
        break;
      default:
        bytes.append(sample.substr(begin, (*random)() % 40));
    }
  }
  return bytes;
}

}  // namespace

TEST_P(CodecConformanceTest, EachPrefixIsIncompleteOrAnError) {
  for (const Conversation& conversation : GetParam().conversations) {
    SCOPED_TRACE(absl::CHexEscape(Joined(conversation)));
    const auto whole = Play(conversation);
    for (size_t pieces = 0; pieces < conversation.size(); ++pieces) {
      const absl::string_view last = conversation[pieces];
      for (size_t size = 0; size <= last.size(); ++size) {
        SCOPED_TRACE(absl::StrCat("up to byte ", size, " of piece ", pieces));
        const auto peer =
            Play({conversation.begin(), conversation.begin() + pieces});
        peer->Send(last.substr(0, size));
        ExpectPrefix(*peer, *whole);
        peer->ExpireReadTimeout();
        ExpectBounded(*peer, Joined(conversation).size());
        if (HasFailure()) return;
      }
    }
  }
}

TEST_P(CodecConformanceTest, SurvivesAChangeOfAnyByte) {
  for (const Conversation& conversation : GetParam().conversations) {
    SCOPED_TRACE(absl::CHexEscape(Joined(conversation)));
    for (size_t i = 0; i < conversation.size(); ++i) {
      for (size_t place = 0; place < conversation[i].size(); ++place) {
        for (int change = 1; change < 256; ++change) {
          SCOPED_TRACE(absl::StrCat("byte ", place, " of piece ", i,
                                    ", changed by xor ", change));
          Conversation changed = conversation;
          changed[i][place] = static_cast<char>(changed[i][place] ^ change);
          ExpectBounded(*Play(changed), Joined(changed).size());
          if (HasFailure()) return;
        }
      }
    }
  }
}

TEST_P(CodecConformanceTest, SurvivesAMissingOrRepeatedByte) {
  for (const Conversation& conversation : GetParam().conversations) {
    SCOPED_TRACE(absl::CHexEscape(Joined(conversation)));
    for (size_t i = 0; i < conversation.size(); ++i) {
      for (size_t place = 0; place < conversation[i].size(); ++place) {
        for (const size_t copies : {0, 2, 1000}) {
          SCOPED_TRACE(
              absl::StrCat(copies, " copies of byte ", place, " of piece ", i));
          Conversation changed = conversation;
          changed[i].replace(place, 1, copies, changed[i][place]);
          ExpectBounded(*Play(changed), Joined(changed).size());
          if (HasFailure()) return;
        }
      }
    }
  }
}

TEST_P(CodecConformanceTest, SurvivesRandomBytesHoweverTheyAreSplit) {
  constexpr int kRounds = 1000;
  SCOPED_TRACE(absl::StrCat("seed ", kSeed));
  std::mt19937 random(kSeed);
  for (int round = 0; round < kRounds; ++round) {
    const std::string bytes = RandomBytes(GetParam().conversations, &random);
    SCOPED_TRACE(absl::StrCat("round ", round, ": ", absl::CHexEscape(bytes)));
    const auto whole = Connect();
    whole->Send(bytes);
    const auto split = Connect();
    for (absl::string_view rest = bytes; !rest.empty();) {
      const size_t size = std::min<size_t>(1 + random() % 20, rest.size());
      split->Send(rest.substr(0, size));
      rest.remove_prefix(size);
    }
    ExpectSame(*whole, *split, GetParam().cuts);
    whole->ExpireReadTimeout();
    ExpectBounded(*whole, bytes.size());
    if (HasFailure()) return;
  }
}

}  // namespace passpersist_testing
