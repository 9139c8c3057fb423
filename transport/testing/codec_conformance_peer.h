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

// Replaces the request handler in tests of a codec: answers reads from a
// std::map, and every set with `set_answer`.
struct ModelAgent {
  std::map<passpersist::Oid, passpersist::Value> values;
  std::map<passpersist::Oid, std::string> labels;
  passpersist::ErrorStatus set_answer = passpersist::ErrorStatus::kNoError;

  passpersist::Response Answer(const passpersist::Request& request) const;
};

// Returns a text that represents `request`, for comparison and for messages.
std::string Describe(const passpersist::Request& request);

// The other end of a connection: passes the bytes of a test to a codec, lets
// the agent answer the codec's requests, and stores the codec's output.
//
// Used by one thread at a time.
class CodecPeer {
 public:
  struct DecodedRequest {
    std::string text;  // Describe()
    size_t end;        // number of bytes consumed when it was returned

    friend bool operator==(const DecodedRequest& a, const DecodedRequest& b) {
      return a.text == b.text && a.end == b.end;
    }
  };

  // Opens the connection. The agent must outlive the peer, and may be changed.
  CodecPeer(std::unique_ptr<passpersist::Codec> codec,
            const passpersist::Regions& regions, const ModelAgent* agent);

  // Fills the request with one of kPrefillKinds other requests before each
  // decoding. A codec that overwrites the request correctly is not affected.
  static constexpr int kPrefillKinds = 5;
  void PrefillRequests(int kind) { prefill_kind_ = kind; }

  // Sends `bytes`; the codec and the agent answer all complete messages.
  void Send(absl::string_view bytes);

  // Sends nothing for longer than the codec's read timeout, if it has one.
  void ExpireReadTimeout();

  // The codec's output.
  const std::string& output() const { return output_; }
  // Returns the output since the last call.
  std::string TakeOutput();

  const std::vector<DecodedRequest>& requests() const { return requests_; }

  // The bytes that were sent but not yet consumed.
  const std::string& pending_input() const { return pending_input_; }

  // The error that ended the connection; bytes sent later are ignored.
  const absl::Status& status() const { return status_; }

  // The last request.
  const passpersist::Request& request() const { return request_; }

  passpersist::Codec& codec() { return *codec_; }

 private:
  using Decoded = passpersist::Codec::Decoded;

  void ProcessInput(bool timed_out);
  absl::StatusOr<Decoded> Decode(bool timed_out);

  const std::unique_ptr<passpersist::Codec> codec_;
  const ModelAgent& agent_;
  passpersist::Request request_;
  int prefill_kind_ = -1;  // -1: does not prefill
  std::string pending_input_;
  std::string output_;
  size_t consumed_ = 0;
  std::vector<DecodedRequest> requests_;
  absl::Status status_;
};

}  // namespace passpersist_testing

#endif  // TRANSPORT_TESTING_CODEC_CONFORMANCE_PEER_H_
