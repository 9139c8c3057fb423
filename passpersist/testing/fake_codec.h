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

// A protocol that has everything that a codec can have, and is easy to read in
// a test. A request is a line:
//
//   get OID        next OID        set OID NUMBER        ping
//
// The answer to `ping`, which needs no handler, is "pong"; to the others it is
// the line that Text() makes of the response. Anything else is an error that
// ends the conversation. A line without its end is whole after kSilence. The
// agent begins with a line "hello" that names the regions, and ends with "bye".
class FakeCodec : public passpersist::Codec {
 public:
  static constexpr absl::Duration kSilence = absl::Milliseconds(20);
  static constexpr size_t kMaxRootArcs = 6;
  static constexpr size_t kMaxStringBytes = 100;

  void Open(const passpersist::Regions& regions, std::string* out) override;
  absl::StatusOr<Decoded> Decode(absl::string_view* in,
                                 passpersist::Request* request,
                                 std::string* out) override;
  absl::Duration ReadTimeout() const override;
  absl::StatusOr<Decoded> OnReadTimeout(absl::string_view* in,
                                        passpersist::Request* request,
                                        std::string* out) override;

  // Refuses an OctetString of more than kMaxStringBytes.
  absl::Status CheckBinding(const passpersist::VarBind& binding) const override;

  // Refuses more than kMaxRootArcs arcs.
  absl::Status CheckRoot(const passpersist::Oid& root) const override;

  void Encode(const passpersist::Request& request,
              const passpersist::Response& response, std::string* out) override;

  // "trap OID". If there are bindings it says Unimplemented, but only behind
  // that.
  absl::Status EncodeNotification(const passpersist::Notification& notification,
                                  std::string* out) override;
  void Close(std::string* out) override;

 private:
  // False if the line is no request but was answered.
  absl::StatusOr<bool> DecodeLine(absl::string_view line,
                                  passpersist::Request* request,
                                  std::string* out);

  bool in_line_ = false;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_FAKE_CODEC_H_
