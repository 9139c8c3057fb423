// SPDX-License-Identifier: Apache-2.0

#include "tools/passpersist/check/tracing_transport.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace passpersist::tool {
namespace {

// Enough for two requests with their PINGs and answers.
constexpr size_t kMaxPieces = 8;
constexpr size_t kMaxPiece = 1000;
constexpr size_t kMaxLine = 72;

}  // namespace

std::string ShownLine(absl::string_view line) {
  std::string text = absl::CEscape(line.substr(0, kMaxLine));
  if (line.size() > kMaxLine) {
    absl::StrAppend(&text, "… (", line.size(), " bytes)");
  }
  return text;
}

absl::StatusOr<size_t> TracingTransport::Read(std::string* buffer,
                                              absl::Duration timeout) {
  const size_t begin = buffer->size();
  const absl::StatusOr<size_t> count = transport_->Read(buffer, timeout);
  const bool is_answer = std::exchange(waiting_, false);
  if (!count.ok()) return count;
  if (!first_read_at_) first_read_at_ = clock_.Now();
  if (*count == 0) ended_ = true;
  Add(/*sent=*/false, absl::string_view(*buffer).substr(begin));
  const absl::Duration elapsed = clock_.Now() - written_at_;
  if (is_answer && elapsed > slowest_) {
    slowest_ = elapsed;
    slowest_request_ = request_;
  }
  return count;
}

absl::Status TracingTransport::Write(absl::string_view bytes) {
  Add(/*sent=*/true, bytes);
  waiting_ = true;
  written_at_ = clock_.Now();
  request_ = absl::StrReplaceAll(
      absl::StripSuffix(bytes.substr(0, kMaxPiece), "\n"), {{"\n", " "}});
  return transport_->Write(bytes);
}

absl::Duration TracingTransport::Age() const {
  return first_read_at_ ? clock_.Now() - *first_read_at_ : absl::ZeroDuration();
}

void TracingTransport::Add(bool sent, absl::string_view bytes) {
  if (bytes.empty()) return;
  if (pieces_.empty() || pieces_.back().sent != sent) {
    pieces_.push_back({sent, ""});
  }
  std::string& piece = pieces_.back().bytes;
  if (piece.size() < kMaxPiece) piece.append(bytes.data(), bytes.size());
  if (pieces_.size() > kMaxPieces) pieces_.pop_front();
}

std::string TracingTransport::Text() const {
  std::string text;
  for (const Piece& piece : pieces_) {
    absl::string_view rest = piece.bytes;
    while (!rest.empty()) {
      const size_t end = rest.find('\n');
      const bool whole = end != absl::string_view::npos;
      absl::StrAppend(&text, piece.sent ? "> " : "< ",
                      ShownLine(rest.substr(0, end)), whole ? "\n" : "…\n");
      rest.remove_prefix(whole ? end + 1 : rest.size());
    }
  }
  return text;
}

}  // namespace passpersist::tool
