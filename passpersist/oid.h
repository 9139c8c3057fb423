// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_OID_H_
#define PASSPERSIST_OID_H_

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace passpersist {

namespace internal {
class OidAccess;
}  // namespace internal

// An OBJECT IDENTIFIER: a sequence of arcs, each 0..2^32-1 (RFC 2578 section
// 7.1.3, where an arc is called a sub-identifier).
//
// Oids are compared arc by arc, and a prefix is less than its extensions: this
// is the order of a walk. An Oid may be absolute or relative to the root of a
// subtree; the code that uses it decides.
//
// The standard allows 128 arcs. Parse() rejects more; Concat() and Append() may
// exceed the limit. An agent skips and reports such a name instead of sending
// it, because snmpd up to 5.10 overruns an array of 128 (net-snmp
// agent/mibgroup/util_funcs.c, parse_miboid()).
//
// A value type. Up to 16 arcs need no heap memory; assignment reuses the memory
// of the target. An Oid that was moved from is empty.
class Oid {
 public:
  static constexpr size_t kMaxArcs = 128;

  Oid() : arcs_(inline_), inline_() {}
  Oid(std::initializer_list<uint32_t> arcs) : Oid() { Append(arcs); }
  explicit Oid(absl::Span<const uint32_t> arcs) : Oid() { Append(arcs); }
  Oid(const Oid& other) : Oid() { *this = other; }
  Oid(Oid&& other) noexcept : Oid() { *this = std::move(other); }
  Oid& operator=(const Oid& other) {
    if (this == &other) return *this;
    if (other.IsOnHeap()) {
      Assign(other.arcs());
    } else {
      // All arcs that there may be: a copy of fixed size has no loop.
      std::memcpy(arcs_, other.inline_, sizeof inline_);
      size_ = other.size_;
    }
    return *this;
  }
  Oid& operator=(Oid&& other) noexcept;
  ~Oid() {
    if (IsOnHeap()) delete[] arcs_;
  }

  // Parses decimal arcs joined by single dots, with or without a leading dot.
  // Returns InvalidArgument, naming the text and the position, for any other
  // text: no arcs, an empty arc, a sign, a blank, an arc over 2^32-1, more than
  // kMaxArcs arcs.
  static absl::StatusOr<Oid> Parse(absl::string_view text);

  // Like Parse(), but reuses the memory of this Oid. After an error this Oid is
  // empty.
  absl::Status Assign(absl::string_view text);
  void Assign(absl::Span<const uint32_t> arcs) {
    size_ = 0;
    Append(arcs);
  }

  bool empty() const { return size_ == 0; }
  size_t size() const { return size_; }
  uint32_t operator[](size_t i) const { return arcs_[i]; }
  uint32_t back() const { return arcs_[size_ - 1]; }
  absl::Span<const uint32_t> arcs() const { return {arcs_, size_}; }

  // The arcs from index `first` to the end. Requires first <= size().
  absl::Span<const uint32_t> ArcsFrom(size_t first) const {
    return {arcs_ + first, size_ - first};
  }

  void clear() { size_ = 0; }
  void Append(uint32_t arc) {
    Reserve(size_ + 1);
    arcs_[size_++] = arc;
  }
  void Append(absl::Span<const uint32_t> arcs) {
    const size_t size = size_ + arcs.size();
    if (size > capacity_) return Grow(size, arcs);
    CopyArcs(arcs.data(), arcs.size(), arcs_ + size_);
    size_ = static_cast<uint32_t>(size);
  }
  void Append(const Oid& other) { Append(other.arcs()); }
  void Append(std::initializer_list<uint32_t> arcs) {
    Append(absl::MakeConstSpan(arcs.begin(), arcs.size()));
  }

  // Appends an arc for each octet.
  void AppendOctets(absl::string_view octets) {
    Reserve(size_ + octets.size());
    uint32_t* arc = arcs_ + size_;
    for (const char octet : octets) *arc++ = static_cast<unsigned char>(octet);
    size_ += static_cast<uint32_t>(octets.size());
  }

  // Keeps the first `size` arcs. Requires size <= size().
  void Truncate(size_t size) { size_ = static_cast<uint32_t>(size); }

  // True if the first arcs are those of `prefix`. Every Oid starts with itself.
  bool StartsWith(const Oid& prefix) const {
    return size_ >= prefix.size_ &&
           CommonArcs(arcs_, prefix.arcs_, prefix.size_) == prefix.size_;
  }

  // Returns the number of first arcs that are those of `other`.
  size_t CommonArcs(const Oid& other) const {
    return CommonArcs(arcs_, other.arcs_,
                      size_ < other.size_ ? size_ : other.size_);
  }

  // ".1.3.6"; "." when empty.
  std::string ToString() const;
  void AppendTo(std::string* out) const;

  friend bool operator==(const Oid& a, const Oid& b) {
    // The last arcs first: names of one agent mostly differ there.
    return a.size_ == b.size_ &&
           (a.size_ == 0 ||
            (a.back() == b.back() &&
             CommonArcs(a.arcs_, b.arcs_, a.size_ - 1) == a.size_ - 1));
  }
  friend bool operator!=(const Oid& a, const Oid& b) { return !(a == b); }
  friend bool operator<(const Oid& a, const Oid& b) {
    const size_t size = a.size_ < b.size_ ? a.size_ : b.size_;
    const size_t common = CommonArcs(a.arcs_, b.arcs_, size);
    return common < size ? a.arcs_[common] < b.arcs_[common]
                         : a.size_ < b.size_;
  }
  friend bool operator>(const Oid& a, const Oid& b) { return b < a; }
  friend bool operator<=(const Oid& a, const Oid& b) { return !(b < a); }
  friend bool operator>=(const Oid& a, const Oid& b) { return !(a < b); }

  template <typename H>
  friend H AbslHashValue(H state, const Oid& oid) {
    return H::combine(
        H::combine_contiguous(std::move(state), oid.arcs_, oid.size_),
        oid.size_);
  }

  friend std::ostream& operator<<(std::ostream& os, const Oid& oid);

 private:
  friend class internal::OidAccess;

  static constexpr uint32_t kInlineArcs = 16;

  // Short loops instead of std::copy() and std::mismatch(): most OIDs have
  // about ten arcs, for which a call of memmove() or a step for each arc costs
  // more. CopyArcs() copies forward, so that the arcs may be a later part of
  // the target.
  static void CopyArcs(const uint32_t* from, size_t size, uint32_t* to) {
    uint32_t step[4];
    for (; size >= 4; size -= 4, from += 4, to += 4) {
      std::memcpy(step, from, sizeof step);
      std::memcpy(to, step, sizeof step);
    }
    if (size >= 2) {
      std::memcpy(step, from, sizeof step / 2);
      std::memcpy(to, step, sizeof step / 2);
    }
    if (size % 2 == 1) to[size - 1] = from[size - 1];
  }

  // Returns the number of equal first arcs, of `size` arcs.
  static size_t CommonArcs(const uint32_t* a, const uint32_t* b, size_t size) {
    constexpr size_t kStep = 4;
    const auto pair = [](const uint32_t* arcs) {
      uint64_t bytes;
      std::memcpy(&bytes, arcs, sizeof bytes);
      return bytes;
    };
    size_t i = 0;
    while (i + kStep <= size && pair(a + i) == pair(b + i) &&
           pair(a + i + 2) == pair(b + i + 2)) {
      i += kStep;
    }
    while (i < size && a[i] == b[i]) ++i;
    return i;
  }

  bool IsOnHeap() const { return capacity_ > kInlineArcs; }

  // Makes room for `size` arcs. Keeps the present arcs.
  void Reserve(size_t size) {
    if (size > capacity_) Grow(size, {});
  }
  // Makes room for `size` arcs and appends `arcs`, which may be arcs of this
  // Oid.
  void Grow(size_t size, absl::Span<const uint32_t> arcs);

  uint32_t* arcs_;  // inline_, or an array of capacity_ arcs
  uint32_t size_ = 0;
  uint32_t capacity_ = kInlineArcs;
  uint32_t inline_[kInlineArcs];
};

// Returns `prefix` followed by `suffix`.
Oid Concat(const Oid& prefix, const Oid& suffix);

// Encodes a string as a table index (RFC 2578 section 7.7): its length, then an
// arc for each byte. EncodeString("eth0") is 4.101.116.104.48.
Oid EncodeString(absl::string_view bytes);

// The same without the length: for the last index of a row if it is declared
// IMPLIED, and for fixed-length strings.
Oid EncodeImpliedString(absl::string_view bytes);

}  // namespace passpersist

#endif  // PASSPERSIST_OID_H_
