// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TABLE_TABLE_H_
#define PASSPERSIST_TABLE_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "passpersist/oid.h"
#include "passpersist/table/column.h"
#include "passpersist/table/declaration.h"
#include "passpersist/table/index_codec.h"
#include "passpersist/table/operations.h"
#include "passpersist/table/read_rows.h"

namespace passpersist {

// How managers reach a column (MAX-ACCESS, RFC 2578 section 7.3).
enum class Access {
  // Part of the declaration only, as most index columns are.
  kNotAccessible,
  // Only in notifications.
  kAccessibleForNotify,
  kReadOnly,
};

template <typename Row, typename... Parts>
class Table;

namespace table_internal {

// The column type and the accessor that an argument of Column() stands for.
template <typename Row, typename Accessor>
struct ColumnTraits {
  using Type = typename Unwrapped<AccessedType<Row, Accessor>>::Type;
  static Accessor AccessorOf(Accessor accessor) { return accessor; }
  static size_t OctetsOf(const Accessor&) { return 0; }
  using AccessorType = Accessor;
};
template <typename Row, typename P, typename Accessor>
struct ColumnTraits<Row, ColumnOf<P, Accessor>> {
  using Type = P;
  static Accessor AccessorOf(ColumnOf<P, Accessor> column) {
    return std::move(column.accessor);
  }
  static size_t OctetsOf(const ColumnOf<P, Accessor>& column) {
    return column.octets;
  }
  using AccessorType = Accessor;
};

// The same for an argument of Index().
template <typename Row, typename Accessor>
struct PartTraits {
  using Type = AccessedType<Row, Accessor>;
  static Accessor AccessorOf(Accessor accessor) { return accessor; }
  using AccessorType = Accessor;
};
template <typename Row, typename P, typename Accessor>
struct PartTraits<Row, IndexPartOf<P, Accessor>> {
  using Type = P;
  static Accessor AccessorOf(IndexPartOf<P, Accessor> part) {
    return std::move(part.accessor);
  }
  using AccessorType = Accessor;
};
template <typename Row, typename Accessor>
struct PartTraits<Row, ImpliedAccessor<Accessor>> {
  using Type = typename ImpliedPart<AccessedType<Row, Accessor>>::Type;
  static Accessor AccessorOf(ImpliedAccessor<Accessor> part) {
    return std::move(part.accessor);
  }
  using AccessorType = Accessor;
};
template <typename P, typename Row, typename Argument>
void AddPart(Declaration* declaration, Argument argument) {
  using Traits = PartTraits<Row, Argument>;
  using Accessor = typename Traits::AccessorType;
  CheckAccessor<Row, Accessor>();
  if constexpr (kIsAccessor<Row, Accessor>) {
    declaration->parts.push_back(
        {MakeSource<Row>(Traits::AccessorOf(std::move(argument))),
         &PartFunctions<P, ReaderOf<Row, Accessor>>::kOps});
  }
}

}  // namespace table_internal

// The declaration of a table: which struct a row is, which members are its
// index, and which are its columns. It serves values
// (AgentBuilder::AddTable()), and encodes and decodes indexes:
//
//   struct Disk {
//     std::string name, model;
//     uint64_t read_bytes = 0;
//     bool failing = false;
//     std::optional<DiskState> state;
//   };
//
//   const auto kDisks = Table<Disk>({1, 1})  // below the root of AddTable()
//       .Index(&Disk::name)                  // now a Table<Disk, std::string>
//       .Column(2, &Disk::model)
//       .Column(3, Counter64Of(&Disk::read_bytes))
//       .Column(5, &Disk::failing)
//       .Column(6, &Disk::state);
//
// `Parts` are the types of the index: see index_part.h. column.h has the
// accessors, snmp_type.h the types that columns may have. A column of type
// std::optional<T> or absl::StatusOr<T> has the type T; a row without the value
// lacks the cell, and an error is reported.
//
// An error of the declaration, such as a column that is declared twice, is an
// error of AgentBuilder::Build(). A name has at most Oid::kMaxArcs arcs: what
// no row can keep is such an error, too, and a row whose index is too long is
// left out.
//
// A value type of the size of a pointer; copies share the declaration, which is
// never destroyed. Safe for concurrent use.
template <typename Row, typename... Parts>
class Table {
 public:
  using RowType = Row;
  using Index = std::tuple<Parts...>;
  // The values of the index, such as std::tuple<std::string>.
  using Key = typename IndexPart<Index>::Value;

  // Adds a column: `id` is its number, the last arc of its OID. `argument` is
  // an accessor, or what a function of column.h returns for one.
  template <typename Argument>
  Table Column(uint32_t id, Argument argument,
               Access access = Access::kReadOnly) && {
    using Traits = table_internal::ColumnTraits<Row, Argument>;
    using Accessor = typename Traits::AccessorType;
    table_internal::CheckAccessor<Row, Accessor>();
    if constexpr (table_internal::kIsAccessor<Row, Accessor>) {
      const auto* const ops =
          table_internal::OpsOf<typename Traits::Type,
                                table_internal::ReaderOf<Row, Accessor>>();
      const size_t octets = Traits::OctetsOf(argument);
      auto accessor = Traits::AccessorOf(std::move(argument));
      const bool is_accessible = access == Access::kReadOnly;
      if constexpr (std::is_member_object_pointer_v<Accessor>) {
        // One call, since a program has many columns.
        declaration_->AddColumn(id, table_internal::OffsetOf<Row>(accessor),
                                octets, ops, is_accessible);
      } else {
        table_internal::Source source =
            table_internal::MakeSource<Row>(std::move(accessor));
        source.octets = octets;
        declaration_->AddColumn(id, std::move(source), ops, is_accessible);
      }
    }
    return *this;
  }

  // Adds a column that tells when a counter of the row was last discontinuous
  // (RFC 2578 sections 7.1.6 and 7.1.10), as ifCounterDiscontinuityTime. The
  // accessor is a data member of type absl::Time, which is sent as a TimeStamp.
  // Its initial value, absl::Time(), is sent as 0: there was no discontinuity.
  //
  // A row whose source knows better sets the member. Besides, a table that has
  // its rows notices when a running total of a row falls: a column
  // Counter32Of() or Counter64Of() of a 64-bit or floating-point number. The
  // later time is sent. How it is noticed:
  //
  //   read by a function   the last update had a higher total
  //   LiveTable            the present row has one; the table then sets the
  //                        member of the new row, or leaves it as it was
  //   computed             never: the member only
  //
  // A row that was erased and comes again is a new row.
  template <typename Member>
  Table Discontinuity(uint32_t id, Member member) && {
    constexpr bool kIsTime = std::is_convertible_v<Member, absl::Time Row::*>;
    static_assert(kIsTime,
                  "Discontinuity() takes a data member of the table's row of "
                  "type absl::Time");
    if constexpr (kIsTime) {
      declaration_->discontinuity = id;
      return std::move(*this).Column(id, TimeStampOf(member));
    } else {
      return *this;
    }
  }

  // Serves the number of rows as a scalar object, as ifNumber. `object` is its
  // OID, relative to the root of AddTable() as that of the table, and outside
  // of the table; its instance is `object`.0, a Gauge32. It is in the same
  // snapshot as the rows, except of a computed table.
  Table RowCount(Oid object) && {
    declaration_->row_count = std::move(object);
    return *this;
  }

  // Serves the value of sysUpTime at which a row or a cell was last added,
  // changed or removed, as ifTableLastChange: a TimeStamp, like RowCount(). A
  // table that is read by a function changes when an update finds other
  // contents than the last one; its first contents are a change.
  Table LastChange(Oid object) && {
    declaration_->last_change = std::move(object);
    return *this;
  }

  // Returns the arcs of the index of the row with these values:
  // kDisks.IndexOf("sda") is 3.115.100.97. The errors are those of
  // IndexCodec::Encode().
  template <typename... Values>
  absl::StatusOr<Oid> IndexOf(Values&&... values) const {
    static_assert(sizeof...(Values) == sizeof...(Parts),
                  "IndexOf() takes one value for each part of the index");
    if constexpr (sizeof...(Values) != sizeof...(Parts)) {
      return Oid();
    } else if constexpr (std::is_constructible_v<Key, Values...>) {
      return IndexCodec<Index>().Encode(Key(std::forward<Values>(values)...));
    } else {
      static_assert(std::is_constructible_v<Key, Values...>,
                    "a value has another type than its part of the index");
      return Oid();
    }
  }

  // Returns the values of an index, or std::nullopt if it is not the index of
  // any row (see IndexCodec).
  std::optional<Key> KeyOf(absl::Span<const uint32_t> index) const {
    return IndexCodec<Index>().Decode(index);
  }

  // Returns the name of the first accessible column of a row, which a
  // RowPointer (RFC 2579) to the row is. `root` is that of AddTable().
  template <typename... Values>
  absl::StatusOr<Oid> RowPointer(const Oid& root, Values&&... values) const {
    absl::StatusOr<Oid> name = declaration_->RootBelow(root);
    if (!name.ok()) return name;
    absl::StatusOr<Oid> index = IndexOf(std::forward<Values>(values)...);
    if (!index.ok()) return index;
    for (const table_internal::Column& column : declaration_->columns) {
      if (!column.is_accessible) continue;
      name->Append({1, column.id});
      break;
    }
    name->Append(*index);
    return name;
  }

  // For the library.
  const table_internal::Declaration& declaration() const {
    return *declaration_;
  }
  template <typename Function>
  table_internal::ReadRowsFn MakeReadRows(Function function) const {
    return table_internal::MakeReadRows<Row>(std::move(function));
  }

 private:
  template <typename, typename...>
  friend class Table;

  explicit Table(table_internal::Declaration* declaration)
      : declaration_(declaration) {}

  table_internal::Declaration* declaration_;
};

// The beginning of a declaration, which has no index yet.
template <typename Row>
class Table<Row> {
 public:
  // `oid` is that of the table, relative to the root of AddTable(): its entry
  // is `oid`.1. It may be empty.
  explicit Table(const Oid& oid)
      : declaration_(table_internal::Declaration::New(oid)) {}

  // The same as a text, such as "1.1".
  template <typename Text, typename = std::enable_if_t<std::is_convertible_v<
                               const Text&, absl::string_view>>>
  explicit Table(const Text& oid)
      : declaration_(table_internal::Declaration::New(absl::string_view(oid))) {
  }

  // Says what the index of a row is: accessors of its parts, in the order of
  // the INDEX clause.
  template <typename... Arguments>
  auto Index(Arguments... arguments) && {
    static_assert(sizeof...(Arguments) > 0, "an index has at least one part");
    index_internal::CheckTuple<
        typename table_internal::PartTraits<Row, Arguments>::Type...>();
    using Result =
        Table<Row,
              typename table_internal::PartTraits<Row, Arguments>::Type...>;
    if constexpr (sizeof...(Arguments) > 0) {
      return std::move(*this).template MakeTable<Result>(
          std::move(arguments)...);
    } else {
      return *this;
    }
  }

  // The rows have indexes as those of `base`, as a table with an AUGMENTS
  // clause, or a sparse table that has the INDEX of another table (RFC 2578
  // sections 7.7 and 7.8). The arguments are accessors of `Row`, for the values
  // of the parts of `base`: Augments(kDisks, &More::disk).
  template <typename Base, typename... Parts, typename... Accessors>
  Table<Row, Parts...> Augments(const Table<Base, Parts...>& base,
                                Accessors... accessors) && {
    static_cast<void>(base);
    static_assert(sizeof...(Parts) == sizeof...(Accessors),
                  "Augments() takes an accessor for each part of the index");
    constexpr bool kHasTypes =
        (std::is_same_v<typename IndexPart<Parts>::Value,
                        table_internal::AccessedType<Row, Accessors>> &&
         ...);
    static_assert(
        kHasTypes,
        "Augments() takes accessors to values of the types of the index");
    using Result = Table<Row, Parts...>;
    if constexpr (kHasTypes) {
      return std::move(*this).template MakeTable<Result>(
          IndexPartOf<Parts, Accessors>{std::move(accessors)}...);
    } else {
      return Result(declaration_);
    }
  }

  template <typename... Arguments>
  Table Column(Arguments&&...) && {
    static_assert(sizeof...(Arguments) > 100,  // always false
                  "say .Index(&Row::x, ...) before .Column()");
    return *this;
  }

 private:
  template <typename Result, typename... Arguments>
  Result MakeTable(Arguments... arguments) && {
    (table_internal::AddPart<
         typename table_internal::PartTraits<Row, Arguments>::Type, Row>(
         declaration_, std::move(arguments)),
     ...);
    declaration_->min_index_arcs = IndexCodec<typename Result::Index>::kMinArcs;
    return Result(declaration_);
  }

  table_internal::Declaration* declaration_;
};

}  // namespace passpersist

#endif  // PASSPERSIST_TABLE_TABLE_H_
