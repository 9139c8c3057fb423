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

// Contents with suffixes and values as text:
//
//   contents.AddInt("0.1", 123, "This is a label");
//   contents.AddString("0.2", "A string");
//   contents.AddHex("0.3", "01 00 1f 0b 00 0b");
//
// `oid` is a suffix: an OID relative to the root of the subtree, with or
// without a leading dot. Suffixes may be added in any order. The index of a
// table row is part of the suffix:
// absl::StrCat("2", EncodeString("eth0").ToString()) is the suffix of the row
// "eth0" in column 2.
//
//   type            method        a number that doesn't fit
//   INTEGER         AddInt        is an error
//   Counter32, 64   AddCounter32  wraps, as counters do
//                   AddCounter64
//   Gauge32         AddGauge32    becomes the nearest number that fits
//   Unsigned32      AddUnsigned   is an error
//   TimeTicks       AddTimeTicks  wraps
//   STRING, OCTET   AddString     (bytes as they are)
//                   AddHex        (pairs of hex digits)
//   IpAddress       AddIpAddress  ("10.0.0.1")
//   OBJECTID        AddOid        ("0.0", ".1.3.6")
//   Opaque          AddOpaque     (pairs of hex digits)
//                   AddFloat, AddDouble
//                   AddInt64      is an error
//                   AddUint64     is an error
//
// Numbers may have any C++ type. Floating-point numbers are truncated towards
// zero first. Infinity and NaN are errors for all integer types, including
// counters and gauges, because they usually result from a division by zero. The
// command DUMP shows the labels.
//
// Errors are kept, so an update need not check each call. The first error fails
// the whole update, and the agent reports it with the call and the reason:
// `AddIpAddress("0.7", "10.0.0"): invalid IpAddress "10.0.0": …`. Adding a
// suffix twice also fails the update.
//
// Used by one thread at a time.
class SimpleContents {
 public:
  // Adds entries to `contents`, which must outlive this object.
  explicit SimpleContents(Contents* contents) : contents_(*contents) {}

  SimpleContents(const SimpleContents&) = delete;
  SimpleContents& operator=(const SimpleContents&) = delete;

  template <typename Number>
  void AddInt(absl::string_view oid, Number number,
              absl::string_view label = {}) {
    Add({"AddInt", oid}, Convert<Integer32>(number), label);
  }

  template <typename Number>
  void AddCounter32(absl::string_view oid, Number number,
                    absl::string_view label = {}) {
    Add({"AddCounter32", oid}, Convert<Counter32>(number), label);
  }

  template <typename Number>
  void AddCounter64(absl::string_view oid, Number number,
                    absl::string_view label = {}) {
    Add({"AddCounter64", oid}, Convert<Counter64>(number), label);
  }

  template <typename Number>
  void AddGauge32(absl::string_view oid, Number number,
                  absl::string_view label = {}) {
    Add({"AddGauge32", oid}, Convert<Gauge32>(number), label);
  }

  template <typename Number>
  void AddUnsigned(absl::string_view oid, Number number,
                   absl::string_view label = {}) {
    const auto make = [](uint32_t value) { return Unsigned32{value}; };
    Add({"AddUnsigned", oid}, Fit<uint32_t>(number, make), label);
  }

  // Takes hundredths of a second, or a duration (see
  // TimeTicks::FromDuration()).
  template <typename Number>
  void AddTimeTicks(absl::string_view oid, Number hundredths,
                    absl::string_view label = {}) {
    Add({"AddTimeTicks", oid}, Convert<TimeTicks>(hundredths), label);
  }
  void AddTimeTicks(absl::string_view oid, absl::Duration duration,
                    absl::string_view label = {});

  void AddString(absl::string_view oid, absl::string_view bytes,
                 absl::string_view label = {});
  void AddHex(absl::string_view oid, absl::string_view hex,
              absl::string_view label = {});
  void AddIpAddress(absl::string_view oid, absl::string_view address,
                    absl::string_view label = {});
  void AddOid(absl::string_view oid, absl::string_view value,
              absl::string_view label = {});

  // --- Opaque: types that SNMP lacks, in Net-SNMP's encoding ---

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

  // --- Access to the full API ---

  // The contents that the values are added to, for tables by columns and
  // computed values.
  Contents& full() { return contents_; }

  // The first error so far.
  const absl::Status& status() const { return status_; }

 private:
  struct Call {
    absl::string_view method;
    absl::string_view oid;
    absl::string_view text = {};  // the value if it is text to be parsed
  };

  static absl::Status DoesNotFit(absl::int128 number, absl::int128 least,
                                 absl::int128 greatest);

  // Converts with Type::FromNumber(), but rejects numbers that are not finite,
  // of which some types accept all.
  template <typename Type, typename Number>
  static absl::StatusOr<Value> Convert(Number number) {
    if (!value_internal::IsFinite(number)) {
      return value_internal::NotFinite(number);
    }
    return Type::FromNumber(number);
  }

  // Passes `number` to `make` if it fits into Integer.
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
  void AddError(const Call& call, const absl::Status& error);

  Contents& contents_;
  absl::Status status_;
};

// Makes an update for AgentBuilder::AddSubtree() from a function that fills
// SimpleContents and returns void or an absl::Status. If the function returns
// an error, or SimpleContents has an error, the subtree keeps its values. If
// both have an error, the error of the function is reported.
template <typename Function>
UpdateFn MakeSimpleUpdate(Function function) {
  static_assert(std::is_invocable_v<Function&, SimpleContents&>,
                "an update takes SimpleContents&");
  using Result = std::invoke_result_t<Function&, SimpleContents&>;
  static_assert(
      std::is_void_v<Result> || std::is_convertible_v<Result, absl::Status>,
      "an update returns void or an absl::Status");
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
