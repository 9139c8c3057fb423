// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_DEBUG_TESTING_DEBUG_TEST_MESSAGES_H_
#define TRANSPORT_DEBUG_TESTING_DEBUG_TEST_MESSAGES_H_

#include <string>
#include <type_traits>

#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace passpersist_testing {

// Returns the message that `text` describes. A text that does not describe a
// message is a test failure.
template <typename Message>
Message FromText(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message))
      << text;
  return message;
}

// Matches a message with exactly the fields that `text` describes.
MATCHER_P(IsMessage, text, "is " + std::string(text)) {
  const auto expected = FromText<std::decay_t<decltype(arg)>>(text);
  google::protobuf::util::MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  const bool equal = differencer.Compare(expected, arg);
  *result_listener << "\n" << difference;
  return equal;
}

}  // namespace passpersist_testing

#endif  // TRANSPORT_DEBUG_TESTING_DEBUG_TEST_MESSAGES_H_
