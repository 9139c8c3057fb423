// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_PASS_REQUEST_H_
#define TRANSPORT_PASS_PERSIST_PASS_REQUEST_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/transport.h"

namespace passpersist {

// A request of snmpd to the program of a `pass` line in snmpd.conf. snmpd
// starts the program for each request and reads its standard output until it
// ends (ucd-snmp/pass.c). The request is the last arguments:
//
//   program … -g OID               get
//   program … -n OID               getnext
//   program … -s OID TYPE VALUE    set
//
// OID has a leading dot. The answer has the lines of pass_persist, without the
// handshake. Hence an agent with a PassPersistCodec answers, over a transport
// that ends after one request:
//
//   -g .1.3.6.1 --> "get\n.1.3.6.1\n" --> agent --> reply --> AnswerFor(reply)
//
// A value type.
class PassRequest {
 public:
  // Takes a request from the end of the arguments, and removes it from them.
  // Returns nullopt, and leaves them unchanged, if they end in no request. All
  // arguments after `-s OID` are a part of the request: snmpd would take it for
  // a success if the program ignored a set with a malformed value.
  static std::optional<PassRequest> Take(int* argc, char** argv);

  // False if the answer is known without an agent: snmpd has cut the request,
  // or has split its value.
  bool needs_agent() const { return !message_.empty(); }

  // The name that is asked for or set, or the name before it in a getnext.
  const Oid& name() const { return name_; }
  bool is_next() const { return is_next_; }

  // Returns the transport of an agent that receives the request. Its Read()
  // then returns 0, the end of the input. Appends the agent's bytes to *reply,
  // which must outlive the transport. Requires needs_agent().
  std::unique_ptr<Transport> Connect(std::string* reply) const;

  // Returns what the program prints: `reply`, or
  //
  //   nothing        for an absent instance; after a get, snmpd lets it be
  //                  created
  //   "gen-error"    for a set, if the agent has sent nothing: snmpd would take
  //                  an empty answer for a success
  //   another error  if the answer needs no agent
  std::string AnswerFor(absl::string_view reply) const;

 private:
  // A message of pass_persist, or empty: then `answer` is known.
  PassRequest(Oid name, bool is_next, std::string message, std::string answer)
      : name_(std::move(name)),
        is_next_(is_next),
        message_(std::move(message)),
        answer_(std::move(answer)) {}

  Oid name_;
  bool is_next_;
  std::string message_;
  std::string answer_;  // without a reply of the agent
};

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_PASS_REQUEST_H_
