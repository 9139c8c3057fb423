// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_TESTING_MIB_READER_FIXTURE_H_
#define PASSPERSIST_AGENT_TESTING_MIB_READER_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "passpersist/agent/calls/computed_value_runner.h"
#include "passpersist/agent/calls/waker.h"
#include "passpersist/agent/errors/error_reporter.h"
#include "passpersist/agent/mib/mib_tree.h"
#include "passpersist/agent/reading/mib_reader.h"
#include "passpersist/agent/testing/make_mib_tree.h"
#include "passpersist/agent/testing/task_queue.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/testing/error_log.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/testing/response_text.h"
#include "passpersist/testing/simulated_clock.h"
#include "passpersist/value.h"

namespace passpersist::internal {

// Reads three subtrees whose roots look alike as text: .1.3.8 is `first_`,
// .1.3.9 is `second_`, .1.3.80 is `third_`.
class MibReaderTest : public testing::Test {
 protected:
  // A request that waits as long as a function takes. It is a whole PDU, or a
  // part of one if request_is_pdu_ is false.
  class Request {
   public:
    Request(MibReaderTest* test, MibReader* reader, const Oid& first_name)
        : reader_(*reader) {
      request_.asker.now = test->clock_.Now();
      request_.asker.deadline = absl::InfiniteDuration();
      request_.asker.waker = test->waker_;
      reader_.BeginRequest(first_name, test->request_is_pdu_, &request_);
    }
    ~Request() {
      reader_.EndRequest(&request_);
      reader_.OnAnswer(request_.asker.now);
    }

    MibReader::Request* get() { return &request_; }

   private:
    MibReader& reader_;
    MibReader::Request request_;
  };

  std::string Get(const Oid& oid) {
    ResponseVarBind binding = {oid, Value()};
    Request request(this, &reader_, oid);
    reader_.Get(&binding, request.get());
    EXPECT_EQ(binding.oid, oid);
    return passpersist_testing::Text(binding);
  }

  // "end" if there is no further instance.
  std::string Next(const SearchRange& range) {
    ResponseVarBind binding;
    Request request(this, &reader_, range.start);
    return reader_.Next(range, &binding, request.get()) ==
                   MibReader::Step::kFound
               ? passpersist_testing::Text(binding)
               : "end";
  }
  std::string Next(const Oid& start) { return Next({start, false, {}}); }

  // The instances that a manager gets by repeated GETNEXT requests.
  std::vector<std::string> Walk(const Oid& start, const Oid& end = {}) {
    return Walk({start, false, end}, &reader_);
  }
  std::vector<std::string> Walk(SearchRange range, MibReader* reader) {
    std::vector<std::string> lines;
    ResponseVarBind binding;
    while (lines.size() < 50) {
      Request request(this, reader, range.start);
      if (reader->Next(range, &binding, request.get()) !=
          MibReader::Step::kFound) {
        break;
      }
      lines.push_back(passpersist_testing::Text(binding));
      range.start = binding.oid;
    }
    return lines;
  }

  static void Replace(
      passpersist_testing::FakeStore* store,
      const std::vector<std::pair<Oid, absl::StatusOr<Value>>>& values) {
    Contents contents;
    for (const auto& [suffix, value] : values) contents.Put(suffix, value);
    ASSERT_TRUE(store->Replace(std::move(contents)).ok());
  }

  // Rejects strings of more than ten characters.
  static absl::Status CheckBinding(const Oid& oid, const Value& value) {
    const auto* const string = std::get_if<OctetString>(&value);
    if (string == nullptr || string->bytes.size() <= 10) {
      return absl::OkStatus();
    }
    return absl::OutOfRangeError(absl::StrCat(oid.ToString(), " is too long"));
  }

  const std::shared_ptr<passpersist_testing::FakeStore> first_ =
      std::make_shared<passpersist_testing::FakeStore>();
  const std::shared_ptr<passpersist_testing::FakeStore> second_ =
      std::make_shared<passpersist_testing::FakeStore>();
  const std::shared_ptr<passpersist_testing::FakeStore> third_ =
      std::make_shared<passpersist_testing::FakeStore>();
  const MibTree objects_ = MakeMibTree({{Oid{1, 3, 8}, first_},
                                        {Oid{1, 3, 9}, second_},
                                        {Oid{1, 3, 80}, third_}});
  passpersist_testing::SimulatedClock clock_;
  passpersist_testing::ErrorLog log_;
  ErrorReporter errors_{log_.Hook()};
  const std::shared_ptr<Waker> waker_ =
      std::make_shared<Waker>(&clock_, nullptr);
  ComputedValueRunner computed_values_{&clock_, {}, RunInline()};
  bool request_is_pdu_ = true;
  MibReader reader_{&objects_, &errors_, &computed_values_, CheckBinding, {}};
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_TESTING_MIB_READER_FIXTURE_H_
