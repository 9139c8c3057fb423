// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_TESTING_REQUEST_HANDLER_FIXTURE_H_
#define PASSPERSIST_AGENT_TESTING_REQUEST_HANDLER_FIXTURE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/request_handler.h"
#include "passpersist/agent/sets/setter_locks.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/agent/testing/task_queue.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_setter.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// Serves a table of two columns at .1.3, and a scalar at .1.5. A FakeSetter
// sets each column, and one that never refuses sets .1.3.0.4.
class RequestHandlerTest : public testing::Test {
 protected:
  std::string Handle(Operation operation) {
    return HandleIn(0, 0, std::move(operation));
  }

  // All requests share their memory, as those of a connection do.
  std::string HandleIn(uint32_t session, uint32_t transaction,
                       Operation operation) {
    pending_.request.session = session;
    pending_.request.transaction = transaction;
    pending_.request.operation = std::move(operation);
    Handle(&pending_);
    return passpersist_testing::Text(pending_.response);
  }

  void Handle(PendingRequest* pending) { Handle(pending, &handler_); }

  // Of another connection, for example.
  void Handle(PendingRequest* pending, RequestHandler* handler) {
    pending->read.asker.now = clock_.Now();
    pending->read.asker.deadline = absl::InfiniteDuration();
    pending->read.asker.waker = waker_;
    handler->Begin(pending);
    EXPECT_EQ(handler->Advance(pending), RequestHandler::Progress::kDone);
  }

  // The labels of the last response.
  std::vector<std::string> Labels() const {
    std::vector<std::string> labels;
    for (const InstanceInfo& info : pending_.response.instance_info) {
      labels.push_back(info.label);
    }
    return labels;
  }

  passpersist_testing::FakeSetter::Log TakeSteps() {
    return std::exchange(steps_, {});
  }

  MibTree::Setters MakeSetters() {
    MibTree::Setters setters;
    for (const Oid& column : {Oid{1, 3, 1}, Oid{1, 3, 2}}) {
      auto setter = std::make_unique<passpersist_testing::FakeSetter>(
          &steps_, [this](const std::string& step) { return outcome_(step); });
      fake_setters_.push_back(setter.get());
      setters[column] = std::move(setter);
    }
    setters[Oid{1, 3, 0, 4}] =
        std::make_unique<passpersist_testing::FakeSetter>(&steps_);
    return setters;
  }

  passpersist_testing::FakeSetter::Log steps_;
  std::vector<passpersist_testing::FakeSetter*> fake_setters_;  // of columns
  passpersist_testing::FakeSetter::Outcome outcome_ = [](const std::string&) {
    return ErrorStatus::kNoError;
  };
  const std::shared_ptr<passpersist_testing::FakeStore> table_ =
      std::make_shared<passpersist_testing::FakeStore>(
          passpersist_testing::FakeStore::Entries{
              {{1, 1}, Integer32{11}},
              {{1, 2}, Integer32{12}},
              {{2, 1}, Integer32{21}},
              {{2, 2}, Integer32{22}},
          });
  const MibTree objects_ = MakeMibTree(
      {{Oid{1, 3}, table_},
       {Oid{1, 5},
        std::make_shared<passpersist_testing::FakeStore>(
            passpersist_testing::FakeStore::Entries{{{0}, Integer32{50}}})}},
      MakeSetters(), /*is_updated=*/true);
  passpersist_testing::SimulatedClock clock_;
  passpersist_testing::ErrorLog log_;
  ErrorReporter errors_{log_.Hook()};
  const std::shared_ptr<Waker> waker_ =
      std::make_shared<Waker>(&clock_, nullptr);
  ComputedValueRunner computed_values_{&clock_, {}, RunInline()};
  SetterLocks setter_locks_;
  const RequestHandler::Shared shared_{
      &objects_,
      &clock_,
      &errors_,
      &computed_values_,
      {&objects_, &errors_, &computed_values_, &setter_locks_, RunInline(),
       [](const Oid&) {}},
      absl::InfiniteDuration(),
      {}};
  RequestHandler handler_{&shared_,
                          [](const Oid&, const Value& value) {
                            return value == Value(OctetString{"unsendable"})
                                       ? absl::OutOfRangeError("unsendable")
                                       : absl::OkStatus();
                          },
                          /*request_is_pdu=*/true};
  PendingRequest pending_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_TESTING_REQUEST_HANDLER_FIXTURE_H_
