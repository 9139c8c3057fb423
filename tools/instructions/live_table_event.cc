// SPDX-License-Identifier: Apache-2.0
//
// live_table_event apply|upsert COLUMNS EVENTS: fills a live table of 100,000
// rows and ten columns, then changes COLUMNS cells of a random row, so many
// times: by LiveTable::Upsert(), or by OidStore::Apply() of the same cells on
// the store. tools/count_instructions counts what an event costs.

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "passpersist/changes.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/table/column.h"
#include "passpersist/table/live_table.h"
#include "passpersist/table/table.h"
#include "passpersist/value.h"
#include "store/trie_store.h"

namespace {

using namespace passpersist;  // NOLINT: a program of its own

constexpr uint32_t kRows = 100'000;
constexpr size_t kNumbers = 4;
constexpr size_t kCounters = 4;

struct Port {
  uint32_t number = 0;
  int32_t numbers[kNumbers] = {};
  uint64_t counters[kCounters] = {};
  std::string name = "port";
  std::string alias = "uplink";
};

template <size_t N>
int32_t NumberOf(const Port& port) {
  return port.numbers[N];
}
template <size_t N>
uint64_t CounterOf(const Port& port) {
  return port.counters[N];
}

const auto kPorts = Table<Port>({1})  // NOLINT: a value without a destructor
                        .Index(&Port::number)
                        .Column(1, NumberOf<0>)
                        .Column(2, NumberOf<1>)
                        .Column(3, NumberOf<2>)
                        .Column(4, NumberOf<3>)
                        .Column(5, Counter64Of(CounterOf<0>))
                        .Column(6, Counter64Of(CounterOf<1>))
                        .Column(7, Counter64Of(CounterOf<2>))
                        .Column(8, Counter64Of(CounterOf<3>))
                        .Column(9, &Port::name)
                        .Column(10, &Port::alias);

// The first `columns` columns get a value that they have not had before.
absl::Status Upsert(uint32_t number, size_t columns, uint32_t value,
                    LiveTable<Port, uint32_t>& table) {
  Port port = *table.Find(number);
  for (size_t i = 0; i < columns; ++i) {
    if (i < kNumbers) {
      port.numbers[i] = static_cast<int32_t>(value);
    } else if (i < kNumbers + kCounters) {
      port.counters[i - kNumbers] = value;
    } else {
      port.name = absl::StrCat(value);
    }
  }
  return table.Upsert(std::move(port));
}

absl::Status Apply(uint32_t number, size_t columns, uint32_t value,
                   OidStore& store) {
  Changes changes;
  for (size_t i = 0; i < columns; ++i) {
    const Oid suffix = {1, static_cast<uint32_t>(i + 1), number};
    if (i < kNumbers) {
      changes.Put(suffix, Integer32{static_cast<int32_t>(value)});
    } else if (i < kNumbers + kCounters) {
      changes.Put(suffix, Counter64{value});
    } else {
      changes.Put(suffix, OctetString{absl::StrCat(value)});
    }
  }
  return store.Apply(changes);
}

absl::Status Run(bool upserts, size_t columns, uint32_t events) {
  const auto store = std::make_shared<TrieStore>();
  LiveTable<Port, uint32_t> table(kPorts);
  std::vector<Port> ports(kRows);
  for (uint32_t i = 0; i < kRows; ++i) ports[i].number = i * 7;
  absl::Status status = table.Replace(std::move(ports));
  status.Update(table.Attach(
      {store, Oid({1, 3, 1}), absl::UnixEpoch, [](const absl::Status&) {}}));
  std::mt19937 random(1);
  for (uint32_t i = 0; i < events && status.ok(); ++i) {
    const auto number = static_cast<uint32_t>(random() % kRows * 7);
    status = upserts ? Upsert(number, columns, 1'000'000 + i, table)
                     : Apply(number, columns, 1'000'000 + i, *store);
  }
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  const absl::string_view way = argc > 1 ? argv[1] : "";
  uint32_t columns = 0;
  uint32_t events = 0;
  if (argc != 4 || (way != "apply" && way != "upsert") ||
      !absl::SimpleAtoi(argv[2], &columns) || columns > 9 ||
      !absl::SimpleAtoi(argv[3], &events)) {
    std::fputs("usage: live_table_event apply|upsert COLUMNS EVENTS\n", stderr);
    return EXIT_FAILURE;
  }
  const absl::Status status = Run(way == "upsert", columns, events);
  if (!status.ok()) std::fprintf(stderr, "%s\n", status.ToString().c_str());
  return status.ok() ? EXIT_SUCCESS : EXIT_FAILURE;
}
