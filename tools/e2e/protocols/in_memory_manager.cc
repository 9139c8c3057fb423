// SPDX-License-Identifier: Apache-2.0

#include "tools/e2e/protocols/in_memory_manager.h"

#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "gtest/gtest.h"
#include "passpersist/agent.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/transport.h"
#include "passpersist/value.h"
#include "tools/e2e/snmpd/playpen.h"
#include "tools/e2e/snmpd/snmpd_agent.h"
#include "tools/passpersist/text/value_text.h"
#include "tools/process/testing/wait.h"
#include "transport/debug/debug.pb.h"
#include "transport/debug/debug_client.h"
#include "transport/debug/debug_codec.h"
#include "transport/debug/debug_values.h"
#include "transport/memory/in_memory_transport.h"
#include "transport/pass_persist/pass_persist_client.h"
#include "transport/pass_persist/pass_persist_codec.h"

namespace passpersist_testing {

using passpersist::Agent;
using passpersist::AgentBuilder;
using passpersist::Codec;
using passpersist::DebugClient;
using passpersist::DebugCodec;
using passpersist::ErrorStatus;
using passpersist::InMemoryTransport;
using passpersist::Oid;
using passpersist::PassPersistClient;
using passpersist::PassPersistCodec;
using passpersist::ResponseVarBind;
using passpersist::Transport;
using passpersist::Value;
using passpersist::VarBind;
namespace debug = passpersist::debug;

namespace {

// An agent with a transport to this process.
class InMemoryAgent {
 public:
  InMemoryAgent(AgentBuilder builder, std::unique_ptr<Codec> codec) {
    auto [here, there] = InMemoryTransport::MakePair();
    transport_ = std::move(here);
    builder.SetTransport(std::move(there)).SetCodec(std::move(codec));
    agent_ = builder.Build().value();
    runner_ = std::thread([this] {
      const absl::Status status = agent_->Run();
      EXPECT_TRUE(status.ok()) << status;
    });
  }

  ~InMemoryAgent() {
    agent_->Shutdown();
    runner_.join();
  }

  Transport* transport() { return transport_.get(); }

 private:
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<Agent> agent_;
  std::thread runner_;
};

// The common parts of the clients that use Oids and Values.
class ValueManager : public Manager {
 public:
  std::string Get(const std::string& name) override {
    return Text(GetBinding(OidOf(name)));
  }

  std::string GetNext(const std::string& name) override {
    return Text(GetNextBinding(OidOf(name)));
  }

  std::vector<std::string> Walk(const std::string& name) override {
    std::vector<std::string> bindings;
    const Oid root = OidOf(name);
    ResponseVarBind binding = GetNextBinding(root);
    while (!IsException(binding.value) && binding.oid.StartsWith(root)) {
      bindings.push_back(Text(binding));
      binding = GetNextBinding(binding.oid);
    }
    return bindings;
  }

  std::string Set(const std::string& name, const Value& value) override {
    return CanonicalError(ErrorStatusName(SetBinding({OidOf(name), value})));
  }

 private:
  virtual ResponseVarBind GetBinding(const Oid& oid) = 0;
  virtual ResponseVarBind GetNextBinding(const Oid& oid) = 0;
  virtual ErrorStatus SetBinding(const VarBind& binding) = 0;

  static Oid OidOf(const std::string& name) {
    return name.empty() ? Playpen() : Playpen(Oid::Parse(name).value());
  }

  static std::string Text(const ResponseVarBind& binding) {
    const std::string name = binding.oid.ToString();
    return CanonicalBinding(absl::StrCat(
        absl::StripPrefix(name, absl::StrCat(kPlaypen, ".")), " = ",
        passpersist::tool::TextOf(binding.value).ToString()));
  }
};

class PassPersistManagerImpl : public ValueManager {
 public:
  explicit PassPersistManagerImpl(AgentBuilder builder)
      : agent_(std::move(builder), std::make_unique<PassPersistCodec>()),
        client_(agent_.transport(), {kTimeout}) {}

 private:
  ResponseVarBind GetBinding(const Oid& oid) override {
    return client_.GetValue(oid).value();
  }
  ResponseVarBind GetNextBinding(const Oid& oid) override {
    return client_.GetNextValue(oid).value();
  }
  ErrorStatus SetBinding(const VarBind& binding) override {
    return client_.SetValue(binding).value();
  }

  InMemoryAgent agent_;
  PassPersistClient client_;
};

class DebugManagerImpl : public ValueManager {
 public:
  DebugManagerImpl(AgentBuilder builder, bool sets_in_phases)
      : sets_in_phases_(sets_in_phases),
        agent_(std::move(builder), DebugCodec::Factory()()),
        client_(agent_.transport(), {kTimeout}) {}

 private:
  ResponseVarBind GetBinding(const Oid& oid) override {
    debug::Request request;
    request.mutable_get()->add_oids(oid.ToString());
    return Read(request);
  }

  ResponseVarBind GetNextBinding(const Oid& oid) override {
    debug::Request request;
    request.mutable_get_next()->add_ranges()->set_start(oid.ToString());
    return Read(request);
  }

  ErrorStatus SetBinding(const VarBind& binding) override {
    debug::Request request;
    if (!sets_in_phases_) {
      passpersist::ToProto(binding, request.mutable_set()->add_bindings());
      return Error(request);
    }
    passpersist::ToProto(binding, request.mutable_test_set()->add_bindings());
    ErrorStatus error = Error(request);
    if (error == ErrorStatus::kNoError) {
      request.mutable_commit_set();
      error = Error(request);
    }
    request.mutable_cleanup_set();
    EXPECT_TRUE(client_.Call(request).ok());
    return error;
  }

  ErrorStatus Error(const debug::Request& request) {
    return static_cast<ErrorStatus>(client_.Call(request).value().error());
  }

  ResponseVarBind Read(const debug::Request& request) {
    const debug::Response response = client_.Call(request).value();
    ResponseVarBind binding;
    const absl::Status status =
        passpersist::FromProto(response.bindings(0), &binding);
    EXPECT_TRUE(status.ok()) << status;
    return binding;
  }

  const bool sets_in_phases_;
  InMemoryAgent agent_;
  DebugClient client_;
};

}  // namespace

std::unique_ptr<Manager> PassPersistManager(AgentBuilder builder) {
  return std::make_unique<PassPersistManagerImpl>(std::move(builder));
}

std::unique_ptr<Manager> DebugManager(AgentBuilder builder,
                                      bool sets_in_phases) {
  return std::make_unique<DebugManagerImpl>(std::move(builder), sets_in_phases);
}

}  // namespace passpersist_testing
