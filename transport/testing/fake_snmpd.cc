#include "transport/testing/fake_snmpd.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "transport/in_memory_transport.h"
#include "transport/pass_persist_codec.h"

namespace passpersist_testing {

using passpersist::Agent;
using passpersist::AgentBuilder;
using passpersist::InMemoryTransport;
using passpersist::PassPersistCodec;

namespace {

// Longer than any answer takes; only a broken agent makes a test wait so long.
constexpr absl::Duration kPatience = absl::Seconds(20);

}  // namespace

FakeSnmpd::FakeSnmpd(AgentBuilder builder) {
  auto [agent_end, snmpd_end] = InMemoryTransport::MakePair();
  snmpd_end_ = std::move(snmpd_end);
  auto scheduler = std::make_unique<ManualScheduler>();
  scheduler_ = scheduler.get();
  builder.SetTransport(std::move(agent_end))
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetScheduler(std::move(scheduler));
  absl::StatusOr<std::unique_ptr<Agent>> agent = builder.Build();
  if (!agent.ok()) {
    ADD_FAILURE() << agent.status();
    return;
  }
  agent_ = *std::move(agent);
  thread_ = std::thread([this] {
    const absl::Status status = agent_->Run();
    EXPECT_TRUE(status.ok()) << status;
  });
  // PONG comes after the first updates.
  EXPECT_EQ(Send(""), "");
}

FakeSnmpd::~FakeSnmpd() {
  snmpd_end_.reset();
  if (thread_.joinable()) thread_.join();
}

std::string FakeSnmpd::Get(absl::string_view oid) {
  const Answer answer = Ask("get", oid);
  if (!answer.name.empty() && answer.name != oid) {
    return absl::StrCat("an answer for ", answer.name);
  }
  // How snmpd takes an unknown type.
  return answer.value == "null " ? "NONE" : answer.value;
}

std::string FakeSnmpd::GetNext(absl::string_view oid) {
  const Answer answer = Ask("getnext", oid);
  if (answer.name.empty()) return answer.value;
  return absl::StrCat(answer.name, " = ", answer.value);
}

std::vector<std::string> FakeSnmpd::Walk(absl::string_view oid) {
  std::vector<std::string> instances;
  Answer answer = Ask("getnext", oid);
  while (!answer.name.empty()) {
    instances.push_back(absl::StrCat(answer.name, " = ", answer.value));
    answer = Ask("getnext", answer.name);
  }
  if (answer.value != "NONE") instances.push_back(answer.value);
  return instances;
}

std::string FakeSnmpd::Set(absl::string_view oid, absl::string_view value) {
  if (Ask("get", oid).name.empty()) return "not-writable";
  const std::string problem =
      Send(absl::StrCat("set\n", oid, "\n", value, "\n"));
  return problem.empty() ? ReadLine() : problem;
}

std::string FakeSnmpd::ReadLine() {
  while (!absl::StrContains(received_, '\n')) {
    const absl::StatusOr<size_t> count =
        snmpd_end_->Read(&received_, kPatience);
    if (!count.ok()) return count.status().ToString();
    if (*count == 0) return "the agent has gone";
  }
  const size_t end = received_.find('\n');
  const std::string line = received_.substr(0, end);
  received_.erase(0, end + 1);
  return line;
}

std::string FakeSnmpd::Send(absl::string_view request) {
  if (agent_ == nullptr) return "there is no agent";
  absl::Status status = snmpd_end_->Write("PING\n");
  if (!status.ok()) return status.ToString();
  const std::string pong = ReadLine();
  if (pong != "PONG") return absl::StrCat("no PONG: ", pong);
  status = snmpd_end_->Write(request);
  return status.ok() ? "" : status.ToString();
}

FakeSnmpd::Answer FakeSnmpd::Ask(absl::string_view command,
                                 absl::string_view oid) {
  const std::string problem = Send(absl::StrCat(command, "\n", oid, "\n"));
  if (!problem.empty()) return {"", problem};
  std::string name = ReadLine();
  if (!absl::StartsWith(name, ".")) return {"", std::move(name)};
  const std::string type = ReadLine();
  return {std::move(name), absl::StrCat(type, " ", ReadLine())};
}

}  // namespace passpersist_testing
