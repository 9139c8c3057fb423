// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_OID_H_
#define PASSPERSIST_OID_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/inlined_vector.h"
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
// of the target.
class Oid {
 public:
  static constexpr size_t kMaxArcs = 128;

  Oid() = default;
  Oid(std::initializer_list<uint32_t> arcs) : arcs_(arcs) {}
  explicit Oid(absl::Span<const uint32_t> arcs)
      : arcs_(arcs.begin(), arcs.end()) {}

  // Parses decimal arcs joined by single dots, with or without a leading dot.
  // Returns InvalidArgument, naming the text and the position, for any other
  // text: no arcs, an empty arc, a sign, a blank, an arc over 2^32-1, more than
  // kMaxArcs arcs.
  static absl::StatusOr<Oid> Parse(absl::string_view text);

  // Like Parse(), but reuses the memory of this Oid. After an error this Oid is
  // empty.
  absl::Status Assign(absl::string_view text);
  void Assign(absl::Span<const uint32_t> arcs) {
    arcs_.assign(arcs.begin(), arcs.end());
  }

  bool empty() const { return arcs_.empty(); }
  size_t size() const { return arcs_.size(); }
  uint32_t operator[](size_t i) const { return arcs_[i]; }
  uint32_t back() const { return arcs_.back(); }
  absl::Span<const uint32_t> arcs() const { return arcs_; }

  // The arcs from index `first` to the end. Requires first <= size().
  absl::Span<const uint32_t> ArcsFrom(size_t first) const {
    return arcs().subspan(first);
  }

  void clear() { arcs_.resize(0); }  // InlinedVector::clear() frees memory
  void Append(uint32_t arc) { arcs_.push_back(arc); }
  void Append(absl::Span<const uint32_t> arcs) {
    arcs_.insert(arcs_.end(), arcs.begin(), arcs.end());
  }
  void Append(const Oid& other) { Append(other.arcs()); }
  void Append(std::initializer_list<uint32_t> arcs) {
    Append(absl::MakeConstSpan(arcs.begin(), arcs.size()));
  }

  // Keeps the first `size` arcs. Requires size <= size().
  void Truncate(size_t size) { arcs_.resize(size); }

  // True if the first arcs are those of `prefix`. Every Oid starts with itself.
  bool StartsWith(const Oid& prefix) const;

  // ".1.3.6"; "." when empty.
  std::string ToString() const;
  void AppendTo(std::string* out) const;

  friend bool operator==(const Oid& a, const Oid& b) {
    return a.arcs_ == b.arcs_;
  }
  friend bool operator!=(const Oid& a, const Oid& b) { return !(a == b); }
  friend bool operator<(const Oid& a, const Oid& b) {
    return a.arcs_ < b.arcs_;
  }
  friend bool operator>(const Oid& a, const Oid& b) { return b < a; }
  friend bool operator<=(const Oid& a, const Oid& b) { return !(b < a); }
  friend bool operator>=(const Oid& a, const Oid& b) { return !(a < b); }

  template <typename H>
  friend H AbslHashValue(H state, const Oid& oid) {
    return H::combine(std::move(state), oid.arcs_);
  }

  friend std::ostream& operator<<(std::ostream& os, const Oid& oid);

 private:
  friend class internal::OidAccess;

  // Does not initialize new arcs; a standard allocator would set them to zero.
  struct Allocator : std::allocator<uint32_t> {
    void construct(uint32_t* /*arc*/) {}
    void construct(uint32_t* arc, uint32_t value) { *arc = value; }
  };

  absl::InlinedVector<uint32_t, 16, Allocator> arcs_;
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
