// SPDX-License-Identifier: Apache-2.0
//
// Serves a table whose cells are all the number of the last update, and appends
// to a file the columns before which snmpd paused:
//
//   generations_agent STORE COLUMNS ROWS SECONDS FILE
//
// STORE is "btree" or "trie", SECONDS is the period of the update.

#include <time.h>

#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "passpersist/agent_builder.h"
#include "passpersist/agent_main.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/pdu.h"
#include "passpersist/row_index.h"
#include "store/trie_store.h"
#include "tools/e2e/snmpd/snmpd_agent.h"

using namespace passpersist;  // NOLINT: a test program
using passpersist_testing::Playpen;

namespace {

// The time that this thread has computed.
absl::Duration ComputingTime() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return absl::DurationFromTimespec(time);
}

// The agent takes requests for one PDU if they come within 20 ms of each other,
// and all of them within 250 ms. Finds the PDUs to which snmpd, or a busy
// machine, does not keep: pauses in which the agent computes do not count. The
// walk of a column begins with a GETNEXT of the column itself; later the walk
// tells what belongs together.
class PauseObserver : public Observer {
 public:
  explicit PauseObserver(const std::string& path)
      : file_(path, std::ios::app) {}

  void OnEvent(const Event& event) override {
    const auto* const done = std::get_if<RequestEvent>(&event.what);
    if (done == nullptr || !done->request) return;
    const auto* const next = std::get_if<GetNext>(&done->request->operation);
    const bool is_column =
        next != nullptr && next->ranges[0].start.size() == Playpen().size() + 1;
    const absl::Time begun = event.time - done->duration;
    const absl::Duration computed = ComputingTime();
    if (!is_column || !was_column_) pdu_begun_ = begun;
    const bool paused = begun - begun_ >= absl::Milliseconds(20) &&
                        computed - computed_ < absl::Milliseconds(5);
    if (is_column &&
        (paused || begun - pdu_begun_ >= absl::Milliseconds(250))) {
      file_ << next->ranges[0].start[Playpen().size()] << std::endl;
    }
    begun_ = begun;
    computed_ = computed;
    was_column_ = is_column;
  }

 private:
  std::ofstream file_;
  absl::Time begun_ = absl::InfinitePast();  // the last request
  absl::Time pdu_begun_;
  absl::Duration computed_;
  bool was_column_ = false;
};

}  // namespace

int main(int, char** argv) {
  AgentBuilder builder = passpersist_testing::SnmpdAgent();
  if (argv[1] == std::string("trie")) {
    builder.SetStoreFactory(TrieStore::Factory());
  }
  const auto columns = static_cast<uint32_t>(std::atoi(argv[2]));
  const std::shared_ptr<const RowIndex> rows =
      RowIndex::UpTo(static_cast<uint32_t>(std::atoi(argv[3])));
  builder.AddObserver(std::make_unique<PauseObserver>(argv[5]))
      .AddSubtree(Playpen(), absl::Seconds(std::atof(argv[4])),
                  [=, update = int32_t{0}](Contents& contents) mutable {
                    ++update;
                    for (uint32_t column = 1; column <= columns; ++column) {
                      contents.PutColumn({column}, rows,
                                         std::vector<Integer32>(
                                             rows->size(), Integer32{update}));
                    }
                    return absl::OkStatus();
                  });
  AgentMain(builder.Build());
}
