// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_MEMORY_IN_MEMORY_TRANSPORT_H_
#define TRANSPORT_MEMORY_IN_MEMORY_TRANSPORT_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "passpersist/transport.h"

namespace passpersist {

// One end of a connection within a process: each end reads the bytes that the
// other end writes. Holds any number of unread bytes, so Write() never waits.
// An end that is shut down or destroyed is closed for the other end.
//
// Thread-safety: see Transport.
class InMemoryTransport : public Transport {
 public:
  // Returns two connected ends.
  static std::pair<std::unique_ptr<Transport>, std::unique_ptr<Transport>>
  MakePair();

  ~InMemoryTransport() override;

  absl::StatusOr<size_t> Read(std::string* buffer,
                              absl::Duration timeout) override;
  absl::Status Write(absl::string_view bytes) override;
  void Wake() override;
  void Shutdown() override;

 private:
  class Pipe;

  InMemoryTransport(std::shared_ptr<Pipe> in, std::shared_ptr<Pipe> out);

  const std::shared_ptr<Pipe> in_;
  const std::shared_ptr<Pipe> out_;
};

}  // namespace passpersist

#endif  // TRANSPORT_MEMORY_IN_MEMORY_TRANSPORT_H_
