// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_CHECK_TRACING_TRANSPORT_H_
#define TOOLS_PASSPERSIST_CHECK_TRACING_TRANSPORT_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/scheduling/monotonic_clock.h"
#include "passpersist/transport.h"

namespace passpersist::tool {

// Formats a line for a trace: shortened, with unprintable bytes escaped.
std::string ShownLine(absl::string_view line);

// A transport that passes everything to another one, and records the last lines
// and the duration of the slowest answer.
//
// Used by one thread at a time, as the other transport.
class TracingTransport : public Transport {
 public:
  // The caller keeps `transport`.
  explicit TracingTransport(Transport* transport) : transport_(transport) {}

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override;
  absl::Status Write(absl::string_view bytes) override;
  void Wake() override { transport_->Wake(); }
  void Shutdown() override { transport_->Shutdown(); }

  // Returns the last lines: "> PING\n< PONG\n". An unfinished line ends in "…".
  std::string Text() const;

  // Returns the time since the first answer; zero if there was none.
  absl::Duration Age() const;

  // True once the peer has closed its end.
  bool ended() const { return ended_; }

  // The longest time between a write and the end of the next Read() that
  // succeeds, and the request that was written: "get .1.3".
  absl::Duration slowest() const { return slowest_; }
  const std::string& slowest_request() const { return slowest_request_; }

 private:
  struct Piece {
    bool sent;
    std::string bytes;
  };
  void Add(bool sent, absl::string_view bytes);

  Transport* const transport_;
  const MonotonicClock clock_;
  std::deque<Piece> pieces_;
  bool ended_ = false;
  std::optional<absl::Duration> first_read_at_;
  bool waiting_ = false;  // there was no read since the last write
  absl::Duration written_at_;
  std::string request_;
  absl::Duration slowest_;
  std::string slowest_request_;
};

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_CHECK_TRACING_TRANSPORT_H_
