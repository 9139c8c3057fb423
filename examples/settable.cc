// Serves a number that can be set, kept in a file: settable FILE.

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/thread_scheduler.h"
#include "store/btree_store.h"
#include "transport/fd_transport.h"
#include "transport/pass_persist_codec.h"

using namespace passpersist;  // NOLINT: an example

namespace {

int Load(const std::string& path) {
  int number = 0;
  std::ifstream(path) >> number;
  return number;
}

// What is acknowledged must have been stored, because snmpd ends its children
// by SIGKILL: the new file is on the disk before it takes the old one's name.
ErrorStatus Save(const std::string& path, int number) {
  const std::string next = path + ".next";
  std::FILE* const file = std::fopen(next.c_str(), "w");
  if (file == nullptr) return ErrorStatus::kResourceUnavailable;
  const bool written = std::fprintf(file, "%d\n", number) > 0 &&
                       std::fflush(file) == 0 && fsync(fileno(file)) == 0;
  const bool stored = std::fclose(file) == 0 && written &&
                      std::rename(next.c_str(), path.c_str()) == 0;
  return stored ? ErrorStatus::kNoError : ErrorStatus::kResourceUnavailable;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) AgentMain(absl::InvalidArgumentError("usage: settable FILE"));
  AgentBuilder builder;
  builder.SetTransport(FdTransport::Stdio())
      .SetCodec(std::make_unique<PassPersistCodec>())
      .SetStoreFactory(BtreeStore::Factory())
      .SetScheduler(std::make_unique<ThreadScheduler>())
      .AddSubtree(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.3"), absl::Minutes(1),
                  [path = argv[1]](Contents& contents) {
                    contents.Put({1, 0}, Integer32{Load(path)});
                    return absl::OkStatus();
                  })
      .AddSetter(Oid::Parse(".1.3.6.1.4.1.8072.9999.9999.3.1.0"),
                 MakeSetter([path = argv[1]](const VarBind& binding) {
                   return Save(path, std::get<Integer32>(binding.value).value);
                 }));
  AgentMain(builder.Build());
}
