// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_TESTING_CODEC_CONFORMANCE_PEER_H_
#define TRANSPORT_TESTING_CODEC_CONFORMANCE_PEER_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/codec.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// Stands in for the request handler where a codec is tested alone: answers
// reads from a std::map, and sets with always the same.
struct ModelAgent {
  std::map<passpersist::Oid, passpersist::Value> values;
  std::map<passpersist::Oid, std::string> labels;
  passpersist::ErrorStatus set_answer = passpersist::ErrorStatus::kNoError;

  passpersist::Response Answer(const passpersist::Request& request) const;
};

// The bytes of `request` in a form that can be compared and read.
std::string Describe(const passpersist::Request& request);

// The far end of a connection and what is between: gives a codec the bytes that
// a test says, has its requests answered, and keeps what it replies.
//
// Used by one thread at a time.
class CodecPeer {
 public:
  struct DecodedRequest {
    std::string text;  // Describe()
    size_t end;        // how many bytes had been taken when it was returned

    friend bool operator==(const DecodedRequest& a, const DecodedRequest& b) {
      return a.text == b.text && a.end == b.end;
    }
  };

  // Opens the connection. The agent must outlive this, and may be changed.
  CodecPeer(std::unique_ptr<passpersist::Codec> codec,
            const passpersist::Regions& regions, const ModelAgent* agent);

  // Puts another request into the one to be filled before each decoding: one of
  // kSpoiltRequests kinds. A codec that fills it well doesn't mind.
  static constexpr int kSpoiltRequests = 7;
  void SpoilRequests(int kind) { spoilt_request_ = kind; }

  // Says `bytes`; everything that is whole by then is answered.
  void Say(absl::string_view bytes);

  // Says nothing for longer than the codec waits, if it measures that.
  void StaySilent();

  // All that was replied, or since this was called last.
  const std::string& heard() const { return heard_; }
  std::string TakeHeard();

  const std::vector<DecodedRequest>& requests() const { return requests_; }

  // What was said and not yet taken.
  const std::string& unread() const { return unread_; }

  // What ended the conversation; nothing that is said afterwards is heard.
  const absl::Status& status() const { return status_; }

  // Of the last request.
  const passpersist::Request& request() const { return request_; }

  passpersist::Codec& codec() { return *codec_; }

 private:
  using Decoded = passpersist::Codec::Decoded;

  void ProcessInput(bool silent);
  absl::StatusOr<Decoded> Decode(bool silent);

  const std::unique_ptr<passpersist::Codec> codec_;
  const ModelAgent& agent_;
  passpersist::Request request_;
  int spoilt_request_ = -1;  // none
  std::string unread_;
  std::string heard_;
  size_t taken_ = 0;
  std::vector<DecodedRequest> requests_;
  absl::Status status_;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_CODEC_CONFORMANCE_PEER_H_
