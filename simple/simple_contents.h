// SPDX-License-Identifier: Apache-2.0

#ifndef SIMPLE_SIMPLE_CONTENTS_H_
#define SIMPLE_SIMPLE_CONTENTS_H_

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/contents.h"
#include "passpersist/converted.h"
#include "passpersist/oid.h"
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
//   INTEGER         AddInt        is left out
//   TruthValue      AddBool       (true is 1, false is 2)
//   Counter32, 64   AddCounter32  wraps, as counters do
//                   AddCounter64
//   Gauge32         AddGauge32    becomes the nearest number that fits
//   Unsigned32      AddUnsigned   is left out
//   TimeTicks       AddTimeTicks  wraps
//   STRING, OCTET   AddString     (bytes as they are)
//                   AddHex        (pairs of hex digits)
//   IpAddress       AddIpAddress  ("10.0.0.1")
//   OBJECTID        AddOid        ("0.0", ".1.3.6")
//   Opaque          AddOpaque     (pairs of hex digits)
//                   AddFloat, AddDouble
//                   AddInt64      is left out
//                   AddUint64     is left out
//
// Numbers may have any C++ type except bool. Floating-point numbers are rounded
// to the nearest integer, halves away from zero. Infinity and NaN are left out
// for all integer types, including counters and gauges, because they usually
// result from a division by zero. The command DUMP shows the labels.
//
// An error costs one instance, so an update need not check each call: what
// cannot be a value is left out, and the rest is served. The agent reports the
// name and the reason once: `.1.3.6.1.3.53.8.0.7 is left out: invalid IpAddress
// "10.0.0": …`. A gauge at its limit is reported, too. If a suffix is added
// twice, the later value is served. See Contents and SubtreeOptions.
//
// Used by one thread at a time.
class SimpleContents {
 public:
  // Adds entries to `contents`, which must outlive this object.
  explicit SimpleContents(Contents* contents) : contents_(*contents) {}

  SimpleContents(const SimpleContents&) = delete;
  SimpleContents& operator=(const SimpleContents&) = delete;

  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddInt(absl::string_view oid, Number number,
              absl::string_view label = {}) {
    Add("AddInt", oid, Integer32::FromNumber(number), label);
  }

  template <typename Bool,
            std::enable_if_t<std::is_same_v<Bool, bool>, bool> = true>
  void AddBool(absl::string_view oid, Bool value,
               absl::string_view label = {}) {
    Add("AddBool", oid, Integer32::FromBool(value), label);
  }

  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddCounter32(absl::string_view oid, Number number,
                    absl::string_view label = {}) {
    Add("AddCounter32", oid, Counter32::FromNumberWrapped(number), label);
  }

  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddCounter64(absl::string_view oid, Number number,
                    absl::string_view label = {}) {
    Add("AddCounter64", oid, Counter64::FromNumberWrapped(number), label);
  }

  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddGauge32(absl::string_view oid, Number number,
                  absl::string_view label = {}) {
    Add("AddGauge32", oid, Gauge32::FromNumberSaturated(number), label);
  }

  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddUnsigned(absl::string_view oid, Number number,
                   absl::string_view label = {}) {
    Add("AddUnsigned", oid, Unsigned32::FromNumber(number), label);
  }

  // Takes hundredths of a second, or a duration (see
  // TimeTicks::FromDuration()).
  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddTimeTicks(absl::string_view oid, Number hundredths,
                    absl::string_view label = {}) {
    Add("AddTimeTicks", oid, TimeTicks::FromNumberWrapped(hundredths), label);
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
  // These take infinities and NaN, too.
  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddFloat(absl::string_view oid, Number number,
                absl::string_view label = {}) {
    Add("AddFloat", oid, Opaque::FromFloat(static_cast<float>(number)), label);
  }
  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddDouble(absl::string_view oid, Number number,
                 absl::string_view label = {}) {
    Add("AddDouble", oid, Opaque::FromDouble(static_cast<double>(number)),
        label);
  }

  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddInt64(absl::string_view oid, Number number,
                absl::string_view label = {}) {
    Add("AddInt64", oid,
        ToOpaque(value_internal::Convert<Integer64>(number),
                 Opaque::FromInteger64),
        label);
  }
  template <typename Number, value_internal::IfNumber<Number> = true>
  void AddUint64(absl::string_view oid, Number number,
                 absl::string_view label = {}) {
    Add("AddUint64", oid,
        ToOpaque(value_internal::Convert<Unsigned64>(number),
                 Opaque::FromUnsigned64),
        label);
  }

  // --- Access to the full API ---

  // The contents that the values are added to, for tables by columns, computed
  // values and errors.
  Contents& full() { return contents_; }

 private:
  // The numbers in Opaque.
  struct Integer64 {
    static constexpr char kName[] = "Integer64";
    int64_t value = 0;
  };
  struct Unsigned64 {
    static constexpr char kName[] = "Unsigned64";
    uint64_t value = 0;
  };

  template <typename Type, typename Make>
  static absl::StatusOr<Opaque> ToOpaque(const Converted<Type>& number,
                                         Make make) {
    if (!number) return number.status();
    return make(number->value);
  }

  // `Result`: what Contents::Put() takes.
  template <typename Result>
  void Add(absl::string_view method, absl::string_view oid, Result result,
           absl::string_view label) {
    const std::optional<Oid> suffix = ParseSuffix(method, oid);
    if (suffix) contents_.Put(*suffix, std::move(result), label);
  }

  // Returns nullopt, and adds an error, if `oid` is not an OID.
  std::optional<Oid> ParseSuffix(absl::string_view method,
                                 absl::string_view oid);

  Contents& contents_;
};

// Makes an update for AgentBuilder::AddSubtree() from a function that fills
// SimpleContents and returns void or an absl::Status. If the function returns
// an error, the subtree keeps its values.
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
    if constexpr (std::is_void_v<Result>) {
      function(simple);
      return absl::OkStatus();
    } else {
      return function(simple);
    }
  };
}

}  // namespace passpersist

#endif  // SIMPLE_SIMPLE_CONTENTS_H_
