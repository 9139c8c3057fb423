// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_RECORDING_REDACTION_H_
#define TRANSPORT_RECORDING_REDACTION_H_

#include "transport/debug/debug.pb.h"

namespace passpersist {

// Removes the values from `event`, both values read and values to be set:
//
//   received: "get\n.1.3.1\n"                     (nothing)
//   sent: ".1.3.1\nSTRING\nsecret\n"              (nothing)
//   request { get { oids: ".1.3.1" } }            the same
//   response { bindings {                         response { bindings {
//     oid: ".1.3.1" octet_string: "secret" } }      oid: ".1.3.1" octet_string:
//     "" } }
//
// The types remain, because the serialized message tells which field of a oneof
// is set even if the field is zero or empty. Exceptions, which are not values,
// remain too, as do names, labels and error messages.
void RedactValues(debug::Event* event);

}  // namespace passpersist

#endif  // TRANSPORT_RECORDING_REDACTION_H_
