// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_TRANSCRIPT_TRANSCRIPT_TEXT_H_
#define TOOLS_TRANSCRIPT_TRANSCRIPT_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

// The texts within the lines of a transcript: see README.md beside this.

namespace passpersist_testing {

// "a\r\x00" and "\{ab*3}" as bytes.
absl::StatusOr<std::string> UnescapeTranscriptText(absl::string_view text);

// The other way round, without repetitions.
std::string EscapeTranscriptText(absl::string_view bytes);

// "INTEGER 5", "STRING a\nb", "OCTET 00 ff".
absl::StatusOr<passpersist::Value> ParseTranscriptValue(absl::string_view text);

// Without the limit of 128 arcs, which an agent has to keep.
absl::StatusOr<passpersist::Oid> ParseAnyOid(absl::string_view text);

// "wrongType"; "" is noError.
absl::StatusOr<passpersist::ErrorStatus> ParseErrorStatusName(
    absl::string_view name);

}  // namespace passpersist_testing

#endif  // TOOLS_TRANSCRIPT_TRANSCRIPT_TEXT_H_
