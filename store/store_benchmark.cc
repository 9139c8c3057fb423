// Measures the stores against absl::btree_map<Oid, Value>, in one process and
// in turns, and prints a table:
//
//   bazel run -c opt //store:store_benchmark -- --entries=1000000
//
// Every search depends on the one before: the value that was found decides
// which name is next, so that no two searches overlap. All names lie in one run
// of memory in the order in which they are asked for. Before anything is timed,
// what the stores answer is compared with the map, hits and misses. Each figure
// is the median of the rounds. Pin the program to the cores that it is to have
// (taskset -c 0,1); two are needed for the reads during a replace.

#include <time.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include "absl/container/btree_map.h"
#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "passpersist/contents.h"
#include "passpersist/oid.h"
#include "passpersist/oid_store.h"
#include "passpersist/value.h"
#include "store/btree_store.h"

ABSL_FLAG(uint32_t, entries, 1000000, "entries of each store");
ABSL_FLAG(uint32_t, queries, 200000, "searches in each round");
ABSL_FLAG(int, rounds, 7, "rounds, of which the median counts");

namespace passpersist {
namespace {

// --- What is stored ---

struct Row {
  Oid name;
  Value value;
};

// Values as a table has them: one type in a column, 5.6 bytes on average (three
// columns of five are 4 bytes wide, one 8, one a text of 8 on average).
Value MakeValue(uint32_t column, uint32_t number) {
  switch (column % 5) {
    case 1:
      return Counter64{uint64_t{number} << 20 | column};
    case 3:
      return OctetString{std::string(4 + number % 9, 'a')};
    case 2:
      return Gauge32{number};
    default:
      return Counter32{number};
  }
}

struct DataSet {
  std::string title;
  std::vector<Row> rows;     // in order
  std::vector<Oid> queries;  // random, in a run; the first half are hits
};

// 100 columns over integer rows.
DataSet InterfaceLike(uint32_t entries) {
  DataSet data = {"interface-like: 100 columns, integer rows", {}, {}};
  const uint32_t rows = std::max(entries / 100, 1u);
  for (uint32_t column = 1; column <= 100; ++column) {
    for (uint32_t row = 1; row <= rows; ++row) {
      data.rows.push_back({{1, column, row}, MakeValue(column, row)});
    }
  }
  return data;
}

// 5 columns over random indexes of 4 to 20 arcs of a byte each.
DataSet AddressLike(uint32_t entries) {
  DataSet data = {"address-like: 5 columns, indexes of 4 to 20 arcs", {}, {}};
  std::mt19937 random(1);
  std::vector<Oid> indexes;
  for (uint32_t i = 0; i < entries / 5; ++i) {
    Oid index;
    for (size_t size = 4 + random() % 17; size > 0; --size) {
      index.Append(random() % 256);
    }
    indexes.push_back(std::move(index));
  }
  std::sort(indexes.begin(), indexes.end());
  indexes.erase(std::unique(indexes.begin(), indexes.end()), indexes.end());
  for (uint32_t column = 1; column <= 5; ++column) {
    for (uint32_t i = 0; i < indexes.size(); ++i) {
      data.rows.push_back(
          {Concat({1, column}, indexes[i]), MakeValue(column, i)});
    }
  }
  return data;
}

// Makes the queries of `data`: names that there are, in random order.
void AddQueries(uint32_t count, DataSet* data) {
  std::mt19937 random(2);
  for (uint32_t i = 0; i < count; ++i) {
    data->queries.push_back(data->rows[random() % data->rows.size()].name);
  }
}

// --- What is measured ---

// Something to search, to walk and to change.
class Subject {
 public:
  virtual ~Subject() = default;

  virtual absl::string_view name() const = 0;
  virtual void Load(const std::vector<Row>& rows) = 0;
  virtual std::unique_ptr<Iterator> NewIterator() const = 0;
  virtual void Put(const Oid& name, const Value& value) = 0;
  // Bytes that are in use on top of an empty one's.
  virtual size_t memory() const = 0;
};

// Counts the bytes that a container has.
size_t baseline_bytes = 0;
template <typename T>
struct CountingAllocator {
  using value_type = T;
  CountingAllocator() = default;
  template <typename U>
  // NOLINTNEXTLINE(google-explicit-constructor): allocators convert.
  CountingAllocator(const CountingAllocator<U>&) {}
  T* allocate(size_t n) {
    baseline_bytes += n * sizeof(T);
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* p, size_t n) {
    baseline_bytes -= n * sizeof(T);
    std::allocator<T>().deallocate(p, n);
  }
  friend bool operator==(CountingAllocator, CountingAllocator) { return true; }
  friend bool operator!=(CountingAllocator, CountingAllocator) { return false; }
};

class Baseline : public Subject {
 public:
  using Map = absl::btree_map<Oid, Value, std::less<Oid>,
                              CountingAllocator<std::pair<const Oid, Value>>>;

  absl::string_view name() const override { return "absl::btree_map"; }
  void Load(const std::vector<Row>& rows) override {
    Map map;
    heap_ = 0;
    for (const Row& row : rows) {
      map.emplace_hint(map.end(), row.name, row.value);
      if (row.name.size() > 16) heap_ += row.name.size() * sizeof(uint32_t);
    }
    map_.swap(map);
  }
  std::unique_ptr<Iterator> NewIterator() const override;
  void Put(const Oid& name, const Value& value) override {
    map_.insert_or_assign(name, value);
  }
  size_t memory() const override { return baseline_bytes + heap_; }

 private:
  Map map_;
  size_t heap_ = 0;  // of long names
};

class BaselineIterator : public Iterator {
 public:
  explicit BaselineIterator(const Baseline::Map* map)
      : map_(*map), at_(map->end()) {}
  bool Valid() const override { return at_ != map_.end(); }
  void SeekToFirst() override { at_ = map_.begin(); }
  void Seek(const Oid& name) override { at_ = map_.lower_bound(name); }
  void Next() override { ++at_; }
  const Oid& suffix() const override { return at_->first; }
  // For who asks for the slot: not in the baseline's time.
  const Slot& slot() const override {
    slot_ = at_->second;
    return slot_;
  }
  absl::string_view label() const override { return {}; }
  const Value& value() const { return at_->second; }

 private:
  const Baseline::Map& map_;
  Baseline::Map::const_iterator at_;
  mutable Slot slot_;
};

std::unique_ptr<Iterator> Baseline::NewIterator() const {
  return std::make_unique<BaselineIterator>(&map_);
}

template <typename Store>
class StoreSubject : public Subject {
 public:
  explicit StoreSubject(absl::string_view name) : name_(name) {}

  absl::string_view name() const override { return name_; }
  void Load(const std::vector<Row>& rows) override {
    Contents contents;
    for (const Row& row : rows) contents.Put(row.name, row.value);
    Replace(std::move(contents));
  }
  std::unique_ptr<Iterator> NewIterator() const override {
    return store_.snapshot()->NewIterator();
  }
  void Put(const Oid& name, const Value& value) override {
    Changes changes;
    changes.Put(name, value);
    if (!store_.Apply(changes).ok()) std::abort();
  }
  size_t memory() const override { return store_.ApproximateMemory(); }

  void Replace(Contents contents) {
    if (!store_.Replace(std::move(contents)).ok()) std::abort();
  }

 private:
  const std::string name_;
  Store store_;
};

std::vector<std::unique_ptr<Subject>> MakeSubjects() {
  std::vector<std::unique_ptr<Subject>> subjects;
  subjects.push_back(std::make_unique<Baseline>());
  subjects.push_back(std::make_unique<StoreSubject<BtreeStore>>("BtreeStore"));
  return subjects;
}

// A number that the next search is made to depend on.
size_t Read(const Value& value) {
  if (const auto* const v = std::get_if<Counter32>(&value)) return v->value;
  if (const auto* const v = std::get_if<Gauge32>(&value)) return v->value;
  if (const auto* const v = std::get_if<Counter64>(&value)) return v->value;
  if (const auto* const v = std::get_if<OctetString>(&value)) {
    return v->bytes.size();
  }
  return 0;
}

template <typename AnyIterator>
size_t ReadAt(const AnyIterator& at) {
  if constexpr (std::is_same_v<AnyIterator, BaselineIterator>) {
    return Read(at.value());
  } else {
    return Read(std::get<Value>(at.slot()));
  }
}

// So that no search is left out as useless.
std::atomic<size_t> sink;

// The processor time of this thread: on a machine that others use too, what
// they take does not count.
absl::Time ThreadTime() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return absl::TimeFromTimespec(time);
}

double Nanoseconds(absl::Duration duration, size_t times) {
  return absl::ToDoubleNanoseconds(duration) / static_cast<double>(times);
}

// --- The measurements; each returns nanoseconds for one of what it does ---

template <typename AnyIterator>
double GetRandom(const DataSet& data, AnyIterator* at) {
  const absl::Time begin = ThreadTime();
  size_t last = 0;
  for (size_t i = 0; i < data.queries.size(); ++i) {
    // The neighbour of the next query or itself, as the last value decides.
    at->Seek(data.queries[i ^ (last & 1)]);
    last = ReadAt(*at);
  }
  sink = last;
  return Nanoseconds(ThreadTime() - begin, data.queries.size());
}

template <typename AnyIterator>
double GetNextRandom(const DataSet& data, AnyIterator* at) {
  const absl::Time begin = ThreadTime();
  size_t last = 0;
  for (size_t i = 0; i < data.queries.size(); ++i) {
    const Oid& name = data.queries[i ^ (last & 1)];
    at->Seek(name);
    if (at->Valid() && at->suffix() == name) at->Next();
    last = at->Valid() ? ReadAt(*at) + at->suffix().back() : 0;
  }
  sink = last;
  return Nanoseconds(ThreadTime() - begin, data.queries.size());
}

template <typename AnyIterator>
double WalkStep(const DataSet& data, AnyIterator* at) {
  const absl::Time begin = ThreadTime();
  size_t sum = 0;
  size_t steps = 0;
  for (at->SeekToFirst(); at->Valid(); at->Next(), ++steps) {
    sum += at->suffix().back() + ReadAt(*at);
  }
  sink = sum;
  if (steps != data.rows.size()) std::abort();
  return Nanoseconds(ThreadTime() - begin, steps);
}

// Calls `measure` with the type that `subject`'s iterators have, so that the
// baseline is not charged for a virtual call.
template <typename Measure>
double WithIterator(const Subject& subject, const Measure& measure) {
  const std::unique_ptr<Iterator> iterator = subject.NewIterator();
  if (auto* const own = dynamic_cast<BaselineIterator*>(iterator.get())) {
    return measure(own);
  }
  return measure(iterator.get());
}

double ApplyOne(const DataSet& data, Subject* subject) {
  constexpr size_t kChanges = 2000;
  std::mt19937 random(3);
  const absl::Time begin = ThreadTime();
  for (size_t i = 0; i < kChanges; ++i) {
    const Row& row = data.rows[random() % data.rows.size()];
    subject->Put(row.name, row.value);
  }
  return Nanoseconds(ThreadTime() - begin, kChanges);
}

// Of contents that are there and sorted; their making is not in it.
double ReplaceAll(const DataSet& data, Subject* subject) {
  auto* const store = dynamic_cast<StoreSubject<BtreeStore>*>(subject);
  if (store == nullptr) {
    const absl::Time begin = ThreadTime();
    subject->Load(data.rows);
    return Nanoseconds(ThreadTime() - begin, data.rows.size());
  }
  Contents contents;
  for (const Row& row : data.rows) contents.Put(row.name, row.value);
  const absl::Time begin = ThreadTime();
  store->Replace(std::move(contents));
  return Nanoseconds(ThreadTime() - begin, data.rows.size());
}

// The time that 99.9 % of the gets stay under.
double SlowestGet(const DataSet& data, const Subject& subject) {
  std::vector<int64_t> times;
  times.reserve(data.queries.size());
  size_t last = 0;
  std::unique_ptr<Iterator> at = subject.NewIterator();
  for (size_t i = 0; i < data.queries.size(); ++i) {
    const int64_t begin = absl::GetCurrentTimeNanos();
    if (i % 16 == 0) at = subject.NewIterator();  // the newest snapshot
    at->Seek(data.queries[i ^ (last & 1)]);
    last = ReadAt(*at);
    times.push_back(absl::GetCurrentTimeNanos() - begin);
  }
  sink = last;
  const auto at_999 =
      times.begin() + static_cast<std::ptrdiff_t>(times.size() * 999 / 1000);
  std::nth_element(times.begin(), at_999, times.end());
  return static_cast<double>(*at_999);
}

double SlowestGetWhileReplaced(const DataSet& data, Subject* subject) {
  std::atomic<bool> done = false;
  std::thread writer([&] {
    while (!done) {
      subject->Load(data.rows);
      absl::SleepFor(absl::Milliseconds(100));
    }
  });
  const double time = SlowestGet(data, *subject);
  done = true;
  writer.join();
  return time;
}

// --- The table ---

void Verify(const DataSet& data, const Subject& subject) {
  const std::unique_ptr<Iterator> at = subject.NewIterator();
  std::mt19937 random(4);
  for (int i = 0; i < 10000; ++i) {
    const size_t place = random() % data.rows.size();
    const Row& row = data.rows[place];
    at->Seek(row.name);
    if (!at->Valid() || at->suffix() != row.name ||
        std::get<Value>(at->slot()) != row.value) {
      std::abort();
    }
    Oid miss = row.name;
    miss.Append(0);
    at->Seek(miss);
    const bool is_last = place + 1 == data.rows.size();
    if (is_last ? at->Valid()
                : !at->Valid() || at->suffix() != data.rows[place + 1].name) {
      std::abort();
    }
  }
}

double Median(std::vector<double> numbers) {
  std::sort(numbers.begin(), numbers.end());
  return numbers[numbers.size() / 2];
}

struct Measurement {
  absl::string_view title;
  std::function<double(const DataSet&, Subject*)> run;
  int round_divisor;  // 1: as many rounds as the flag says
  bool baseline_is_compared;
};

std::vector<Measurement> Measurements() {
  return {
      {"get, ns",
       [](const DataSet& data, Subject* subject) {
         return WithIterator(*subject,
                             [&](auto* at) { return GetRandom(data, at); });
       },
       1, true},
      {"getnext, ns",
       [](const DataSet& data, Subject* subject) {
         return WithIterator(*subject,
                             [&](auto* at) { return GetNextRandom(data, at); });
       },
       1, true},
      {"walk step, ns",
       [](const DataSet& data, Subject* subject) {
         return WithIterator(*subject,
                             [&](auto* at) { return WalkStep(data, at); });
       },
       1, true},
      {"replace, ns an entry", ReplaceAll, 2, true},
      {"one-value Apply, ns", ApplyOne, 2, true},
      {"bytes an entry",
       [](const DataSet& data, Subject* subject) {
         return static_cast<double>(subject->memory()) /
                static_cast<double>(data.rows.size());
       },
       7, true},
      {"99.9 % of gets, ns",
       [](const DataSet& data, Subject* subject) {
         return SlowestGet(data, *subject);
       },
       2, false},
      {"the same while replaced, ns",
       [](const DataSet& data, Subject* subject) {
         // The map has no snapshots.
         if (subject->name() == "absl::btree_map") return 0.0;
         return SlowestGetWhileReplaced(data, subject);
       },
       2, false},
  };
}

void Run(DataSet data) {
  AddQueries(absl::GetFlag(FLAGS_queries) / 2 * 2, &data);
  const std::vector<std::unique_ptr<Subject>> subjects = MakeSubjects();
  for (const auto& subject : subjects) {
    subject->Load(data.rows);
    Verify(data, *subject);
  }
  absl::PrintF("\n%s, %d entries\n%-28s", data.title, data.rows.size(), "");
  for (const auto& subject : subjects) absl::PrintF("%18s", subject->name());
  absl::PrintF("\n");
  for (const Measurement& measurement : Measurements()) {
    const int rounds =
        std::max(1, absl::GetFlag(FLAGS_rounds) / measurement.round_divisor);
    std::vector<std::vector<double>> times(subjects.size());
    std::vector<std::vector<double>> ratios(subjects.size());
    for (int round = 0; round < rounds; ++round) {
      for (size_t i = 0; i < subjects.size(); ++i) {
        times[i].push_back(measurement.run(data, subjects[i].get()));
        ratios[i].push_back(times[0].back() / times[i].back());
      }
    }
    absl::PrintF("%-28s", measurement.title);
    for (size_t i = 0; i < subjects.size(); ++i) {
      std::string cell = absl::StrFormat("%.1f", Median(times[i]));
      if (i > 0 && measurement.baseline_is_compared) {
        absl::StrAppendFormat(&cell, " (%5.2fx)", Median(ratios[i]));
      }
      absl::PrintF("%18s", cell);
    }
    absl::PrintF("\n");
    std::fflush(stdout);
  }
}

}  // namespace
}  // namespace passpersist

int main(int argc, char** argv) {
  absl::ParseCommandLine(argc, argv);
  const uint32_t entries = absl::GetFlag(FLAGS_entries);
  passpersist::Run(passpersist::InterfaceLike(entries));
  passpersist::Run(passpersist::AddressLike(entries));
}
