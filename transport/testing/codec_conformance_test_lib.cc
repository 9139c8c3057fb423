// SPDX-License-Identifier: Apache-2.0

#include "transport/testing/codec_conformance_test_lib.h"

#include <cstddef>
#include <ostream>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/pdu.h"

namespace passpersist_testing {

using passpersist::Notification;
using testing::IsEmpty;
using testing::Not;

std::ostream& operator<<(std::ostream& os, const CodecUnderTest& c) {
  return os << c.conversations.size() << " conversations";
}

CodecConformanceTest::CodecConformanceTest()
    : agent_(ConformanceAgent(*GetParam().make_codec())) {}

std::unique_ptr<CodecPeer> CodecConformanceTest::Connect() const {
  return std::make_unique<CodecPeer>(GetParam().make_codec(),
                                     GetParam().regions, &agent_);
}

std::unique_ptr<CodecPeer> CodecConformanceTest::Play(
    const Conversation& conversation) const {
  std::unique_ptr<CodecPeer> peer = Connect();
  for (const std::string& piece : conversation) {
    peer->Send(piece);
    peer->ExpireReadTimeout();
  }
  return peer;
}

std::string Joined(const Conversation& conversation) {
  return absl::StrJoin(conversation, "");
}

TEST_P(CodecConformanceTest, UnderstandsTheConversationsToTheirEnd) {
  ASSERT_THAT(GetParam().conversations, Not(IsEmpty()));
  for (const Conversation& conversation : GetParam().conversations) {
    SCOPED_TRACE(absl::CHexEscape(Joined(conversation)));
    const auto peer = Play(conversation);
    EXPECT_TRUE(peer->status().ok()) << peer->status();
    EXPECT_EQ(peer->pending_input(), "");
    EXPECT_TRUE(!peer->output().empty() || !peer->requests().empty());
  }
}

TEST_P(CodecConformanceTest, OneByteAtATimeIsTheSameAsAllAtOnce) {
  for (const Conversation& conversation : GetParam().conversations) {
    SCOPED_TRACE(absl::CHexEscape(Joined(conversation)));
    const auto peer = Connect();
    for (const std::string& piece : conversation) {
      for (const char byte : piece) peer->Send(absl::string_view(&byte, 1));
      peer->ExpireReadTimeout();
    }
    ExpectSame(*peer, *Play(conversation));
  }
}

TEST_P(CodecConformanceTest, AnySplitInTwoIsTheSameAsAllAtOnce) {
  for (const Conversation& conversation : GetParam().conversations) {
    SCOPED_TRACE(absl::CHexEscape(Joined(conversation)));
    const auto whole = Play(conversation);
    for (size_t split = 0; split < conversation.size(); ++split) {
      for (size_t place = 0; place <= conversation[split].size(); ++place) {
        SCOPED_TRACE(absl::StrCat("at byte ", place, " of piece ", split));
        const auto peer = Connect();
        for (size_t i = 0; i < conversation.size(); ++i) {
          const absl::string_view piece = conversation[i];
          if (i == split) peer->Send(piece.substr(0, place));
          peer->Send(i == split ? piece.substr(place) : piece);
          peer->ExpireReadTimeout();
        }
        ExpectSame(*peer, *whole);
        if (HasFailure()) return;
      }
    }
  }
}

// With one byte at a time, a request cannot be decoded before its last byte.
// With all bytes at once, it must not end later.
TEST_P(CodecConformanceTest, TakesNothingAfterTheRequestThatItReturns) {
  for (const Conversation& conversation : GetParam().conversations) {
    SCOPED_TRACE(absl::CHexEscape(Joined(conversation)));
    const auto whole = Play(conversation);
    const auto slow = Connect();
    size_t sent = 0;
    size_t found = 0;
    for (const std::string& piece : conversation) {
      for (const char byte : piece) {
        slow->Send(absl::string_view(&byte, 1));
        ++sent;
        for (; found < slow->requests().size(); ++found) {
          ASSERT_LT(found, whole->requests().size());
          EXPECT_EQ(whole->requests()[found].end, sent);
        }
      }
      slow->ExpireReadTimeout();
      found = slow->requests().size();
    }
  }
}

TEST_P(CodecConformanceTest, OverwritesTheRequest) {
  for (const Conversation& conversation : GetParam().conversations) {
    SCOPED_TRACE(absl::CHexEscape(Joined(conversation)));
    const auto usual = Play(conversation);
    for (int kind = 0; kind < CodecPeer::kPrefillKinds; ++kind) {
      const auto peer = Connect();
      peer->PrefillRequests(kind);
      for (const std::string& piece : conversation) {
        peer->Send(piece);
        peer->ExpireReadTimeout();
      }
      ExpectSame(*peer, *usual);
    }
  }
}

TEST_P(CodecConformanceTest, ConnectionsAreIndependent) {
  std::vector<std::unique_ptr<CodecPeer>> peers;
  for (size_t i = 0; i < GetParam().conversations.size(); ++i) {
    peers.push_back(Connect());
  }
  for (size_t piece = 0, left = peers.size(); left > 0; ++piece) {
    left = 0;
    for (size_t i = 0; i < peers.size(); ++i) {
      const Conversation& conversation = GetParam().conversations[i];
      if (piece >= conversation.size()) continue;
      ++left;
      peers[i]->Send(conversation[piece]);
      peers[i]->ExpireReadTimeout();
    }
  }
  for (size_t i = 0; i < peers.size(); ++i) {
    ExpectSame(*peers[i], *Play(GetParam().conversations[i]));
  }
}

TEST_P(CodecConformanceTest, ANotificationIsSentOrRefused) {
  const auto peer = Connect();
  const std::string before = peer->output();
  std::string out = "before";
  const absl::Status status = peer->codec().EncodeNotification(
      Notification{{1, 3, 6, 1, 6, 3, 1, 1, 5, 1}, "", {}}, &out);
  EXPECT_TRUE(absl::StartsWith(out, "before"));
  EXPECT_EQ(out == "before", !status.ok()) << status;
}

TEST_P(CodecConformanceTest, CloseAppends) {
  std::string out = "before";
  Connect()->codec().Close(&out);
  EXPECT_TRUE(absl::StartsWith(out, "before"));
}

}  // namespace passpersist_testing
