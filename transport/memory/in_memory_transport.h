// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_MEMORY_IN_MEMORY_TRANSPORT_H_
#define TRANSPORT_MEMORY_IN_MEMORY_TRANSPORT_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "passpersist/transport.h"

namespace passpersist {

// One end of a conversation within a process: what one end writes the other
// reads. Takes any amount of unread bytes, so Write() never waits. The other
// end sees an end that was shut down or destroyed as closed.
class InMemoryTransport : public Transport {
 public:
  // Two ends that are connected.
  static std::pair<std::unique_ptr<Transport>, std::unique_ptr<Transport>>
  MakePair();

  ~InMemoryTransport() override;

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override;
  absl::Status Write(absl::string_view bytes) override;
  bool PeerHasGone() const override;
  void Shutdown() override;

 private:
  class Pipe;

  InMemoryTransport(std::shared_ptr<Pipe> in, std::shared_ptr<Pipe> out);

  const std::shared_ptr<Pipe> in_;
  const std::shared_ptr<Pipe> out_;
};

}  // namespace passpersist

#endif  // TRANSPORT_MEMORY_IN_MEMORY_TRANSPORT_H_
