// SPDX-License-Identifier: Apache-2.0

#ifndef EXAMPLES_LINE_CODEC_H_
#define EXAMPLES_LINE_CODEC_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"

// A text protocol with one line a message, for people at a terminal:
// docs/writing_a_codec.md explains it.
//
//   request            answer
//   get OID            OID TYPE VALUE
//   next OID           the same for the first instance after OID
//   set OID i NUMBER   ok
//   set OID s TEXT     ok
//   instances          instances NUMBER, of all subtrees
//
// TYPE VALUE is noSuchObject, noSuchInstance or endOfMibView if there is no
// instance. The answer to a request that fails, and to any other line, is
// "error" and the reason. The agent first sends "serving" and the roots of its
// subtrees. A line of more than kMaxLine bytes ends the connection.
//
// Used by one thread at a time.
class LineCodec : public passpersist::Codec {
 public:
  static constexpr size_t kMaxLine = 1024;    // bytes of a request
  static constexpr size_t kMaxOctets = 1024;  // of a string that can be sent

  void Open(const passpersist::CodecHost& host, std::string* out) override;
  absl::StatusOr<Decoded> Decode(absl::string_view* in,
                                 passpersist::Request* request,
                                 std::string* out) override;
  absl::Status CheckBinding(const passpersist::Oid& oid,
                            const passpersist::Value& value) const override;
  absl::Status CheckRoot(const passpersist::Oid& root) const override;
  void Encode(const passpersist::Request& request,
              const passpersist::Response& response, std::string* out) override;
  absl::Status EncodeNotification(const passpersist::Notification& notification,
                                  std::string* out) override;
  void Close(std::string* out) override;

 private:
  // Answers a line that is not a request for the handler.
  void AnswerLine(absl::string_view line, std::string* out) const;

  passpersist::CodecHost host_;
};

#endif  // EXAMPLES_LINE_CODEC_H_
