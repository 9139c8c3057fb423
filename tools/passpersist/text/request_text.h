// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_PASSPERSIST_TEXT_REQUEST_TEXT_H_
#define TOOLS_PASSPERSIST_TEXT_REQUEST_TEXT_H_

#include <string>

#include "transport/debug/debug.pb.h"

namespace passpersist {

// A request on a line, in its two parts:
//
//   get        .1.3.1, .1.3.2
//   getnext    .1.3.1
//   getbulk    .1.3.1, .1.3.2 ×10        once, and up to ten times
//   set        .1.3.2 = INTEGER: 7
//   commitset
//
// Everything is printable.
//
// A value type.
struct RequestText {
  std::string operation;  // "unknown" if this program doesn't know it
  std::string objects;    // what it is asked of; empty if of none

  std::string ToString() const;
};

RequestText TextOf(const debug::Request& request);

}  // namespace passpersist

#endif  // TOOLS_PASSPERSIST_TEXT_REQUEST_TEXT_H_
