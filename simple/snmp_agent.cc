// SPDX-License-Identifier: Apache-2.0

#include "simple/snmp_agent.h"

#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "passpersist/agent.h"
#include "passpersist/agent_main.h"
#include "passpersist/oid.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/transport.h"
#include "store/trie_store.h"
#include "transport/debug/debug_codec.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"
#include "transport/posix/process_sys_up_time.h"
#include "transport/posix/unix_listener.h"

namespace passpersist {
namespace {

constexpr absl::string_view kRoot = "--root";
constexpr absl::string_view kDebugSocket = "--debug-socket";
constexpr absl::string_view kSnmpdPid = "--snmpd-pid";

bool IsOption(absl::string_view option) {
  return option == kRoot || option == kDebugSocket || option == kSnmpdPid;
}

}  // namespace

// PassPersistCodec serves both carriers: a `pass` request has the same text.
SnmpAgent::SnmpAgent() {
  SetCodec(std::make_unique<PassPersistCodec>());
  SetStoreFactory(TrieStore::Factory());
  SetScheduler(std::make_unique<ThreadScheduler>());
  SetSysUpTime(std::make_shared<ProcessSysUpTime>());
}

SnmpAgent::SnmpAgent(int& argc, char** argv) : SnmpAgent() {
  pass_request_ = PassRequest::Take(&argc, argv);
  if (pass_request_) {
    RequireDurableSetters();
    ExpectOnly(pass_request_->name(), pass_request_->is_next());
  }
  int kept = 0;
  for (int i = 0; i < argc; ++i) {
    const absl::string_view argument = argv[i];
    const absl::string_view option = argument.substr(0, argument.find('='));
    if (i == 0 || !IsOption(option)) {
      argv[kept++] = argv[i];
    } else if (option.size() < argument.size()) {
      SetOption(option, argument.substr(option.size() + 1));
    } else if (i + 1 < argc) {
      SetOption(option, argv[++i]);
    } else {
      command_line_.Update(
          absl::InvalidArgumentError(absl::StrCat(option, " has no value")));
    }
  }
  argc = kept;
  argv[kept] = nullptr;
}

void SnmpAgent::SetOption(absl::string_view option, absl::string_view value) {
  if (option == kRoot) {
    absl::StatusOr<Oid> root = Oid::Parse(value);
    if (root.ok()) {
      ServeOnly(*std::move(root));
    } else {
      command_line_.Update(absl::InvalidArgumentError(
          absl::StrCat(option, ": ", root.status().message())));
    }
  } else if (option == kSnmpdPid) {
    ProcessSysUpTimeOptions options;
    if (absl::SimpleAtoi(value, &options.pid) && options.pid > 0) {
      SetSysUpTime(std::make_shared<ProcessSysUpTime>(options));
    } else {
      command_line_.Update(absl::InvalidArgumentError(
          absl::StrCat(option, ": \"", value, "\" is not a process ID")));
    }
  } else if (!pass_request_) {
    AddListener(UnixListener::Listen(std::string(value)),
                DebugCodec::Factory());
  }
}

int SnmpAgent::Run() {
  if (!has_transport()) {
    if (pass_request_) AnswerPassRequest();
    SetTransport(FdTransport::Stdio());
  }
  if (!command_line_.ok()) AgentMain(command_line_);
  AgentMain(Build());
}

void SnmpAgent::AnswerPassRequest() {
  // Before anything can print: snmpd reads standard error, too.
  const std::unique_ptr<Transport> output = FdTransport::Stdio();
  std::string reply;
  absl::Status status = command_line_;
  absl::StatusOr<std::unique_ptr<Agent>> agent = nullptr;
  if (status.ok() && pass_request_->needs_agent()) {
    SetTransport(pass_request_->Connect(&reply));
    agent = Build();
    status = agent.ok() ? (*agent)->Run() : agent.status();
  }
  status.Update(output->Write(pass_request_->AnswerFor(reply)));
  if (!status.ok()) AgentMain(std::move(status));
  // As AgentMain(), without the destructor of the agent.
  std::quick_exit(EXIT_SUCCESS);
}

}  // namespace passpersist
