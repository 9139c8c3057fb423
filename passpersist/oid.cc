// SPDX-License-Identifier: Apache-2.0

#include "passpersist/oid.h"

#include <algorithm>
#include <charconv>
#include <ostream>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"

namespace passpersist {
namespace {

absl::Status InvalidOid(absl::string_view text, absl::string_view problem,
                        size_t position) {
  return absl::InvalidArgumentError(
      absl::StrCat("invalid OID \"", absl::CHexEscape(text), "\": ", problem,
                   " at character ", position + 1));
}

}  // namespace

Oid& Oid::operator=(Oid&& other) noexcept {
  if (this == &other) return *this;
  if (other.IsOnHeap()) {
    if (IsOnHeap()) delete[] arcs_;
    arcs_ = std::exchange(other.arcs_, other.inline_);
    capacity_ = std::exchange(other.capacity_, kInlineArcs);
    size_ = other.size_;
  } else {
    *this = other;
  }
  other.clear();
  return *this;
}

void Oid::Grow(size_t size, absl::Span<const uint32_t> arcs) {
  // Doubling keeps the cost of appending arc by arc linear.
  const size_t capacity = std::max(size, size_t{2} * capacity_);
  auto* const grown = new uint32_t[capacity];
  CopyArcs(arcs_, size_, grown);
  CopyArcs(arcs.data(), arcs.size(), grown + size_);
  if (IsOnHeap()) delete[] arcs_;
  arcs_ = grown;
  size_ += static_cast<uint32_t>(arcs.size());
  capacity_ = static_cast<uint32_t>(capacity);
}

absl::StatusOr<Oid> Oid::Parse(absl::string_view text) {
  Oid oid;
  absl::Status status = oid.Assign(text);
  if (!status.ok()) return status;
  return oid;
}

absl::Status Oid::Assign(absl::string_view text) {
  clear();
  const auto fail = [&](absl::string_view problem, const char* position) {
    clear();
    return InvalidOid(text, problem, position - text.data());
  };
  const char* next = text.data();
  const char* const end = text.data() + text.size();
  if (next != end && *next == '.') ++next;
  while (true) {
    uint32_t arc = 0;
    const auto [rest, error] = std::from_chars(next, end, arc);
    if (error == std::errc::result_out_of_range) {
      return fail("arc over 4294967295", next);
    }
    if (error != std::errc()) {
      const bool empty = next == end || *next == '.';
      return fail(empty ? "empty arc" : "not a digit", next);
    }
    if (size_ == kMaxArcs) return fail("more than 128 arcs", next);
    Append(arc);
    if (rest == end) return absl::OkStatus();
    if (*rest != '.') return fail("neither a digit nor a dot", rest);
    next = rest + 1;
  }
}

std::string Oid::ToString() const {
  std::string text;
  AppendTo(&text);
  return text;
}

void Oid::AppendTo(std::string* out) const {
  if (empty()) {
    out->push_back('.');
    return;
  }
  constexpr size_t kLongestArc = 11;  // a dot and 4294967295
  const size_t before = out->size();
  out->resize(before + size() * kLongestArc);
  char* next = out->data() + before;
  for (const uint32_t arc : arcs()) {
    *next = '.';
    next = std::to_chars(next + 1, next + kLongestArc, arc).ptr;
  }
  out->resize(next - out->data());
}

std::ostream& operator<<(std::ostream& os, const Oid& oid) {
  return os << oid.ToString();
}

Oid Concat(const Oid& prefix, const Oid& suffix) {
  Oid oid = prefix;
  oid.Append(suffix);
  return oid;
}

Oid EncodeString(absl::string_view bytes) {
  Oid oid = {static_cast<uint32_t>(bytes.size())};
  oid.AppendOctets(bytes);
  return oid;
}

Oid EncodeImpliedString(absl::string_view bytes) {
  Oid oid;
  oid.AppendOctets(bytes);
  return oid;
}

}  // namespace passpersist
