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
#include "passpersist/clock.h"
#include "passpersist/transport.h"

namespace passpersist {

// A line as a transcript shows it: shortened, and what prints badly escaped.
std::string ShownLine(absl::string_view line);

// Remembers the end of what goes over another transport, and how long the
// longest answer took.
//
// Used by one thread at a time, as the transport below.
class Transcript : public Transport {
 public:
  // The caller keeps `transport`.
  explicit Transcript(Transport* transport) : transport_(transport) {}

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override;
  absl::Status Write(absl::string_view bytes) override;
  void Shutdown() override { transport_->Shutdown(); }

  // The last lines: "> PING\n< PONG\n". One that hasn't ended ends in "…".
  std::string Text() const;

  // How long ago the first answer came; nothing if none has.
  absl::Duration Age() const;

  // True once the peer has closed its end.
  bool ended() const { return ended_; }

  // The longest time between a write and what the next Read() gives, unless
  // that gives up, and what was written: "get .1.3".
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
  bool waiting_ = false;  // nothing was read since the last write
  absl::Duration written_at_;
  std::string request_;
  absl::Duration slowest_;
  std::string slowest_request_;
};

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_CHECK_TRACING_TRANSPORT_H_
