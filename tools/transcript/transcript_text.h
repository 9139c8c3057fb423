// SPDX-License-Identifier: Apache-2.0

#ifndef TOOLS_TRANSCRIPT_TRANSCRIPT_TEXT_H_
#define TOOLS_TRANSCRIPT_TRANSCRIPT_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/value.h"

// The texts within the lines of a transcript: see
// testdata/pass_persist/README.md.

namespace passpersist::tool {

// Converts escapes such as "a\r\x00" and "\{ab*3}" to bytes.
absl::StatusOr<std::string> UnescapeTranscriptText(absl::string_view text);

// The inverse of UnescapeTranscriptText(); it writes no repetitions.
std::string EscapeTranscriptText(absl::string_view bytes);

// Parses a type and a value: "INTEGER 5", "STRING a\nb", "OCTET 00 ff".
absl::StatusOr<Value> ParseTranscriptValue(absl::string_view text);

// Parses an OID. It may have more than 128 arcs, the limit that an agent must
// keep.
absl::StatusOr<Oid> ParseAnyOid(absl::string_view text);

// Parses the name of an error status: "wrongType". "" is noError.
absl::StatusOr<ErrorStatus> ParseErrorStatusName(absl::string_view name);

}  // namespace passpersist::tool

#endif  // TOOLS_TRANSCRIPT_TRANSCRIPT_TEXT_H_
