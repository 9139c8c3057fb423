// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_E2E_READS_PAUSE_OBSERVER_H_
#define TOOLS_E2E_READS_PAUSE_OBSERVER_H_

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <string>

#include "absl/time/time.h"
#include "passpersist/monitoring/agent_event.h"
#include "passpersist/monitoring/observer.h"
#include "passpersist/oid.h"

namespace passpersist_testing {

// Appends to a file the columns before which snmpd paused, a number a line.
//
// The agent takes requests for one PDU if they come within 20 ms of each other,
// and all of them within 250 ms. The observer finds the PDUs to which snmpd, or
// a busy machine, does not keep: pauses in which the agent computes do not
// count. The walk of a column begins with a GETNEXT of the column itself; later
// the walk tells what belongs together.
//
// Used by one thread at a time.
class PauseObserver : public passpersist::Observer {
 public:
  // `entry` is the OID of the columns without their number.
  PauseObserver(passpersist::Oid entry, const std::string& path);

  void OnEvent(const passpersist::Event& event) override;

 private:
  const passpersist::Oid entry_;
  std::ofstream file_;
  absl::Time begun_ = absl::InfinitePast();  // the last request
  absl::Time pdu_begun_;
  absl::Duration computed_;
  bool was_column_ = false;
};

// Returns how many of these columns are in the file.
size_t CountPauses(const std::string& path, uint32_t first_column,
                   uint32_t last_column);

}  // namespace passpersist_testing

#endif  // TOOLS_E2E_READS_PAUSE_OBSERVER_H_
