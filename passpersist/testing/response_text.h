// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_RESPONSE_TEXT_H_
#define PASSPERSIST_TESTING_RESPONSE_TEXT_H_

#include <string>

#include "passpersist/pdu.h"

namespace passpersist_testing {

// ".1.2.3 = Integer32 5", and joined by "; " if there are several. A response
// that is an error is its name and index: "wrongType 1".
std::string Text(const passpersist::VarBind& binding);
std::string Text(const passpersist::Response& response);

void AppendText(const passpersist::Response& response, std::string* out);

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_RESPONSE_TEXT_H_
