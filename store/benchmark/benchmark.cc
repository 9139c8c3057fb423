// SPDX-License-Identifier: Apache-2.0

#include "store/benchmark/benchmark.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <fstream>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "passpersist/oid.h"
#include "store/benchmark/data_set.h"
#include "store/benchmark/measurement.h"
#include "store/benchmark/pointer_chase.h"
#include "store/benchmark/stopwatch.h"
#include "store/benchmark/subject.h"
#include "store/benchmark/verify.h"

namespace passpersist::benchmark {
namespace {

// The quantile `part`: 0.5 is the median. Requires numbers.
double Quantile(std::vector<double> numbers, double part) {
  std::sort(numbers.begin(), numbers.end());
  return numbers[static_cast<size_t>(part *
                                     static_cast<double>(numbers.size() - 1))];
}

std::string TitleCell(absl::string_view text) {
  return absl::StrFormat("%-34s", text);
}

std::string FigureCell(absl::string_view text) {
  return absl::StrFormat("%36s", text);
}

// The results for one subject: numbers, and ratios to those of the map.
struct Figures {
  std::vector<double> numbers;
  std::vector<double> ratios;

  std::string ToString() const {
    if (numbers.empty()) return "-";
    std::string text =
        absl::StrFormat("%.1f [%.1f %.1f]", Quantile(numbers, 0.5),
                        Quantile(numbers, 0.25), Quantile(numbers, 0.75));
    if (!ratios.empty()) {
      absl::StrAppendFormat(&text, " %6.2fx", Quantile(ratios, 0.5));
    }
    return text;
  }
};

// Runs the measurements of `options` on subjects that hold one data set.
//
// Used by one thread at a time.
class Table {
 public:
  Table(const Options& options, const DataSet& data, std::ostream& out);

  void PrintRow(const Measurement& measurement);
  void VerifySubjects() const;

 private:
  const Options& options_;
  const DataSet& data_;
  std::ostream& out_;
  const std::vector<std::unique_ptr<Subject>> subjects_ = MakeSubjects();
  std::deque<PointerChase> chases_;
};

Table::Table(const Options& options, const DataSet& data, std::ostream& out)
    : options_(options), data_(data), out_(out) {
  out_ << absl::StrFormat(
      "\n%s\n%d entries, values of %.1f bytes on average\n%s", data_.title(),
      data_.size(), data_.value_bytes(), TitleCell(""));
  for (const auto& subject : subjects_) {
    Stopwatch watch;
    subject->Load(data_, &watch);
    chases_.emplace_back(subject->memory());
    out_ << FigureCell(subject->name());
  }
  out_ << std::endl;
  VerifySubjects();
}

void Table::VerifySubjects() const {
  for (const auto& subject : subjects_) Verify(data_, *subject);
}

void Table::PrintRow(const Measurement& measurement) {
  if (!absl::StrContains(measurement.title, options_.rows)) return;
  std::vector<Figures> figures(subjects_.size());
  for (int round = 0; round < options_.rounds; round += measurement.period) {
    const std::vector<Oid> queries =
        data_.RandomSuffixes(options_.queries / 2 * 2, 100 + round);
    for (size_t i = 0; i < subjects_.size(); ++i) {
      const std::optional<double> number = measurement.run(
          {data_, queries, *subjects_[i], chases_[i], options_.latency_time});
      if (!number) continue;
      figures[i].numbers.push_back(*number);
      if (i == 0 || !measurement.is_compared) continue;
      if (figures[0].numbers.empty()) continue;  // not applicable to the map
      figures[i].ratios.push_back(figures[0].numbers.back() / *number);
    }
  }
  out_ << TitleCell(measurement.title);
  for (const Figures& f : figures) {
    out_ << FigureCell(f.ToString());
  }
  out_ << std::endl;
}

void PrintTable(const Options& options, const DataSet& data,
                const std::vector<std::vector<Measurement>>& rows,
                std::ostream& out) {
  if (!absl::StrContains(data.title(), options.data)) return;
  Table table(options, data, out);
  for (const std::vector<Measurement>& some : rows) {
    for (const Measurement& row : some) table.PrintRow(row);
  }
  table.VerifySubjects();
}

std::string LoadAverage() {
  std::string load;
  std::getline(std::ifstream("/proc/loadavg"), load);
  return load;
}

}  // namespace

void RunBenchmark(const Options& options, std::ostream& out) {
  out << "load of the machine: " << LoadAverage() << ", "
      << std::thread::hardware_concurrency() << " processors\n"
      << "median [quartiles] of " << options.rounds << " rounds" << std::endl;
  for (const bool integers : {true, false}) {
    const DataSet data = integers ? DataSet::InterfaceLike(options.entries)
                                  : DataSet::AddressLike(options.entries);
    PrintTable(options, data,
               {ReadMeasurements(), WriteMeasurements(), MemoryMeasurements(),
                LatencyMeasurements()},
               out);
  }
  PrintTable(options, DataSet::Sparse(options.entries), {MemoryMeasurements()},
             out);
}

}  // namespace passpersist::benchmark
