// SPDX-License-Identifier: Apache-2.0

#ifndef SIMPLE_SIMPLE_CONTENTS_H_
#define SIMPLE_SIMPLE_CONTENTS_H_

#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/contents.h"
#include "passpersist/value.h"

namespace passpersist {

// Contents for who writes names and values as text:
//
//   contents.AddInt("0.1", 123, "This is a label");
//   contents.AddStr("0.2", "A string");
//   contents.AddOct("0.3", "01 00 1f 0b 00 0b");
//
// Names are relative to the base, without a leading dot or with one, and come
// in any order. A table's index is text too: absl::StrCat("2", EncodeString(
// "eth0").ToString()) is the name of the row "eth0" in column 2.
//
//   what            method       a number that doesn't fit
//   INTEGER         AddInt       is a mistake
//   Counter32, 64   AddCnt32     wraps, as counters do
//                   AddCnt64
//   Gauge32         AddGau       is the nearest that fits
//   Unsigned32      AddUnsigned  is a mistake
//   TimeTicks       AddTt        wraps
//   STRING, OCTET   AddStr       (bytes as they are)
//                   AddOct       (pairs of hex digits)
//   IpAddress       AddIp        ("10.0.0.1")
//   OBJECTID        AddOid       ("0.0", ".1.3.6")
//   Opaque          AddOpaque    (pairs of hex digits)
//                   AddFloat, AddDouble
//                   AddInt64     is a mistake
//                   AddUint64    is a mistake
//
// Numbers may be of any C++ type; floating-point ones are cut towards zero
// first. An infinite one, or NaN, is a mistake wherever an integer is wanted,
// also in a counter or gauge: it is what became of a division by zero. A label
// is for the people who type DUMP.
//
// Mistakes are kept, so that nobody need look at each call: the first one makes
// the whole update fail, and the agent reports it, naming the call and what is
// wrong, `AddIp("0.7", "10.0.0"): invalid IpAddress "10.0.0": …`. A name that
// is added twice fails it, too.
//
// Used by one thread at a time.
class SimpleContents {
 public:
  // Adds to `contents`, which must outlive this.
  explicit SimpleContents(Contents* contents) : contents_(*contents) {}

  SimpleContents(const SimpleContents&) = delete;
  SimpleContents& operator=(const SimpleContents&) = delete;

  template <typename Number>
  void AddInt(absl::string_view oid, Number number,
              absl::string_view label = {}) {
    Add({"AddInt", oid}, Convert<Integer32>(number), label);
  }

  template <typename Number>
  void AddCnt32(absl::string_view oid, Number number,
                absl::string_view label = {}) {
    Add({"AddCnt32", oid}, Convert<Counter32>(number), label);
  }

  template <typename Number>
  void AddCnt64(absl::string_view oid, Number number,
                absl::string_view label = {}) {
    Add({"AddCnt64", oid}, Convert<Counter64>(number), label);
  }

  template <typename Number>
  void AddGau(absl::string_view oid, Number number,
              absl::string_view label = {}) {
    Add({"AddGau", oid}, Convert<Gauge32>(number), label);
  }

  template <typename Number>
  void AddUnsigned(absl::string_view oid, Number number,
                   absl::string_view label = {}) {
    const auto make = [](uint32_t fitting) { return Unsigned32{fitting}; };
    Add({"AddUnsigned", oid}, Fit<uint32_t>(number, make), label);
  }

  // Hundredths of a second, or a duration (TimeTicks::FromDuration()).
  template <typename Number>
  void AddTt(absl::string_view oid, Number hundredths,
             absl::string_view label = {}) {
    Add({"AddTt", oid}, Convert<TimeTicks>(hundredths), label);
  }
  void AddTt(absl::string_view oid, absl::Duration duration,
             absl::string_view label = {});

  void AddStr(absl::string_view oid, absl::string_view bytes,
              absl::string_view label = {});
  void AddOct(absl::string_view oid, absl::string_view hex,
              absl::string_view label = {});
  void AddIp(absl::string_view oid, absl::string_view address,
             absl::string_view label = {});
  void AddOid(absl::string_view oid, absl::string_view value,
              absl::string_view label = {});

  // --- Opaque: what SNMP itself has no type for, as Net-SNMP writes it ---

  void AddOpaque(absl::string_view oid, absl::string_view hex,
                 absl::string_view label = {});
  void AddFloat(absl::string_view oid, float number,
                absl::string_view label = {});
  void AddDouble(absl::string_view oid, double number,
                 absl::string_view label = {});
  template <typename Number>
  void AddInt64(absl::string_view oid, Number number,
                absl::string_view label = {}) {
    Add({"AddInt64", oid}, Fit<int64_t>(number, Opaque::FromInteger64), label);
  }
  template <typename Number>
  void AddUint64(absl::string_view oid, Number number,
                 absl::string_view label = {}) {
    Add({"AddUint64", oid}, Fit<uint64_t>(number, Opaque::FromUnsigned64),
        label);
  }

  // --- For who grows out of it ---

  // What the values are put into: tables by columns, lazy values.
  Contents& full() { return contents_; }

  // The first mistake so far.
  const absl::Status& status() const { return status_; }

 private:
  struct Call {
    absl::string_view method;
    absl::string_view oid;
    absl::string_view text = {};  // the value, if it is text that may be wrong
  };

  static absl::Status DoesNotFit(absl::int128 number, absl::int128 least,
                                 absl::int128 greatest);

  // By the rules of Type::FromNumber(), which takes some numbers that aren't
  // finite.
  template <typename Type, typename Number>
  static absl::StatusOr<Value> Convert(Number number) {
    if (!value_internal::IsFinite(number)) {
      return value_internal::NotFinite(number);
    }
    return Type::FromNumber(number);
  }

  // What `make` makes of a number that is an Integer.
  template <typename Integer, typename Number, typename Make>
  static absl::StatusOr<Value> Fit(Number number, Make make) {
    if (!value_internal::IsFinite(number)) {
      return value_internal::NotFinite(number);
    }
    const absl::int128 wide = value_internal::Widen(number);
    constexpr absl::int128 kLeast = std::numeric_limits<Integer>::min();
    constexpr absl::int128 kGreatest = std::numeric_limits<Integer>::max();
    if (wide < kLeast || wide > kGreatest) {
      return DoesNotFit(wide, kLeast, kGreatest);
    }
    return make(static_cast<Integer>(wide));
  }

  void Add(const Call& call, absl::StatusOr<Value> value,
           absl::string_view label);
  void AddMistake(const Call& call, const absl::Status& mistake);

  Contents& contents_;
  absl::Status status_;
};

// Makes an update for AgentBuilder::AddSubtree() of a function that fills
// SimpleContents and returns nothing or an absl::Status. An error or a mistake
// keeps what the subtree holds; if there are both, the function's own error is
// the one that is reported.
template <typename Function>
UpdateFn MakeSimpleUpdate(Function function) {
  static_assert(std::is_invocable_v<Function&, SimpleContents&>,
                "an update takes SimpleContents&");
  using Result = std::invoke_result_t<Function&, SimpleContents&>;
  static_assert(
      std::is_void_v<Result> || std::is_convertible_v<Result, absl::Status>,
      "an update returns nothing or an absl::Status");
  return [function =
              std::move(function)](Contents& contents) mutable -> absl::Status {
    SimpleContents simple(&contents);
    absl::Status status;
    if constexpr (std::is_void_v<Result>) {
      function(simple);
    } else {
      status = function(simple);
    }
    return status.ok() ? simple.status() : status;
  };
}

}  // namespace passpersist

#endif  // SIMPLE_SIMPLE_CONTENTS_H_
