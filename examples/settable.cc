// SPDX-License-Identifier: Apache-2.0
//
// Serves a number that can be set, and stores it in a file: settable FILE.
// Shows a setter that is a function, and a program that chooses each part of
// its agent: SnmpAgent (disk_table.cc) chooses them for you.

#include <memory>
#include <string>
#include <variant>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "examples/atomic_file.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/scheduling/thread_scheduler.h"
#include "passpersist/setter.h"
#include "store/btree_store.h"
#include "transport/pass_persist/pass_persist_codec.h"
#include "transport/posix/fd_transport.h"

using namespace passpersist;  // NOLINT: an example

namespace {

absl::Status Load(const std::string& path, Contents& contents) {
  const auto text = examples::ReadFile(path);
  int number = 0;  // until the first set
  if (!text.ok() && !absl::IsNotFound(text.status())) return text.status();
  if (text.ok() && !absl::SimpleAtoi(*text, &number)) {
    return absl::DataLossError("not a number in " + path);
  }
  contents.Put({1, 0}, Integer32{number});
  return absl::OkStatus();
}

// Stores a value before the agent acknowledges it, because snmpd ends its
// children by SIGKILL.
SetResult Save(const std::string& path, int number) {
  const absl::Status stored =
      examples::ReplaceFile(path, absl::StrCat(number, "\n"));
  return stored.ok() ? SetResult(ErrorStatus::kNoError) : stored;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) AgentMain(absl::InvalidArgumentError("usage: settable FILE"));
  AgentBuilder builder;
  builder.SetTransport(FdTransport::Stdio())
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>())
      .AddSubtree(
          Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.3"), absl::Minutes(1),
          [path = argv[1]](Contents& contents) { return Load(path, contents); })
      .AddSetter(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.3.1.0"),
                 MakeSetter([path = argv[1]](const Oid&, const Value& value) {
                   return Save(path, std::get<Integer32>(value).value);
                 }));
  AgentMain(builder.Build());
}
