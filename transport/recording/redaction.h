// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_RECORDING_REDACTION_H_
#define TRANSPORT_RECORDING_REDACTION_H_

#include "transport/debug/debug.pb.h"

namespace passpersist {

// Takes the values out of `event`, those that were read and those that were to
// be set:
//
//   received: "get\n.1.3.1\n"                     (nothing)
//   sent: ".1.3.1\nSTRING\nsecret\n"              (nothing)
//   request { get { oids: ".1.3.1" } }            the same
//   response { bindings {                         response { bindings {
//     oid: ".1.3.1" octet_string: "secret" } }      oid: ".1.3.1" octet_string:
//     "" } }
//
// Types stay, since which field of a oneof there is stands on the wire also
// where it holds zero or nothing. So do exceptions, which are no values, and
// names, labels and the messages of errors.
void RedactValues(debug::Event* event);

}  // namespace passpersist

#endif  // TRANSPORT_RECORDING_REDACTION_H_
