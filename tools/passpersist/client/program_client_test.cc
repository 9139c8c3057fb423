// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/client/program_client.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "passpersist/testing/status_matchers.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/testing/debug_test_messages.h"

namespace passpersist::tool {
namespace {

using passpersist_testing::FromText;
using passpersist_testing::IsMessage;
using passpersist_testing::IsOk;
using passpersist_testing::StatusIs;
using testing::ElementsAre;
using testing::HasSubstr;

// Serves .1.3.1 and .1.3.10, and grants sets of the value 5.
constexpr char kProgram[] = R"(
  one() { printf '.1.3.1\nINTEGER\n5\n'; }
  while read command; do
    case $command in
      PING) echo PONG ;;
      get) read oid
        case $oid in
          .1.3.1) one ;;
          .1.3.7) echo nonsense ;;
          .1.3.8) exit 3 ;;
          .1.3.9) echo trouble >&2; echo NONE ;;
          *) echo NONE ;;
        esac ;;
      getnext) read oid
        case $oid in
          .1.3|.1.3.6.1|.1) one ;;
          .1.3.1) printf '.1.3.10\nSTRING\nten\n' ;;
          .1.4) printf '.1.4.1\nGAUGE\n1\n' ;;
          .1.4.1) echo nonsense ;;
          *) echo NONE ;;
        esac ;;
      set) read oid; read value; read blank
        if [ "$value" = "integer 5" ]; then echo DONE; else echo wrong-value; fi ;;
    esac
  done)";

class ProgramClientTest : public testing::Test {
 protected:
  ProgramClientTest() {
    ProgramClient::Options options;
    options.limit = absl::Seconds(60);
    options.standard_error = [this](absl::string_view text) {
      standard_error_.append(text.data(), text.size());
    };
    client_ =
        ProgramClient::Start({"/bin/sh", "-c", kProgram}, options).value();
  }

  absl::StatusOr<debug::Response> Call(const std::string& request) {
    return client_->Call(FromText<debug::Request>(request));
  }

  std::string standard_error_;
  std::unique_ptr<ProgramClient> client_;
};

TEST_F(ProgramClientTest, Get) {
  EXPECT_THAT(Call("get { oids: '.1.3.1' oids: '.1.3.2' }").value(),
              IsMessage("bindings { oid: '.1.3.1' integer: 5 } "
                        "bindings { oid: '.1.3.2' "
                        "exception: NO_SUCH_INSTANCE }"));
}

TEST_F(ProgramClientTest, GetNextStaysInItsRange) {
  EXPECT_THAT(Call("get_next { ranges { start: '.1.3' } "
                   "ranges { start: '.1.3.1' inclusive: true } "
                   "ranges { start: '.1.3.1' end: '.1.3.10' } ranges { } }")
                  .value(),
              IsMessage("bindings { oid: '.1.3.1' integer: 5 } "
                        "bindings { oid: '.1.3.1' integer: 5 } "
                        "bindings { oid: '.1.3.1' exception: END_OF_MIB_VIEW } "
                        "bindings { oid: '.1.3.1' integer: 5 }"));
}

TEST_F(ProgramClientTest, GetBulkIsManyGetNexts) {
  EXPECT_THAT(Call("get_bulk { non_repeaters: 1 max_repetitions: 5 "
                   "ranges { start: '.1.3' } ranges { start: '.1.3' } }")
                  .value(),
              IsMessage("bindings { oid: '.1.3.1' integer: 5 } "
                        "bindings { oid: '.1.3.1' integer: 5 } "
                        "bindings { oid: '.1.3.10' octet_string: 'ten' } "
                        "bindings { oid: '.1.3.10' "
                        "exception: END_OF_MIB_VIEW }"));
}

TEST_F(ProgramClientTest, GetBulkReturnsTheBindingsBeforeAnError) {
  EXPECT_THAT(
      Call("get_bulk { max_repetitions: 5 ranges { start: '.1.4' } }").value(),
      IsMessage("bindings { oid: '.1.4.1' gauge32: 1 }"));
  EXPECT_THAT(Call("get { oids: '.1.3.1' }"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("nonsense")));
  EXPECT_THAT(Call("get { oids: '.1.3.1' }"), IsOk());
}

TEST_F(ProgramClientTest, SetStopsAtTheFirstRefusal) {
  EXPECT_THAT(Call("set { bindings { oid: '.1.3.1' integer: 5 } }").value(),
              IsMessage(""));
  EXPECT_THAT(Call("set { bindings { oid: '.1.3.1' integer: 5 } "
                   "bindings { oid: '.1.3.1' integer: 6 } "
                   "bindings { oid: '.1.3.2' integer: 5 } }")
                  .value(),
              IsMessage("error: WRONG_VALUE error_index: 2"));
}

TEST_F(ProgramClientTest, AValueThatSnmpdCanNotSetIsAnError) {
  EXPECT_THAT(
      Call("set { bindings { oid: '.1.3.1' counter64: 5 } }"),
      StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("Counter64")));
  EXPECT_THAT(Call("get { oids: '.1.3.1' }"), IsOk());
}

TEST_F(ProgramClientTest, DumpIsAWalk) {
  std::vector<std::string> names;
  const auto take = [&names](const debug::DumpEntry& entry) {
    names.push_back(entry.binding().oid());
    return absl::OkStatus();
  };
  EXPECT_THAT(client_->Dump(FromText<debug::Dump>(""), take), IsOk());
  EXPECT_THAT(names, ElementsAre(".1.3.1", ".1.3.10"));
  names.clear();
  EXPECT_THAT(client_->Dump(FromText<debug::Dump>("limit: 1"), take), IsOk());
  EXPECT_THAT(names, ElementsAre(".1.3.1"));
}

TEST_F(ProgramClientTest, UnsupportedRequestsAreNamed) {
  EXPECT_THAT(Call("run_update { root: '.1.3' }"),
              StatusIs(absl::StatusCode::kUnimplemented,
                       "a pass_persist program doesn't support run_update"));
  EXPECT_THAT(Call("describe { }"),
              StatusIs(absl::StatusCode::kUnimplemented,
                       "a pass_persist program doesn't support describe"));
}

TEST_F(ProgramClientTest, AProgramThatBreaksTheProtocolIsStartedAgain) {
  EXPECT_THAT(Call("get { oids: '.1.3.7' }"),
              StatusIs(absl::StatusCode::kDataLoss, HasSubstr("nonsense")));
  EXPECT_THAT(Call("get { oids: '.1.3.1' }"), IsOk());
  EXPECT_THAT(Call("get { oids: '.1.3.8' }"),
              StatusIs(absl::StatusCode::kUnavailable,
                       HasSubstr("the program has ended")));
  EXPECT_THAT(Call("get { oids: '.1.3.1' }"), IsOk());
}

TEST_F(ProgramClientTest, StandardErrorIsPassedOn) {
  EXPECT_THAT(Call("get { oids: '.1.3.1' }"), IsOk());
  EXPECT_EQ(standard_error_, "");
  EXPECT_THAT(Call("get { oids: '.1.3.9' oids: '.1.3.9' }"), IsOk());
  EXPECT_EQ(standard_error_, "trouble\ntrouble\n");
}

TEST(ProgramClientStartTest, NamesTheProgramThatCanNotBeStarted) {
  EXPECT_THAT(
      ProgramClient::Start({"/no/such/program"}, ProgramClient::Options()),
      StatusIs(absl::StatusCode::kNotFound, HasSubstr("/no/such/program")));
}

TEST(ProgramClientStartTest, WaitsNoLongerThanTheLimit) {
  ProgramClient::Options options;
  options.limit = absl::Milliseconds(20);
  const auto client = ProgramClient::Start({"/bin/sleep", "1000"}, options);
  ASSERT_THAT(client, IsOk());
  EXPECT_THAT(
      (*client)->Call(FromText<debug::Request>("get { oids: '.1.3.1' }")),
      StatusIs(absl::StatusCode::kDeadlineExceeded, HasSubstr("PING")));
}

}  // namespace
}  // namespace passpersist::tool
