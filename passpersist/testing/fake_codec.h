// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_FAKE_CODEC_H_
#define PASSPERSIST_TESTING_FAKE_CODEC_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

namespace passpersist_testing {

// A text protocol that uses every feature of Codec and is easy to read in a
// test. A request is a line:
//
//   get OID        next OID        set OID NUMBER        ping        note
//
// The answer to `ping` is "pong", without a call of the handler. `note` has no
// answer, and is an event of its own. The answer to
// the other requests is Text() of the response, as a line. Any other line is an
// error that ends the connection. A line without a newline is complete after
// kSilence. The agent first sends a line "hello" with the regions, and last
// "bye".
class FakeCodec : public passpersist::Codec {
 public:
  static constexpr absl::Duration kSilence = absl::Milliseconds(20);
  static constexpr size_t kMaxRootArcs = 6;
  static constexpr size_t kMaxStringBytes = 100;

  void Open(const passpersist::CodecHost& host, std::string* out) override;
  absl::StatusOr<Decoded> Decode(absl::string_view* in,
                                 passpersist::Request* request,
                                 std::string* out) override;
  absl::Duration ReadTimeout() const override;
  absl::StatusOr<Decoded> OnReadTimeout(absl::string_view* in,
                                        passpersist::Request* request,
                                        std::string* out) override;

  // Rejects an OctetString of more than kMaxStringBytes.
  absl::Status CheckBinding(const passpersist::Oid& oid,
                            const passpersist::Value& value) const override;

  // Rejects more than kMaxRootArcs arcs.
  absl::Status CheckRoot(const passpersist::Oid& root) const override;

  void Encode(const passpersist::Request& request,
              const passpersist::Response& response, std::string* out) override;

  // Appends "trap OID". Then returns Unimplemented if there are bindings.
  absl::Status EncodeNotification(const passpersist::Notification& notification,
                                  std::string* out) override;
  void Close(std::string* out) override;

 private:
  // Returns false if the codec itself answered the line.
  absl::StatusOr<bool> DecodeLine(absl::string_view line,
                                  passpersist::Request* request,
                                  std::string* out);

  bool in_line_ = false;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_CODEC_H_
