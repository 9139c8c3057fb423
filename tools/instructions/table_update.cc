// SPDX-License-Identifier: Apache-2.0
//
// table_update FORM INDEX UPDATES: updates a TrieStore with a table of 20,000
// rows, so many times. The rows have the same indexes in each update. FORM says
// how the update is written:
//
//   typed      Table<Row>
//   builder    TableBuilder
//   columns    a std::vector for each column, and one RowIndex for all updates
//
// and INDEX is "number" or "string". The ten columns are two strings and eight
// numbers. tools/count_instructions counts what a cell costs.

#include "passpersist/table/table_update.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/row_index.h"
#include "passpersist/table/column.h"
#include "passpersist/table/table.h"
#include "passpersist/table_builder.h"
#include "passpersist/value.h"
#include "store/trie_store.h"

namespace {

using namespace passpersist;  // NOLINT: a program of its own

constexpr size_t kRows = 20'000;
constexpr size_t kColumns = 10;
constexpr size_t kRootArcs = 9;

struct Port {
  uint32_t number = 0;
  std::string name;
  std::string alias;
  std::string description;
  int32_t type = 6;
  int32_t mtu = 1500;
  uint32_t speed = 1'000'000'000;
  uint64_t in_octets = 0;
  uint64_t in_packets = 0;
  uint64_t out_octets = 0;
  uint64_t out_packets = 0;
  uint32_t errors = 0;
};

// The rows in the order of a walk, by number and by name.
std::vector<Port> MakePorts() {
  std::vector<Port> ports(kRows);
  for (size_t i = 0; i < kRows; ++i) {
    Port& port = ports[i];
    port.number = static_cast<uint32_t>(i + 1);
    port.name = absl::StrCat("xe-", 100'000 + i);
    port.alias = absl::StrCat("uplink ", i);
    port.description = "10GBASE-LR";
  }
  return ports;
}

// Changes what a device counts.
void Count(std::vector<Port>& ports) {
  for (Port& port : ports) {
    port.in_octets += 1500;
    ++port.in_packets;
  }
}

template <typename Part>
UpdateFn Typed(Part Port::*index, std::vector<Port>& ports) {
  const auto table = Table<Port>({1})
                         .Index(index)
                         .Column(2, &Port::alias)
                         .Column(3, &Port::description)
                         .Column(4, &Port::type)
                         .Column(5, &Port::mtu)
                         .Column(6, &Port::speed)
                         .Column(7, Counter64Of(&Port::in_octets))
                         .Column(8, Counter64Of(&Port::in_packets))
                         .Column(9, Counter64Of(&Port::out_octets))
                         .Column(10, Counter64Of(&Port::out_packets))
                         .Column(11, Counter32Of(&Port::errors));
  const auto read = [&ports]() -> const std::vector<Port>& {
    Count(ports);
    return ports;
  };
  return table_internal::MakeUpdate(&table.declaration(), kRootArcs,
                                    table.MakeReadRows(read));
}

// The index of a row as a user of TableBuilder writes it.
Oid IndexOf(uint32_t number) { return Oid({number}); }
Oid IndexOf(const std::string& name) { return EncodeString(name); }

template <typename Part>
class BuilderUpdate {
 public:
  BuilderUpdate(Part Port::*index, std::vector<Port>* ports)
      : index_(index), ports_(ports) {}

  absl::Status operator()(Contents& contents) {
    Count(*ports_);
    for (const Port& port : *ports_) {
      table_.AddRow(IndexOf(port.*index_))
          .Set(alias_, OctetString{port.alias})
          .Set(description_, OctetString{port.description})
          .Set(type_, Integer32{port.type})
          .Set(mtu_, Integer32{port.mtu})
          .Set(speed_, Gauge32{port.speed})
          .Set(in_octets_, Counter64{port.in_octets})
          .Set(in_packets_, Counter64{port.in_packets})
          .Set(out_octets_, Counter64{port.out_octets})
          .Set(out_packets_, Counter64{port.out_packets})
          .Set(errors_, Counter32{port.errors});
    }
    contents.PutTable({1}, table_);
    return absl::OkStatus();
  }

 private:
  Part Port::*index_;
  std::vector<Port>* ports_;
  TableBuilder table_;
  TableBuilder::Column<OctetString> alias_ = table_.AddColumn<OctetString>(2);
  TableBuilder::Column<OctetString> description_ =
      table_.AddColumn<OctetString>(3);
  TableBuilder::Column<Integer32> type_ = table_.AddColumn<Integer32>(4);
  TableBuilder::Column<Integer32> mtu_ = table_.AddColumn<Integer32>(5);
  TableBuilder::Column<Gauge32> speed_ = table_.AddColumn<Gauge32>(6);
  TableBuilder::Column<Counter64> in_octets_ = table_.AddColumn<Counter64>(7);
  TableBuilder::Column<Counter64> in_packets_ = table_.AddColumn<Counter64>(8);
  TableBuilder::Column<Counter64> out_octets_ = table_.AddColumn<Counter64>(9);
  TableBuilder::Column<Counter64> out_packets_ =
      table_.AddColumn<Counter64>(10);
  TableBuilder::Column<Counter32> errors_ = table_.AddColumn<Counter32>(11);
};

// Puts the column `id`: the values of `member` as values of type `Wire`.
template <typename Wire, typename T>
void PutMember(uint32_t id, T Port::*member, const std::vector<Port>& ports,
               const std::shared_ptr<const RowIndex>& rows,
               Contents& contents) {
  std::vector<Wire> values;
  values.reserve(ports.size());
  for (const Port& port : ports) values.push_back(Wire{port.*member});
  contents.PutColumn({1, id}, rows, std::move(values));
}

template <typename Part>
UpdateFn Columns(Part Port::*index, std::vector<Port>& ports) {
  std::vector<Oid> indexes;
  for (const Port& port : ports) indexes.push_back(IndexOf(port.*index));
  absl::StatusOr<std::shared_ptr<const RowIndex>> made =
      RowIndex::Make(indexes);
  if (!made.ok()) std::abort();
  return [rows = *made, &ports](Contents& contents) {
    Count(ports);
    PutMember<OctetString>(2, &Port::alias, ports, rows, contents);
    PutMember<OctetString>(3, &Port::description, ports, rows, contents);
    PutMember<Integer32>(4, &Port::type, ports, rows, contents);
    PutMember<Integer32>(5, &Port::mtu, ports, rows, contents);
    PutMember<Gauge32>(6, &Port::speed, ports, rows, contents);
    PutMember<Counter64>(7, &Port::in_octets, ports, rows, contents);
    PutMember<Counter64>(8, &Port::in_packets, ports, rows, contents);
    PutMember<Counter64>(9, &Port::out_octets, ports, rows, contents);
    PutMember<Counter64>(10, &Port::out_packets, ports, rows, contents);
    PutMember<Counter32>(11, &Port::errors, ports, rows, contents);
    return absl::OkStatus();
  };
}

template <typename Part>
UpdateFn MakeUpdate(absl::string_view form, Part Port::*index,
                    std::vector<Port>& ports) {
  if (form == "typed") return Typed(index, ports);
  if (form == "builder") return BuilderUpdate<Part>(index, &ports);
  if (form == "columns") return Columns(index, ports);
  return nullptr;
}

int Run(absl::string_view form, absl::string_view index, int updates) {
  std::vector<Port> ports = MakePorts();
  UpdateFn update = index == "string" ? MakeUpdate(form, &Port::name, ports)
                                      : MakeUpdate(form, &Port::number, ports);
  if (update == nullptr) return EXIT_FAILURE;
  TrieStore store;
  for (int i = 0; i < updates; ++i) {
    Contents contents;
    if (!update(contents).ok() || contents.error_count() != 0) {
      return EXIT_FAILURE;
    }
    if (!store.Replace(std::move(contents)).ok()) return EXIT_FAILURE;
  }
  // All forms have put the same.
  return store.snapshot()->size() == kRows * kColumns ? EXIT_SUCCESS
                                                      : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  int updates = 0;
  if (argc != 4 || !absl::SimpleAtoi(argv[3], &updates)) {
    std::fputs("usage: table_update typed|builder|columns number|string N\n",
               stderr);
    return EXIT_FAILURE;
  }
  return Run(argv[1], argv[2], updates);
}
