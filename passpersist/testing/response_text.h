// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_RESPONSE_TEXT_H_
#define PASSPERSIST_TESTING_RESPONSE_TEXT_H_

#include <string>

#include "passpersist/pdu.h"

namespace passpersist_testing {

// Returns ".1.2.3 = Integer32 5"; several bindings are joined by "; ". The text
// of a response with an error is the error's name and index: "wrongType 1".
std::string Text(const passpersist::ResponseVarBind& binding);
std::string Text(const passpersist::Response& response);

void AppendText(const passpersist::Response& response, std::string* out);

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_RESPONSE_TEXT_H_
