// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_REQUEST_TEXT_H_
#define TOOLS_PASSPERSIST_TEXT_REQUEST_TEXT_H_

#include <string>

#include "transport/debug/debug.pb.h"

namespace passpersist::tool {

// The text of a request on one line, in two parts:
//
//   get        .1.3.1, .1.3.2
//   getnext    .1.3.1
//   getbulk    .1.3.1, .1.3.2 ×10   .1.3.1 once, .1.3.2 up to ten times
//   set        .1.3.2 = INTEGER: 7
//   commitset
//
// All text is printable (printable.h).
//
// A value type.
struct RequestText {
  std::string operation;  // "unknown" if this program doesn't know it
  std::string objects;    // names or bindings; empty if there are none

  std::string ToString() const;
};

RequestText TextOf(const debug::Request& request);

}  // namespace passpersist::tool

#endif  // TOOLS_PASSPERSIST_TEXT_REQUEST_TEXT_H_
