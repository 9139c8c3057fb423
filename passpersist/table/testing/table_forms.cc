// SPDX-License-Identifier: Apache-2.0

#include "passpersist/table/testing/table_forms.h"

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "passpersist/table/column.h"
#include "passpersist/table/computed_table.h"
#include "passpersist/table/index_part.h"
#include "passpersist/table/inet_address.h"
#include "passpersist/table/live_table.h"
#include "passpersist/table/oid_less.h"
#include "passpersist/table/table.h"

namespace passpersist_testing {
namespace {

using namespace passpersist;  // NOLINT: a test library

struct Port {
  uint32_t number = 0;
  std::string name;
  InetAddress address;
  uint64_t octets = 0;
  std::optional<int32_t> mtu = std::nullopt;
};

// The columns that all tables have.
template <typename... Parts>
Table<Port, Parts...> WithColumns(Table<Port, Parts...> table) {
  return std::move(table)
      .Column(2, Counter32Of(&Port::octets))
      .Column(3, &Port::mtu)
      .Column(5, &Port::number, Access::kNotAccessible)
      .Column(6, &Port::number, Access::kAccessibleForNotify)
      .Column(7, &Port::name);
}

// NOLINTBEGIN: values without a destructor
const auto kByNumber =
    WithColumns(Table<Port>({1, 2}).Index(&Port::number).RowCount({1, 1}));
const auto kByName = WithColumns(Table<Port>({2}).Index(&Port::name));
const auto kByImpliedName =
    WithColumns(Table<Port>({3}).Index(Implied(&Port::name)));
const auto kByAddress =
    WithColumns(Table<Port>({4}).Index(&Port::address, &Port::number));
// NOLINTEND

// In each index there are rows whose order is not that of the C++ values.
const std::vector<Port>& Rows() {
  static const auto* const kRows = new std::vector<Port>{
      {300, "b", *InetAddress::Parse("10.0.0.1"), 7, 1500},
      {4294967295, "aa", *InetAddress::Parse("2001:db8::1"), 1, std::nullopt},
      {0, "ab", *InetAddress::Parse("9.255.0.1"), uint64_t{1} << 32, -1},
      {7, "a", *InetAddress::Parse("10.0.0.1"), 0, 9000}};
  return *kRows;
}

template <typename... Parts>
Oid IndexOf(const Table<Port, Parts...>& table, const Port& row) {
  Oid index;
  table.declaration().EncodeIndex(&row, 0, &index).IgnoreError();
  return index;
}

template <typename... Parts>
void AddTable(TableForm form, const Oid& root,
              const Table<Port, Parts...>& table, AgentBuilder* builder) {
  switch (form) {
    case TableForm::kRefreshed:
      builder->AddTable(root, absl::Minutes(10), table, Rows);
      return;
    case TableForm::kOnDemand:
      builder->AddTableOnDemand(root, absl::Minutes(10), table, Rows);
      return;
    case TableForm::kHeld: {
      const auto live = MakeLiveTable(table);
      for (const Port& row : Rows()) live->Upsert(row).IgnoreError();
      builder->AddTable(root, live);
      return;
    }
    case TableForm::kComputed: {
      using Index = typename computed_internal::IndexOfParts<Parts...>::Type;
      using Key = typename IndexPart<Index>::Value;
      // They outlive the agent.
      static auto* const mutex = new std::mutex;
      auto* const map = new std::map<Key, Port, OidLess<Index>>;
      static auto* const kept = new std::vector<const void*>;
      kept->push_back(map);
      for (const Port& row : Rows()) {
        const auto key = table.KeyOf(IndexOf(table, row).arcs());
        if constexpr (sizeof...(Parts) == 1) {
          map->emplace(std::get<0>(*key), row);
        } else {
          map->emplace(*key, row);
        }
      }
      builder->AddTable(root, table, MapRows(map),
                        [] { return std::unique_lock<std::mutex>(*mutex); });
      return;
    }
  }
}

template <typename... Parts>
void AddInstances(const Oid& root, const Table<Port, Parts...>& table,
                  std::map<Oid, Value>* instances) {
  const Oid entry = Concat(*table.declaration().RootBelow(root), {1});
  for (const Port& row : Rows()) {
    const Oid index = IndexOf(table, row);
    const auto add = [&](uint32_t column, Value value) {
      (*instances)[Concat(Concat(entry, {column}), index)] = std::move(value);
    };
    add(2, Counter32{static_cast<uint32_t>(row.octets)});
    if (row.mtu) add(3, Integer32{*row.mtu});
    add(7, OctetString{row.name});
  }
}

}  // namespace

std::ostream& operator<<(std::ostream& os, TableForm form) {
  constexpr const char* kNames[] = {"Refreshed", "OnDemand", "Held",
                                    "Computed"};
  return os << kNames[static_cast<size_t>(form)];
}

void AddTables(TableForm form, const Oid& root, AgentBuilder* builder) {
  AddTable(form, root, kByNumber, builder);
  AddTable(form, root, kByName, builder);
  AddTable(form, root, kByImpliedName, builder);
  AddTable(form, root, kByAddress, builder);
}

std::map<Oid, Value> InstancesOfTables(const Oid& root) {
  std::map<Oid, Value> instances;
  instances[Concat(root, {1, 1, 0})] =
      Gauge32{static_cast<uint32_t>(Rows().size())};
  AddInstances(root, kByNumber, &instances);
  AddInstances(root, kByName, &instances);
  AddInstances(root, kByImpliedName, &instances);
  AddInstances(root, kByAddress, &instances);
  return instances;
}

}  // namespace passpersist_testing
