// SPDX-License-Identifier: Apache-2.0

#include "passpersist/testing/test_agent.h"

#include <cstddef>
#include <utility>
#include <variant>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "gtest/gtest.h"
#include "passpersist/base/mutex_lock.h"
#include "passpersist/codec.h"
#include "passpersist/testing/fake_store.h"
#include "passpersist/transport.h"

namespace passpersist_testing {

using passpersist::AgentBuilder;
using passpersist::CleanupSet;
using passpersist::CodecHost;
using passpersist::CommitSet;
using passpersist::ErrorStatus;
using passpersist::Notification;
using passpersist::Oid;
using passpersist::Operation;
using passpersist::Request;
using passpersist::Response;
using passpersist::ResponseVarBind;
using passpersist::SearchRange;
using passpersist::Value;
using passpersist::VarBind;
using passpersist::internal::MutexLock;

// Hands requests and responses over between the test and the agent. The bytes
// that the transport carries only tell that a request is there.
//
//   test    Send()                                   returns the response
//   agent           Read()   Decode()  …  Encode()   Read() waits
class TestAgent::Channel {
 public:
  // Returns once the agent waits for the next request: what it does after an
  // answer is then done, so time may pass. Returns nothing if the agent has
  // ended.
  std::optional<Response> Send(Request request) {
    MutexLock lock(mutex_);
    request_ = std::move(request);
    response_.reset();
    AwaitAgent();
    return std::exchange(response_, std::nullopt);
  }

  // Returns once the agent waits for a request, or has ended.
  void AwaitStart() {
    MutexLock lock(mutex_);
    AwaitAgent();
  }

  // Ends the connection, by either side.
  void Close() {
    MutexLock lock(mutex_);
    closed_ = true;
  }

  // --- Called by the agent ---

  // Returns false if the connection has ended.
  bool AwaitRequest() {
    const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return closed_ || request_.has_value();
    };
    MutexLock lock(mutex_);
    waiting_ = true;
    mutex_.Await(absl::Condition(&ready));
    waiting_ = false;
    return !closed_;
  }

  bool TakeRequest(Request* request) {
    MutexLock lock(mutex_);
    if (!request_) return false;
    *request = *std::exchange(request_, std::nullopt);
    return true;
  }

  void Answer(const Response& response) {
    MutexLock lock(mutex_);
    response_ = response;
  }

 private:
  void AwaitAgent() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return closed_ || (waiting_ && !request_.has_value());
    };
    mutex_.Await(absl::Condition(&ready));
  }

  absl::Mutex mutex_;
  std::optional<Request> request_ ABSL_GUARDED_BY(mutex_);
  std::optional<Response> response_ ABSL_GUARDED_BY(mutex_);
  bool waiting_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

class TestAgent::ChannelTransport : public passpersist::Transport {
 public:
  explicit ChannelTransport(std::shared_ptr<Channel> channel)
      : channel_(std::move(channel)) {}

  // Time does not pass while the agent waits, so no timeout ends.
  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration /*timeout*/) override {
    if (!channel_->AwaitRequest()) return 0;
    buffer->push_back('.');
    return 1;
  }
  absl::Status Write(absl::string_view) override { return absl::OkStatus(); }
  void Shutdown() override { channel_->Close(); }

 private:
  const std::shared_ptr<Channel> channel_;
};

class TestAgent::ChannelCodec : public passpersist::Codec {
 public:
  explicit ChannelCodec(std::shared_ptr<Channel> channel)
      : channel_(std::move(channel)) {}

  void Open(const CodecHost&, std::string*) override {}
  absl::StatusOr<Decoded> Decode(absl::string_view* in, Request* request,
                                 std::string*) override {
    in->remove_prefix(in->size());
    return channel_->TakeRequest(request) ? Decoded::kRequest
                                          : Decoded::kIncomplete;
  }
  absl::Status CheckBinding(const Oid&, const Value&) const override {
    return absl::OkStatus();
  }
  absl::Status CheckRoot(const Oid&) const override { return absl::OkStatus(); }
  // That of a CleanupSet, too: it tells that the agent is done.
  void Encode(const Request&, const Response& response, std::string*) override {
    channel_->Answer(response);
  }
  absl::Status EncodeNotification(const Notification&, std::string*) override {
    return absl::UnimplementedError("a TestAgent takes no notifications");
  }
  void Close(std::string*) override {}

 private:
  const std::shared_ptr<Channel> channel_;
};

TestAgent::TestAgent(AgentBuilder builder,
                     std::shared_ptr<Simulation> simulation)
    : simulation_(std::move(simulation)),
      channel_(std::make_shared<Channel>()) {
  if (!builder.has_store_factory()) {
    builder.SetStoreFactory(FakeStore::Factory());
  }
  builder.SetTransport(std::make_unique<ChannelTransport>(channel_))
      .SetCodec(std::make_unique<ChannelCodec>(channel_))
      .SetScheduler(simulation_->NewScheduler())
      .SetClock(simulation_)
      .OnError(errors_.Hook());
  absl::StatusOr<std::unique_ptr<passpersist::Agent>> agent = builder.Build();
  if (!agent.ok()) {
    ADD_FAILURE() << agent.status();
    channel_->Close();
    return;
  }
  agent_ = *std::move(agent);
  thread_ = std::thread([this] {
    const absl::Status status = agent_->Run();
    EXPECT_TRUE(status.ok()) << status;
    channel_->Close();
  });
  channel_->AwaitStart();
}

TestAgent::~TestAgent() {
  channel_->Close();
  if (thread_.joinable()) thread_.join();
}

Response TestAgent::Send(Operation operation) {
  Request request;
  request.transaction = transaction_;
  request.operation = std::move(operation);
  std::optional<Response> response = channel_->Send(std::move(request));
  if (response) return *std::move(response);
  ADD_FAILURE() << "the agent does not run";
  Response error;
  error.error = ErrorStatus::kGenErr;
  return error;
}

GetResult TestAgent::Get(const Oid& oid) {
  const Response response = Send(passpersist::Get{{oid}});
  if (response.bindings.empty()) return GetResult();
  return GetResult(response.bindings[0].value);
}

std::optional<VarBind> TestAgent::GetNext(const Oid& oid) {
  const Response response =
      Send(passpersist::GetNext{{SearchRange{oid, /*inclusive=*/false, {}}}});
  if (response.bindings.empty()) return std::nullopt;
  const ResponseVarBind& binding = response.bindings[0];
  const Value* const value = std::get_if<Value>(&binding.value);
  if (value == nullptr) return std::nullopt;
  return VarBind{binding.oid, *value};
}

std::vector<VarBind> TestAgent::Walk(const Oid& root) {
  std::vector<VarBind> instances;
  std::optional<VarBind> next = GetNext(root);
  while (next && next->oid.StartsWith(root)) {
    instances.push_back(*std::move(next));
    next = GetNext(instances.back().oid);
  }
  return instances;
}

ErrorStatus TestAgent::Set(const std::vector<VarBind>& bindings) {
  ++transaction_;
  ErrorStatus error =
      SendPhase(passpersist::TestSet{{bindings.begin(), bindings.end()}});
  if (error == ErrorStatus::kNoError) {
    error = SendPhase(CommitSet());
    if (error != ErrorStatus::kNoError) {
      const ErrorStatus undone = SendPhase(passpersist::UndoSet());
      return undone == ErrorStatus::kNoError ? error : undone;
    }
  }
  SendPhase(CleanupSet());
  return error;
}

ErrorStatus TestAgent::Set(const Oid& oid, const Value& value) {
  return Set({VarBind{oid, value}});
}

ErrorStatus TestAgent::SendPhase(Operation operation) {
  return Send(std::move(operation)).error;
}

}  // namespace passpersist_testing
