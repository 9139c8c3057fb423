// SPDX-License-Identifier: Apache-2.0
//
// Notifications that snmpd sends when an agent's values change: the lines of
// docs/notifications.md (DISMAN-EVENT-MIB, RFC 2981).

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/raw_request.h"
#include "tools/e2e/snmpd/trap_sink.h"

namespace passpersist_testing {
namespace {

using passpersist::Oid;

// The table of examples/queues.h. Its index is a port and a queue.
constexpr char kPackets[] = ".1.3.6.1.4.1.8072.9999.9999.4.1.1";
constexpr char kDropped[] = ".1.3.6.1.4.1.8072.9999.9999.4.1.3";
constexpr char kLimit[] = ".1.3.6.1.4.1.8072.9999.9999.4.1.4";

// Objects in notifications: snmpTrapOID.0 and snmpTrapEnterprise.0 (RFC 3418),
// mteHotTrigger.0, mteHotOID.0 and mteHotValue.0 (RFC 2981).
constexpr char kTrapOid[] = ".1.3.6.1.6.3.1.1.4.1.0";
constexpr char kTrapEnterprise[] = ".1.3.6.1.6.3.1.1.4.3.0";
constexpr char kHotTrigger[] = ".1.3.6.1.2.1.88.2.1.1.0";
constexpr char kHotOid[] = ".1.3.6.1.2.1.88.2.1.4.0";
constexpr char kHotValue[] = ".1.3.6.1.2.1.88.2.1.5.0";

// What a notification has under a name: BER content.
std::string ContentOf(const RawResponse& notification, absl::string_view name) {
  for (const RawBinding& binding : notification.bindings) {
    if (binding.name.ToString() == name) return binding.content;
  }
  return "";
}

std::string Name(absl::string_view object, absl::string_view index) {
  return BerOid(*Oid::Parse(absl::StrCat(object, index)));
}

class MonitorTest : public PlaypenTest {
 protected:
  MonitorTest() : sink_(TrapSink::Open().value()) {}

  void Start(std::vector<std::string> lines) {
    lines.insert(lines.begin(),
                 {PassPersistLine(absl::StrCat(kPlaypen, ".4"),
                                  "examples/queue_table", {PathOf("queues")}),
                  sink_->Line(), "createUser monitor SHA not-a-secret",
                  "rouser monitor", "agentSecName monitor"});
    StartSnmpd(lines);
  }

  // A line: port, queue, packets, bytes, dropped, limit.
  void Write(absl::string_view queues) const {
    const std::string file = PathOf("queues");
    std::ofstream(file + ".new") << queues;
    std::rename((file + ".new").c_str(), file.c_str());
  }

  // Waits for the next notification that is not snmpd's own.
  RawResponse Next() {
    for (;;) {
      absl::StatusOr<RawResponse> next = sink_->Receive();
      if (!next.ok()) {
        ADD_FAILURE() << next.status() << "\n" << snmpd().Log();
        return RawResponse();
      }
      // The third binding of coldStart and nsNotifyShutdown is
      // snmpTrapEnterprise.0.
      if (next->bindings.size() < 3 ||
          next->bindings[2].name.ToString() != kTrapEnterprise) {
        return *std::move(next);
      }
    }
  }

  std::unique_ptr<TrapSink> sink_;
};

TEST_F(MonitorTest, NamesTheRowWhoseValuePassesALimit) {
  Write("1 0 1 64 0 500\n1 5 1 64 3 500\n");
  ASSERT_NO_FATAL_FAILURE(Start({absl::StrCat(
      "monitor -r 1 -o ", kDropped, " \"long\" ", kLimit, " > 600")}));
  Write("1 0 1 64 0 500\n1 5 1 64 3 1000\n");
  RawResponse notification = Next();
  EXPECT_EQ(ContentOf(notification, kHotTrigger), "long");
  EXPECT_EQ(ContentOf(notification, kHotOid), Name(kLimit, ".1.5"));
  EXPECT_EQ(ContentOf(notification, kHotValue), BerNumber(1000));
  EXPECT_NE(ContentOf(notification, absl::StrCat(kDropped, ".1.5")), "")
      << "another column of the same row";
  // A row that stays above the limit is not notified again.
  Write("1 0 1 64 0 700\n1 5 1 64 3 1001\n");
  EXPECT_EQ(ContentOf(Next(), kHotOid), Name(kLimit, ".1.0"));
}

TEST_F(MonitorTest, NotifiesWhenAnInstanceDisappears) {
  const std::string instance = absl::StrCat(kPackets, ".1.5");
  Write("1 0 1 64 0\n1 5 1 64 3\n");
  // snmpd notices that an instance disappears if it has seen it before: the
  // second line tells that the first one has.
  ASSERT_NO_FATAL_FAILURE(
      Start({absl::StrCat("monitor -r 1 -I \"gone\" ! ", instance),
             absl::StrCat("monitor -r 1 -I \"there\" ", instance)}));
  EXPECT_EQ(ContentOf(Next(), kHotTrigger), "there");
  Write("1 0 1 64 0\n");
  const RawResponse notification = Next();
  EXPECT_EQ(ContentOf(notification, kHotTrigger), "gone");
  EXPECT_EQ(ContentOf(notification, kHotOid), Name(instance, ""));
}

TEST_F(MonitorTest, SendsANotificationOfYourOwn) {
  const std::string type = absl::StrCat(kPlaypen, ".4.0.1");
  Write("1 5 1 64 0 500\n");
  ASSERT_NO_FATAL_FAILURE(Start(
      {absl::StrCat("notificationEvent longQueue ", type, " -o ", kLimit),
       absl::StrCat("monitor -r 1 -e longQueue \"long\" ", kLimit, " > 600")}));
  Write("1 5 1 64 0 1000\n");
  const RawResponse notification = Next();
  EXPECT_EQ(ContentOf(notification, kTrapOid), Name(type, ""));
  EXPECT_EQ(ContentOf(notification, absl::StrCat(kLimit, ".1.5")),
            BerNumber(1000));
}

}  // namespace
}  // namespace passpersist_testing
