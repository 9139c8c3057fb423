// SPDX-License-Identifier: Apache-2.0

#ifndef TRANSPORT_PASS_PERSIST_LAST_NAME_H_
#define TRANSPORT_PASS_PERSIST_LAST_NAME_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "passpersist/oid.h"

namespace passpersist {

// The last name that a connection read or wrote, as an Oid and as text. The
// next name mostly has the same arcs except the last ones, and only these are
// parsed or printed.
//
// Used by one thread at a time.
class LastName {
 public:
  // Reads a name and the newline after it from the front of `in`, and returns
  // the number of bytes read. Returns 0 if `in` doesn't begin with a whole line
  // that is the text of an Oid as Oid::ToString() writes it, of 1 to
  // Oid::kMaxArcs arcs; the name is then unspecified.
  size_t ParseLine(absl::string_view in);

  // Makes `oid` the name. Requires 1 to Oid::kMaxArcs arcs.
  void Print(const Oid& oid);

  const Oid& oid() const { return oid_; }
  absl::string_view text() const { return {text_.data(), TextSize()}; }

  // The end of text(). The caller may write kRoom bytes there, which the next
  // call of a method that is not const overwrites.
  static constexpr size_t kRoom = 64;
  char* end() { return text_.data() + TextSize(); }

 private:
  static constexpr size_t kMaxArcText = 11;  // ".4294967295"

  // The size of the text of the first `arcs` arcs.
  size_t TextSize(size_t arcs) const { return arcs == 0 ? 0 : ends_[arcs - 1]; }
  size_t TextSize() const { return TextSize(oid_.size()); }

  // True if `in` begins with text() and a newline.
  bool IsLast(absl::string_view in) const;

  // The number of first arcs whose text is the beginning of the name that `in`
  // begins with.
  size_t CommonArcs(absl::string_view in) const;

  Oid oid_;
  std::array<uint16_t, Oid::kMaxArcs> ends_;  // of each arc, in text_
  std::array<char, Oid::kMaxArcs * kMaxArcText + kRoom> text_;
};

}  // namespace passpersist

#endif  // TRANSPORT_PASS_PERSIST_LAST_NAME_H_
