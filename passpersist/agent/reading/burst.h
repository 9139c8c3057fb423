// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_AGENT_READING_BURST_H_
#define PASSPERSIST_AGENT_READING_BURST_H_

#include <cstdint>

#include "passpersist/base/nanoseconds.h"
#include "passpersist/oid.h"

namespace passpersist::internal {

// Finds out which requests belong to the same PDUs of a manager, with a
// protocol that does not tell. snmpd asks for the names of a PDU one after the
// other, and for those of the next PDU right after them. A burst of requests
// ends
//
//   - when no request has come for 20 ms;
//   - 250 ms or 2,000 requests after it began. A GETBULK of 40 columns and 30
//     rows has 1,200 requests of about 140 us each;
//   - after half of that, if its last request continued a walk. A walk has a
//     snapshot of its own, so that this mixes no snapshots;
//   - when its first name is asked for again: no PDU has a name twice, but each
//     PDU of a poller begins with the same name. A pause or a limit may end a
//     burst within a PDU, so the first name of that burst counts, too.
//
// Too long a burst costs freshness only. Too short a burst would mix snapshots
// in a PDU.
//
// Used by one thread at a time.
class Burst {
 public:
  static constexpr Nanoseconds kMaxPause = Nanoseconds::Milliseconds(20);
  static constexpr Nanoseconds kMaxDuration = Nanoseconds::Milliseconds(250);
  static constexpr uint32_t kMaxRequests = 2'000;
  // If the last request continued a walk.
  static constexpr Nanoseconds kMaxWalkDuration =
      Nanoseconds::Milliseconds(125);
  static constexpr uint32_t kMaxWalkRequests = kMaxRequests / 2;

  // Adds a request. True if it begins a burst.
  bool Add(Nanoseconds now, const Oid& first_name) {
    const bool resumes = was_interrupted_ && first_name == interrupted_;
    const bool repeats = first_name == first_name_;
    const bool begins = resumes || repeats || IsAtLimit(now);
    if (begins) Begin(now, first_name, resumes, repeats);
    ++requests_;
    is_answering_ = true;
    is_walking_ = false;
    last_ = now;
    return begins;
  }

  // The last request was answered. Until then the burst is not over, however
  // long the request waits.
  void OnAnswer(Nanoseconds now) {
    last_ = now;
    is_answering_ = false;
  }

  // The last request continued a walk.
  void OnWalk() { is_walking_ = true; }

  // The next request begins a burst.
  void End() { requests_ = 0; }

  bool IsOver(Nanoseconds now) const {
    return !is_answering_ && (requests_ == 0 || now - last_ >= kMaxPause);
  }

 private:
  // Compares plain numbers: none of the times is infinite.
  bool IsAtLimit(Nanoseconds now) const {
    const int64_t pause = now.count() - last_.count();
    const int64_t duration = now.count() - begun_.count();
    return requests_ == 0 || pause >= kMaxPause.count() ||
           (is_walking_ ? duration >= kMaxWalkDuration.count() ||
                              requests_ >= kMaxWalkRequests
                        : duration >= kMaxDuration.count() ||
                              requests_ >= kMaxRequests);
  }
  void Begin(Nanoseconds now, const Oid& first_name, bool resumes,
             bool repeats);

  uint32_t requests_ = 0;
  bool is_answering_ = false;
  bool is_walking_ = false;
  Nanoseconds begun_;
  Nanoseconds last_;  // the last request or answer
  Oid first_name_;
  // The first name of the burst before, if a pause or a limit has ended it.
  bool was_interrupted_ = false;
  Oid interrupted_;
};

}  // namespace passpersist::internal

#endif  // PASSPERSIST_AGENT_READING_BURST_H_
