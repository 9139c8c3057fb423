// SPDX-License-Identifier: Apache-2.0

#ifndef PASSPERSIST_TESTING_TEST_TABLE_H_
#define PASSPERSIST_TESTING_TEST_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "gtest/gtest.h"
#include "passpersist/oid.h"
#include "passpersist/pdu.h"
#include "passpersist/table/declaration.h"
#include "passpersist/table/operations.h"
#include "passpersist/table/table.h"
#include "passpersist/testing/get_result.h"
#include "passpersist/testing/test_agent.h"
#include "passpersist/value.h"

namespace passpersist_testing {

// A table of a TestAgent, by the names of its declaration:
//
//   builder.AddTable(kRoot, absl::Seconds(5), kDisks, ReadDisks);
//   TestAgent agent(std::move(builder));
//   TestTable disks(&agent, kRoot, kDisks);
//   EXPECT_EQ(disks.Get("sda", &Disk::temperature), 41);
//   EXPECT_EQ(disks.Get("sdb", &Disk::temperature), std::nullopt);
//   EXPECT_EQ(disks.Set("sda", &Disk::temperature, 42),
//             ErrorStatus::kNotWritable);
//   for (const Disk& disk : disks.Walk()) …
//
// A column is named by its data member, if it is the only column of that
// member; its type needs a Decode() (see SnmpType). A column of functions, or
// of a TimeStamp, is read by TestAgent::Get().
//
// Used by one thread at a time.
template <typename Row, typename... Parts>
class TestTable {
 public:
  // `root` is that of AddTable().
  TestTable(TestAgent* agent, const passpersist::Oid& root,
            const passpersist::Table<Row, Parts...>& table)
      : agent_(*agent), declaration_(table.declaration()), table_(table) {
    const absl::StatusOr<passpersist::Oid> oid = declaration_.RootBelow(root);
    if (oid.ok()) {
      entry_ = Concat(*oid, {1});
    } else {
      ADD_FAILURE() << oid.status();
    }
  }

  // Gets a cell: the values of the index, and the member that is the column.
  // Returns std::nullopt if there is no such instance.
  template <typename... Arguments>
  auto Get(const Arguments&... arguments) {
    static_assert(sizeof...(Arguments) == sizeof...(Parts) + 1,
                  "Get() takes the values of the index and a member");
    const auto all = std::tie(arguments...);
    const auto member = std::get<sizeof...(Parts)>(all);
    using Member =
        passpersist::table_internal::AccessedType<Row, decltype(member)>;
    using T = typename passpersist::table_internal::Unwrapped<Member>::Type;
    std::optional<T> result;
    const Column* const column = FindColumn(member);
    if (column == nullptr) return result;
    const GetResult cell =
        agent_.Get(Name(*column, all, std::index_sequence_for<Parts...>()));
    if (!cell.has_value()) return result;
    Row row{};
    Store(*column, cell.value(), &row);
    result = Unwrap(row.*member);
    return result;
  }

  // Sets a cell: the values of the index, the member that is the column, and
  // the new value. Returns the error status that the manager receives.
  template <typename... Arguments>
  passpersist::ErrorStatus Set(const Arguments&... arguments) {
    static_assert(sizeof...(Arguments) == sizeof...(Parts) + 2,
                  "Set() takes the values of the index, a member and a value");
    const auto all = std::tie(arguments...);
    const auto member = std::get<sizeof...(Parts)>(all);
    const Column* const column = FindColumn(member);
    if (column == nullptr) return passpersist::ErrorStatus::kGenErr;
    Row row{};
    row.*member = std::get<sizeof...(Parts) + 1>(all);
    const auto value = column->ops->get(column->source, absl::Time(), &row);
    if (!value.ok() || !value->has_value()) {
      ADD_FAILURE() << "the value cannot be sent: " << value.status();
      return passpersist::ErrorStatus::kGenErr;
    }
    return agent_.Set(Name(*column, all, std::index_sequence_for<Parts...>()),
                      **value);
  }

  // Walks the table and returns its rows, in the order of their indexes.
  // Members that are no columns, and missing cells, have their initial values.
  std::vector<Row> Walk() {
    std::map<passpersist::Oid, Row> rows;
    for (const passpersist::VarBind& binding : agent_.Walk(entry_)) {
      const absl::Span<const uint32_t> arcs =
          binding.oid.ArcsFrom(entry_.size());
      const Column* const column = declaration_.Find(arcs[0]);
      const auto [at, is_new] =
          rows.try_emplace(passpersist::Oid(arcs.subspan(1)));
      if (column == nullptr ||
          (is_new && !declaration_.DecodeIndex(arcs.subspan(1), &at->second))) {
        ADD_FAILURE() << binding.oid << " is not a cell of the table";
        continue;
      }
      if (column->ops->set != nullptr) {
        Store(*column, binding.value, &at->second);
      }
    }
    std::vector<Row> result;
    for (auto& [index, row] : rows) result.push_back(std::move(row));
    return result;
  }

 private:
  using Column = passpersist::table_internal::Column;

  template <typename Member>
  const Column* FindColumn(Member member) {
    static_assert(std::is_member_object_pointer_v<Member>,
                  "a column is named by its data member, &Row::member");
    const size_t offset = passpersist::table_internal::OffsetOf<Row>(member);
    const Column* found = nullptr;
    for (const Column& column : declaration_.columns) {
      if (column.ops->set == nullptr || column.source.offset != offset) {
        continue;
      }
      if (found != nullptr) {
        ADD_FAILURE() << "the columns " << found->id << " and " << column.id
                      << " have the same member";
      }
      found = &column;
    }
    if (found == nullptr) ADD_FAILURE() << "no column has this member";
    return found;
  }

  template <typename Arguments, size_t... kParts>
  passpersist::Oid Name(const Column& column, const Arguments& arguments,
                        std::index_sequence<kParts...>) {
    const absl::StatusOr<passpersist::Oid> index =
        table_.IndexOf(std::get<kParts>(arguments)...);
    EXPECT_TRUE(index.ok()) << index.status();
    return Concat(Concat(entry_, {column.id}),
                  index.value_or(passpersist::Oid()));
  }

  void Store(const Column& column, const passpersist::Value& value, Row* row) {
    if (value.index() != column.ops->wire) {
      ADD_FAILURE() << "column " << column.id << " has the value "
                    << passpersist::ToString(value) << " of another type";
      return;
    }
    EXPECT_EQ(column.ops->set(column.source, value, row),
              passpersist::ErrorStatus::kNoError)
        << "column " << column.id << ": " << passpersist::ToString(value);
  }

  template <typename T>
  static T Unwrap(const T& value) {
    return value;
  }
  template <typename T>
  static T Unwrap(const std::optional<T>& value) {
    return *value;
  }
  template <typename T>
  static T Unwrap(const absl::StatusOr<T>& value) {
    return *value;
  }

  TestAgent& agent_;
  const passpersist::table_internal::Declaration& declaration_;
  passpersist::Table<Row, Parts...> table_;
  passpersist::Oid entry_;
};

}  // namespace passpersist_testing

#endif  // PASSPERSIST_TESTING_TEST_TABLE_H_
