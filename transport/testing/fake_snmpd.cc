// SPDX-License-Identifier: Apache-2.0

#include "transport/testing/fake_snmpd.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/value.h"
#include "transport/memory/in_memory_transport.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/pass_persist/pass_persist_reply.h"

namespace passpersist_testing {

using passpersist::Agent;
using passpersist::AgentBuilder;
using passpersist::InMemoryTransport;
using passpersist::PassPersistClient;
using passpersist::PassPersistCodec;
using passpersist::PassPersistReply;

namespace {

// Longer than any answer takes; a test waits so long only for a faulty agent.
constexpr absl::Duration kAnswerLimit = absl::Seconds(20);

// Returns "INTEGER 123", or "NONE" also for an unknown type, which snmpd treats
// as absent.
std::string ValueOf(const PassPersistReply& reply) {
  const absl::StatusOr<passpersist::ValueOrException> value =
      passpersist::ReadPassPersistValue(reply.type, reply.value);
  const bool absent =
      reply.absent() || (value.ok() && passpersist::IsException(*value));
  return absent ? "NONE" : absl::StrCat(reply.type, " ", reply.value);
}

// True if the name of the reply is below `oid`, as text.
bool IsBelow(const PassPersistReply& reply, absl::string_view oid) {
  absl::string_view name = reply.name;
  return absl::ConsumePrefix(&name, oid) && absl::StartsWith(name, ".");
}

std::string InstanceOf(const PassPersistReply& reply) {
  return absl::StrCat(reply.name, " = ", reply.type, " ", reply.value);
}

// Each call of the harness is a PDU of its own, so that it reads what is the
// newest then.
class PduCodec : public PassPersistCodec {
 public:
  bool RequestIsPdu() const override { return true; }
};

}  // namespace

FakeSnmpd::FakeSnmpd(AgentBuilder builder) {
  auto scheduler = std::make_unique<ManualScheduler>();
  scheduler_ = scheduler.get();
  builder.SetCodec(std::make_unique<PduCodec>())
      .SetScheduler(std::move(scheduler));
  Start(std::move(builder));
}

FakeSnmpd::FakeSnmpd(AgentBuilder builder,
                     std::unique_ptr<passpersist::Codec> codec,
                     std::unique_ptr<passpersist::Scheduler> scheduler) {
  builder.SetCodec(std::move(codec)).SetScheduler(std::move(scheduler));
  Start(std::move(builder));
}

void FakeSnmpd::Start(AgentBuilder builder) {
  auto [agent_end, snmpd_end] = InMemoryTransport::MakePair();
  snmpd_end_ = std::move(snmpd_end);
  PassPersistClient::Options options;
  options.limit = kAnswerLimit;
  client_.emplace(snmpd_end_.get(), options);
  builder.SetTransport(std::move(agent_end));
  if (!builder.has_store_factory()) {
    builder.SetStoreFactory(FakeStore::Factory());
  }
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
  // The agent sends PONG after the first updates.
  const absl::Status status = client_->Ping();
  EXPECT_TRUE(status.ok()) << status;
}

FakeSnmpd::~FakeSnmpd() {
  client_.reset();
  snmpd_end_.reset();
  if (thread_.joinable()) thread_.join();
}

std::string FakeSnmpd::Get(absl::string_view oid) {
  const absl::StatusOr<PassPersistReply> reply = client_->Get(oid);
  if (!reply.ok()) return std::string(reply.status().message());
  if (!reply->absent() && reply->name != oid) {
    return absl::StrCat("an answer for ", reply->name);
  }
  return ValueOf(*reply);
}

std::string FakeSnmpd::GetNext(absl::string_view oid) {
  const absl::StatusOr<PassPersistReply> reply = client_->GetNext(oid);
  if (!reply.ok()) return std::string(reply.status().message());
  if (reply->absent()) return "NONE";
  return InstanceOf(*reply);
}

std::vector<std::string> FakeSnmpd::Walk(absl::string_view oid) {
  std::vector<std::string> instances;
  absl::StatusOr<PassPersistReply> reply = client_->GetNext(oid);
  while (reply.ok() && !reply->absent() && IsBelow(*reply, oid)) {
    instances.push_back(InstanceOf(*reply));
    reply = client_->GetNext(reply->name);
  }
  if (!reply.ok()) instances.emplace_back(reply.status().message());
  return instances;
}

std::string FakeSnmpd::Set(absl::string_view oid, absl::string_view value) {
  const absl::StatusOr<PassPersistReply> present = client_->Get(oid);
  if (present.ok() && present->absent()) return "not-writable";
  const absl::StatusOr<std::string> reply =
      present.ok() ? client_->Set(oid, value) : present.status();
  return reply.ok() ? *reply : std::string(reply.status().message());
}

}  // namespace passpersist_testing
