// SPDX-License-Identifier: Apache-2.0
//
// snmpd reads PONGs that the agent sends before their PING.

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/raw_set.h"
#include "tools/process/testing/wait.h"
#include "transport/debug/debug.pb.h"
#include "transport/recording/recording_reader.h"

namespace passpersist_testing {
namespace {

using passpersist::RecordingReader;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class EarlyPongTest : public PlaypenTest {
 protected:
  void SetUp() override {
    StartSnmpd({AgentLine(kPlaypen, "recording/recording_agent",
                          {PathOf("agent.rec"), SocketPathOf("agent.sock")})});
  }

  // How many recorded answers a PONG follows, and how many PINGs have no answer
  // of their own.
  struct Counts {
    int early_pongs = 0;
    int pings_without_answer = 0;
  };

  Counts Count() const {
    absl::StatusOr<RecordingReader> reader =
        RecordingReader::Open(PathOf("agent.rec"));
    passpersist::debug::Event event;
    Counts counts;
    while (reader.ok() && reader->Next(&event).value()) {
      const auto& request = event.request_event();
      if (request.has_request() && absl::EndsWith(request.sent(), "\nPONG\n")) {
        ++counts.early_pongs;
      }
      if (absl::EndsWith(request.received(), "PING\n") &&
          request.sent().empty()) {
        ++counts.pings_without_answer;
      }
    }
    return counts;
  }
};

TEST_F(EarlyPongTest, OneProcessAnswersWalksAndSets) {
  EXPECT_THAT(client().Get({"1.0"}).bindings, ElementsAre("1.0 = INTEGER: 5"));
  const pid_t pid = Agent().pid();
  constexpr int kRounds = 10;
  for (int i = 0; i < kRounds; ++i) {
    EXPECT_THAT(client().Walk("").bindings, SizeIs(6));
    EXPECT_THAT(client().BulkWalk("", 3).bindings, SizeIs(6));
    EXPECT_EQ(client().Set("1.0", "i", absl::StrCat(i)).exit_status, 0);
    EXPECT_THAT(client().Get({"1.0", "9.0", "1.0"}).bindings,
                ElementsAre(absl::StrCat("1.0 = INTEGER: ", i),
                            HasSubstr("No Such Instance"),
                            absl::StrCat("1.0 = INTEGER: ", i)));
    EXPECT_EQ(client().Set("4.0", "i", "7").error, "wrongValue");
    EXPECT_EQ(client().Set("4.0", "s", "text").error, "wrongType");
    EXPECT_EQ(client().Set("9.0", "i", "7").error, "notWritable");
    // snmpd has no text for a Counter64, and sends any bytes for it.
    EXPECT_TRUE(RawSet(snmpd().port(), snmpd().community(),
                       absl::StrCat(kPlaypen, ".4.0"), RawType::kCounter64, 7)
                    .ok());
    EXPECT_THAT(client().GetNext({"3.1", "4.0"}).bindings, SizeIs(2));
  }
  EXPECT_EQ(Agent().pid(), pid);
  // The recorder writes a little later.
  Counts counts;
  EXPECT_TRUE(Eventually([&] {
    counts = Count();
    return counts.early_pongs > 20 * kRounds &&
           counts.pings_without_answer >= counts.early_pongs - 1;
  })) << counts.early_pongs
      << " early PONGs, PINGs without an answer: "
      << counts.pings_without_answer;
}

}  // namespace
}  // namespace passpersist_testing
