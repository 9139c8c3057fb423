// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_OPERATIONS_H_
#define PASSPERSIST_TABLE_OPERATIONS_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>

#include "absl/base/optimization.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "passpersist/converted.h"
#include "passpersist/table/column.h"
#include "passpersist/table/declaration.h"
#include "passpersist/table/snmp_type.h"
#include "passpersist/table/textual_convention.h"
#include "passpersist/table_builder.h"

namespace passpersist::table_internal {

// --- Where a value is ---

// Read a value of a row by the Source that MakeSource() has returned.
template <typename T>
struct MemberReader {
  using Type = T;
  static const T& Read(const Source& source, const void* row) {
    return *reinterpret_cast<const T*>(static_cast<const char*>(row) +
                                       source.offset);
  }
  static T& Write(const Source& source, void* row) {
    return *reinterpret_cast<T*>(static_cast<char*>(row) + source.offset);
  }
};
template <typename Row, typename Function>
struct FunctionReader {
  using Type = AccessedType<Row, Function>;
  static decltype(auto) Read(const Source& source, const void* row) {
    return std::invoke(*static_cast<const Function*>(source.function.get()),
                       *static_cast<const Row*>(row));
  }
};

template <typename Reader>
constexpr bool kIsMember = false;
template <typename T>
constexpr bool kIsMember<MemberReader<T>> = true;

template <typename Row, typename Accessor>
using ReaderOf = std::conditional_t<std::is_member_object_pointer_v<Accessor>,
                                    MemberReader<AccessedType<Row, Accessor>>,
                                    FunctionReader<Row, Accessor>>;

// As offsetof(), which takes no pointer to a member.
template <typename Row, typename Member>
size_t OffsetOf(Member member) {
  alignas(Row) char storage[sizeof(Row)];
  const auto* const row = reinterpret_cast<const Row*>(storage);
  return static_cast<size_t>(reinterpret_cast<const char*>(&(row->*member)) -
                             storage);
}

template <typename Row, typename Accessor>
Source MakeSource(Accessor accessor) {
  Source source;
  if constexpr (std::is_member_object_pointer_v<Accessor>) {
    source.offset = OffsetOf<Row>(accessor);
  } else {
    source.function = std::make_shared<const Accessor>(std::move(accessor));
  }
  return source;
}

// --- Cells ---

// Writes the cells of a column, row by row. A number takes a few instructions:
// the place of the next number is in registers during a block.
template <typename Wire>
class CellWriter {
 public:
  static constexpr bool kIsNumber = TableBuilder::kIsNumber<Wire>;

  explicit CellWriter(const CellTarget& target)
      : builder_(*target.builder),
        column_(target.column),
        row_(target.first_row),
        numbers_(builder_.writers_[column_]) {}
  CellWriter(const CellWriter&) = delete;
  CellWriter& operator=(const CellWriter&) = delete;
  ~CellWriter() { builder_.writers_[column_] = numbers_; }

  // Add the cell of the next row: a value, an error or nothing.
  void Add(const Wire& value) {
    if constexpr (kIsNumber) {
      if (ABSL_PREDICT_FALSE(numbers_.row != row_ ||
                             numbers_.next == numbers_.end)) {
        Prepare();
      }
      std::memcpy(numbers_.next, &value, sizeof value);
      numbers_.next += sizeof value;
      numbers_.row = row_ + 1;
    } else {
      builder_.Set(row_, column_, Wire(value));
    }
    ++row_;
  }
  void Add(absl::string_view octets) {
    builder_.SetStrings(row_, column_, {&octets, 1});
    ++row_;
  }
  void Add(const Converted<Wire>& value) {
    if (ABSL_PREDICT_FALSE(!value.fits())) {
      AddError(value.has_value(), value.status());
    }
    value ? Add(*value) : Skip();
  }
  template <typename T>
  void Add(const absl::StatusOr<T>& value) {
    if (value.ok()) return Add(*value);
    AddError(/*is_served=*/false, value.status());
    Skip();
  }

  // Adds number(row) for each of the rows.
  template <typename Number>
  void AddNumbers(absl::Span<const void* const> rows, Number number) {
    while (!rows.empty()) {
      if (numbers_.row != row_ || numbers_.next == numbers_.end) Prepare();
      const auto room = static_cast<size_t>(numbers_.end - numbers_.next);
      const auto now = rows.first(std::min(rows.size(), room / sizeof(Wire)));
      char* next = numbers_.next;
      for (const void* const row : now) {
        const Wire value = number(row);
        std::memcpy(next, &value, sizeof value);
        next += sizeof value;
      }
      row_ += now.size();
      numbers_ = {row_, next, numbers_.end};
      rows.remove_prefix(now.size());
    }
  }

  // The same for strings: octets(row) is valid as long as the row.
  template <typename Octets>
  void AddStrings(absl::Span<const void* const> rows, Octets octets) {
    while (!rows.empty()) {
      absl::string_view block[64];
      const auto now = rows.first(std::min(rows.size(), std::size(block)));
      for (size_t i = 0; i < now.size(); ++i) block[i] = octets(now[i]);
      builder_.SetStrings(row_, column_, {block, now.size()});
      row_ += now.size();
      rows.remove_prefix(now.size());
    }
  }

  void Skip() { ++row_; }
  void AddError(bool is_served, const absl::Status& error) {
    builder_.AddError(row_, column_, is_served, [&] { return error; });
  }

 private:
  void Prepare() {
    builder_.writers_[column_] = numbers_;
    // The rows of a block are new, so that no cell is set twice.
    builder_.Prepare(row_, column_);
    numbers_ = builder_.writers_[column_];
  }

  TableBuilder& builder_;
  const size_t column_;
  size_t row_;
  TableBuilder::NumberWriter numbers_;
};

// Adds the cell of a C++ value.
template <typename P, typename T, typename Wire>
void AddCell(const T& value, const EncodeContext& context,
             CellWriter<Wire>& writer) {
  writer.Add(snmp_type_internal::Encode<P>(value, context));
}
template <typename P, typename T, typename Wire>
void AddCell(const std::optional<T>& value, const EncodeContext& context,
             CellWriter<Wire>& writer) {
  value.has_value() ? AddCell<P>(*value, context, writer) : writer.Skip();
}
template <typename P, typename T, typename Wire>
void AddCell(const absl::StatusOr<T>& value, const EncodeContext& context,
             CellWriter<Wire>& writer) {
  if (value.ok()) return AddCell<P>(*value, context, writer);
  writer.AddError(false, value.status());
  writer.Skip();
}

// What Encode() returns for a T; void for a T that may be missing or an error.
template <typename P, typename T, typename = void>
struct EncodedAs {
  using Type = void;
};
template <typename P, typename T>
struct EncodedAs<
    P, T, std::enable_if_t<std::is_same_v<T, typename Unwrapped<T>::Type>>> {
  using Type = std::decay_t<decltype(snmp_type_internal::Encode<P>(
      std::declval<const T&>(), std::declval<const EncodeContext&>()))>;
};

// True for a function that returns a number, not a reference to one.
template <typename Reader>
using Returned = decltype(Reader::Read(std::declval<const Source&>(), nullptr));
template <typename Reader>
constexpr bool kReturnsNumber =
    std::is_arithmetic_v<typename Unwrapped<Returned<Reader>>::Type> ||
    std::is_enum_v<typename Unwrapped<Returned<Reader>>::Type>;

// Returns the value of a cell; see Column::Ops::get.
using CellValue = absl::StatusOr<std::optional<Value>>;
template <typename P, typename T>
CellValue GetCell(const T& value, const EncodeContext& context) {
  absl::StatusOr<Value> encoded = EncodeValue<P>(value, context);
  if (!encoded.ok()) return encoded.status();
  return std::optional<Value>(*std::move(encoded));
}
template <typename P, typename T>
CellValue GetCell(const std::optional<T>& value, const EncodeContext& context) {
  if (!value.has_value()) return std::optional<Value>();
  return GetCell<P>(*value, context);
}
template <typename P, typename T>
CellValue GetCell(const absl::StatusOr<T>& value,
                  const EncodeContext& context) {
  if (!value.ok()) return value.status();
  return GetCell<P>(*value, context);
}

// True if two C++ values are the same cell, or two results of Encode() the same
// value or error. See Column::Ops::is_same.
template <typename Wire>
bool IsSame(const Wire& a, const Wire& b) {
  return a == b;
}
template <typename Wire>
bool IsSame(const Converted<Wire>& a, const Converted<Wire>& b) {
  if (a.has_value() && b.has_value()) return *a == *b;
  return a.has_value() == b.has_value() && a.status() == b.status();
}
template <typename P, typename T>
bool IsSameCell(const T& a, const T& b, const EncodeContext& context) {
  return IsSame(snmp_type_internal::Encode<P>(a, context),
                snmp_type_internal::Encode<P>(b, context));
}
template <typename P, typename T>
bool IsSameCell(const std::optional<T>& a, const std::optional<T>& b,
                const EncodeContext& context) {
  if (!a.has_value() || !b.has_value()) return a.has_value() == b.has_value();
  return IsSameCell<P>(*a, *b, context);
}
template <typename P, typename T>
bool IsSameCell(const absl::StatusOr<T>& a, const absl::StatusOr<T>& b,
                const EncodeContext& context) {
  if (!a.ok() || !b.ok()) return a.status() == b.status();
  return IsSameCell<P>(*a, *b, context);
}

template <typename P, typename T, typename = void>
constexpr bool kHasDecode = false;
template <typename P, typename T>
constexpr bool kHasDecode<P, T,
                          std::void_t<decltype(SnmpType<P>::Decode(
                              std::declval<const typename SnmpType<P>::Wire&>(),
                              std::declval<T*>()))>> = true;

template <typename P, typename T, typename Wire>
ErrorStatus SetCell(const Wire& wire, T* value) {
  return SnmpType<P>::Decode(wire, value);
}
template <typename P, typename T, typename Wire>
ErrorStatus SetCell(const Wire& wire, std::optional<T>* value) {
  return SetCell<P>(wire, &value->emplace());
}
template <typename P, typename T, typename Wire>
ErrorStatus SetCell(const Wire& wire, absl::StatusOr<T>* value) {
  return SetCell<P>(wire, &value->emplace());
}

// The position of an alternative of a variant.
template <typename T, typename Variant>
constexpr size_t kIndexIn = 0;
template <typename T, typename First, typename... Others>
constexpr size_t kIndexIn<T, std::variant<First, Others...>> =
    std::is_same_v<T, First> ? 0 : 1 + kIndexIn<T, std::variant<Others...>>;

// True for a number that is sent modulo 2^32 or 2^64 and does not wrap itself.
// A 32-bit number may wrap.
template <typename P, typename T>
constexpr bool kIsRunningTotal =
    (std::is_same_v<P, Counter32> ||
     std::is_same_v<P, Counter64>)&&(std::is_floating_point_v<T> ||
                                     (std::is_integral_v<T> &&
                                      sizeof(T) == sizeof(uint64_t)));

template <typename T>
std::optional<uint64_t> GetTotal(const T& total) {
  if (!(total > 0)) return 0;
  if constexpr (std::is_floating_point_v<T>) {
    constexpr T kEnd = 18446744073709551616.0;  // 2^64
    if (total >= kEnd) return std::numeric_limits<uint64_t>::max();
  }
  return static_cast<uint64_t>(total);
}
template <typename T>
std::optional<uint64_t> GetTotal(const std::optional<T>& total) {
  if (!total.has_value()) return std::nullopt;
  return GetTotal(*total);
}
template <typename T>
std::optional<uint64_t> GetTotal(const absl::StatusOr<T>& total) {
  if (!total.ok()) return std::nullopt;
  return GetTotal(*total);
}

// The functions of a column of type P.
template <typename P, typename Reader>
struct ColumnFunctions {
  using Wire = typename SnmpType<P>::Wire;

  static void Fill(const Source& source, absl::Span<const void* const> rows,
                   const CellTarget& target) {
    const EncodeContext context{target.sys_up_time_zero, source.octets};
    CellWriter<Wire> writer(target);
    using Encoded = typename EncodedAs<P, typename Reader::Type>::Type;
    constexpr bool kNumbers =
        CellWriter<Wire>::kIsNumber && std::is_same_v<Encoded, Wire>;
    constexpr bool kStrings =
        kIsMember<Reader> && std::is_same_v<Encoded, absl::string_view>;
    if constexpr (kNumbers || kStrings) {
      // Each row has a cell.
      const auto encode = [&](const void* row) {
        return snmp_type_internal::Encode<P>(Reader::Read(source, row),
                                             context);
      };
      if constexpr (kNumbers) {
        writer.AddNumbers(rows, encode);
      } else {
        writer.AddStrings(rows, encode);
      }
    } else {
      for (const void* const row : rows) {
        AddCell<P>(Reader::Read(source, row), context, writer);
      }
    }
  }

  static CellValue Get(const Source& source, absl::Time sys_up_time_zero,
                       const void* row) {
    return GetCell<P>(Reader::Read(source, row),
                      {sys_up_time_zero, source.octets});
  }

  static bool IsSame(const Source& source, absl::Time sys_up_time_zero,
                     const void* a, const void* b) {
    // What a function returns may be in a buffer that its next call overwrites,
    // as inet_ntoa() does. A number is not.
    if constexpr (kIsMember<Reader> || kReturnsNumber<Reader>) {
      return IsSameCell<P>(Reader::Read(source, a), Reader::Read(source, b),
                           {sys_up_time_zero, source.octets});
    } else {
      return Get(source, sys_up_time_zero, a) ==
             Get(source, sys_up_time_zero, b);
    }
  }

  static ErrorStatus Set(const Source& source, const Value& value, void* row) {
    return SetCell<P>(std::get<Wire>(value), &Reader::Write(source, row));
  }

  static constexpr auto SetOrNull()
      -> ErrorStatus (*)(const Source&, const Value&, void*) {
    if constexpr (kIsMember<Reader> &&
                  kHasDecode<P,
                             typename Unwrapped<typename Reader::Type>::Type>) {
      return &Set;
    } else {
      return nullptr;
    }
  }

  using T = typename Unwrapped<typename Reader::Type>::Type;

  static std::optional<uint64_t> Total(const Source& source, const void* row) {
    return GetTotal(Reader::Read(source, row));
  }

  static constexpr auto TotalOrNull()
      -> std::optional<uint64_t> (*)(const Source&, const void*) {
    if constexpr (kIsRunningTotal<P, T>) {
      return &Total;
    } else {
      return nullptr;
    }
  }

  static constexpr Column::Ops kOps = {kIndexIn<Wire, Value>,
                                       CellWriter<Wire>::kIsNumber,
                                       &Fill,
                                       &Get,
                                       &IsSame,
                                       SetOrNull(),
                                       snmp_type_internal::kNeedsContext<P, T>,
                                       TotalOrNull()};
};

// The functions of a column whose values a Reader reads. Those of the types
// that most columns have are compiled once, in operations.cc: a program
// compiles in less time, and has less code.
template <typename P, typename Reader>
const Column::Ops* OpsOf() {
  return &ColumnFunctions<P, Reader>::kOps;
}
template <>
const Column::Ops* OpsOf<int32_t, MemberReader<int32_t>>();
template <>
const Column::Ops* OpsOf<uint32_t, MemberReader<uint32_t>>();
template <>
const Column::Ops* OpsOf<bool, MemberReader<bool>>();
template <>
const Column::Ops* OpsOf<std::string, MemberReader<std::string>>();
template <>
const Column::Ops* OpsOf<DisplayString, MemberReader<std::string>>();
template <>
const Column::Ops* OpsOf<Counter32, MemberReader<uint32_t>>();
template <>
const Column::Ops* OpsOf<Counter32, MemberReader<uint64_t>>();
template <>
const Column::Ops* OpsOf<Counter64, MemberReader<uint64_t>>();

// --- Index parts ---

template <typename P, typename Reader>
struct PartFunctions {
  static absl::Status Encode(const Source& source, const void* row,
                             Oid* index) {
    return IndexPart<P>::Encode(Reader::Read(source, row), index);
  }
  static bool Decode(const Source& source, absl::Span<const uint32_t>* arcs,
                     void* row) {
    return IndexPart<P>::Decode(arcs, &Reader::Write(source, row));
  }

  static constexpr auto DecodeOrNull()
      -> bool (*)(const Source&, absl::Span<const uint32_t>*, void*) {
    if constexpr (kIsMember<Reader>) {
      return &Decode;
    } else {
      return nullptr;
    }
  }

  static constexpr Part::Ops kOps = {&Encode, DecodeOrNull()};
};

}  // namespace passpersist::table_internal

#endif  // PASSPERSIST_TABLE_OPERATIONS_H_
