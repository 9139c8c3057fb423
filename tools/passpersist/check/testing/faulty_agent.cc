// SPDX-License-Identifier: Apache-2.0
//
// faulty_agent FAULT: a pass_persist program with one fault, or none if FAULT
// is "none". It doesn't use the framework's own transport and codec, since
// other tests check those with the checker.

#include <poll.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "passpersist/oid.h"

namespace {

using passpersist::Oid;

const Oid kBase = {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 77};
// A sibling of kBase; its text begins with the text of kBase.
const Oid kSibling = {1, 3, 6, 1, 4, 1, 8072, 9999, 9999, 770};

// A set value without a newline is complete after this time without input.
constexpr int kSilenceMilliseconds = 20;

struct Line {
  std::string type;
  std::string value;
};

class Agent {
 public:
  explicit Agent(std::string fault) : fault_(std::move(fault)) {
    Put({1, 0}, "integer", "5");
    Put({2, 0}, "string", "text");
    Put({3, 1}, "gauge", "4294967295");
    Put({3, 2}, "Counter32", "0");
    Put({3, 10}, "counter64", "18446744073709551615");
    Put({4, 0}, "OCTET", "de ad be ef");
    Put({5, 0}, "ipaddress", "10.1.2.3");
    Put({6, 0}, "objectid", ".1.3.6.1");
    Put({7, 0}, "timeticks", "100");
    Put({8, 0}, "integer", "-2147483648");
    Put({9, 0}, "opaque", "9f 78 04 42 f6 00 00");
    PutFault("unknown-type", "float", "1.5");
    PutFault("signed-integer", "integer", "+5");
    PutFault("two-signs", "integer", "+-5");
    PutFault("no-number", "integer", "five");
    PutFault("empty-number", "gauge", "");
    PutFault("negative-gauge", "gauge", "-1");
    PutFault("great-integer", "integer", "2147483648");
    PutFault("great-counter", "counter", "4294967296");
    PutFault("three-numbers", "ipaddress", "10.1.2");
    PutFault("great-octet", "ipaddress", "10.1.2.256");
    PutFault("ipaddress-and-dot", "ipaddress", ".10.1.2.3.");
    PutFault("blank-before-ipaddress", "ipaddress", " 10.1.2.3");
    PutFault("objectid-and-dot", "objectid", ".1.3.6. ");
    PutFault("objectid-and-two-dots", "objectid", ".1.3.6..");
    PutFault("blank-before-objectid", "objectid", " .1.3.6");
    PutFault("textual-objectid", "objectid", "iso.3.6");
    PutFault("odd-objectid", "objectid", ".3.50.1");
    PutFault("joined-octets", "octet", "deadbeef");
    PutFault("empty-string", "string", "");
    PutFault("nul", "string", std::string("a\0b", 3));
    PutFault("string-and-cr", "string", "text\r");
    PutFault("lines-end-by-cr", "string\r", "text\r");
    PutFault("long-string", "string", std::string(4095, 'a'));
    PutFault("many-octets", "octet", ManyOctets());
    PutFault("two-line-string", "string", "two\nlines");
    if (Is("value-at-base")) Put({}, "integer", "1");
    if (Is("only-value-at-base")) PutTable({});
    if (Is("text-order-of-rows")) PutTable({14, 14, 2});
    if (Is("text-order-of-columns")) PutTable(std::vector<uint32_t>(12, 2));
    if (Is("misses-first-row") || Is("misses-last-row") ||
        Is("misses-last-column") || Is("gap-is-next-column") ||
        Is("gap-before-first-row") || Is("gap-after-last-row") ||
        Is("no-value-ends-walk") || Is("no-value-is-error") ||
        Is("no-value-is-silent")) {
      PutTable({3, 3, 3});
    }
  }

  void Run() {
    if (Is("dies-at-start")) std::exit(3);
    if (Is("endless-line")) Write(std::string(2 << 20, 'a'));
    if (Is("slow-start")) usleep(300'000);
    if (Is("chatter")) Write("hello, this is the agent\n");
    if (Is("stderr-at-start")) Complain();
    std::string chunk(64 << 10, '\0');
    while (true) {
      const ssize_t count = read(STDIN_FILENO, &chunk[0], chunk.size());
      if (count <= 0) break;
      in_.append(chunk, 0, count);
      Serve();
      if (Is("split")) in_.clear();
    }
    while (Is("outlives-snmpd")) pause();
    Flush();
  }

 private:
  bool Is(absl::string_view fault) const { return fault_ == fault; }

  static Oid Name(const Oid& suffix) { return Concat(kBase, suffix); }

  void Put(const Oid& suffix, const std::string& type,
           const std::string& value) {
    values_[Name(suffix)] = {type, value};
  }

  void PutFault(absl::string_view fault, const std::string& type,
                const std::string& value) {
    if (Is(fault)) Put({10, 0}, type, value);
  }

  // Puts a table at 1, with so many rows in each column, instead of all other
  // instances; without columns, a value at the base.
  void PutTable(const std::vector<uint32_t>& rows) {
    values_.clear();
    if (rows.empty()) Put({}, "integer", "1");
    for (uint32_t column = 1; column <= rows.size(); ++column) {
      for (uint32_t row = 1; row <= rows[column - 1]; ++row) {
        Put({1, column, row}, "integer", "1");
      }
    }
  }

  // Returns the row of a name in the table; 0 for other names.
  static uint32_t RowOf(const Oid& name) {
    return name.size() == kBase.size() + 3 ? name.back() : 0;
  }

  // Returns true for a name that is in the table, but has no value now.
  bool HasNoValue(const Oid& name) const {
    return absl::StartsWith(fault_, "no-value-") && name == Name({1, 2, 2});
  }

  static std::string ManyOctets() {
    std::string text;
    for (int i = 0; i < 1366; ++i) text.append("aa ");
    return text;
  }

  static Oid LongName() {
    Oid name = kBase;
    while (name.size() <= Oid::kMaxArcs) name.Append(1);
    return name;
  }

  void Write(absl::string_view text) {
    out_.append(text.data(), text.size());
    const bool kept =
        Is("no-flush") || (Is("no-flush-but-of-pong") && text != "PONG\n");
    if (!kept) Flush();
  }

  void Flush() {
    absl::string_view rest = out_;
    while (!rest.empty()) {
      const ssize_t count = write(STDOUT_FILENO, rest.data(), rest.size());
      if (count <= 0) std::exit(1);
      rest.remove_prefix(count);
    }
    out_.clear();
  }

  static void Complain() {
    constexpr absl::string_view kWarning = "warning: deprecated\n";
    (void)!write(STDERR_FILENO, kWarning.data(), kWarning.size());
  }

  static bool StaysSilent() {
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, kSilenceMilliseconds) == 0;
  }

  // Consumes the first line of *rest. With `whole_if_silent`, an unfinished
  // line counts as complete if no more input comes.
  bool ConsumeLine(absl::string_view* rest, std::string* line,
                   bool whole_if_silent = false) {
    size_t end = rest->find('\n');
    if (end == absl::string_view::npos) {
      if (rest->empty() || !whole_if_silent || !StaysSilent()) return false;
      end = rest->size();
    }
    *line = std::string(rest->substr(0, end));
    rest->remove_prefix(end < rest->size() ? end + 1 : end);
    return true;
  }

  // Serves all complete commands of the input.
  void Serve() {
    absl::string_view rest = in_;
    std::string command;
    while (ConsumeLine(&rest, &command)) {
      std::string name;
      std::string value;
      if (command == "get" || command == "getnext" || command == "set") {
        if (!ConsumeLine(&rest, &name)) break;
        const bool tolerant =
            !Is("unterminated") && !(Is("cut") && rest.size() > 1000);
        if (command == "set" && !ConsumeLine(&rest, &value, tolerant)) break;
      }
      Answer(command, name, value);
      if (!name.empty()) WriteEarlyPong();
      in_ = std::string(rest);
      rest = in_;
      if (Is("joined")) return in_.clear();
    }
  }

  void Answer(const std::string& command, const std::string& name,
              const std::string& value) {
    if (command == "PING") {
      AnswerPing();
    } else if (command == "get") {
      AnswerGet(*Oid::Parse(name));
    } else if (command == "getnext") {
      AnswerGetNext(*Oid::Parse(name));
    } else if (command == "set") {
      AnswerSet(*Oid::Parse(name), value);
      after_set_ = true;
    } else if (Is("blank-line") ||
               (!command.empty() && (!after_set_ || Is("rest")))) {
      Write("NONE\n");
    }
  }

  // Writes the PONG of the next PING. That isn't a fault, except if the PING is
  // answered again.
  void WriteEarlyPong() {
    pong_ahead_ = Is("early-pong");
    if (pong_ahead_ || Is("early-pong-and-pong")) Write("PONG\n");
  }

  void AnswerPing() {
    after_set_ = false;
    if (std::exchange(pong_ahead_, false)) return;
    if (Is("silent") || (Is("one-pong") && pinged_)) return;
    pinged_ = true;
    if (Is("two-pongs")) return Write("PONG\nPONG\n");
    if (Is("pong-without-newline")) return Write("PONG");
    Write(Is("pong-in-lower-case") ? "pong\n" : "PONG\n");
  }

  void AnswerGet(const Oid& name) {
    if (Is("stderr-at-get")) Complain();
    if (Is("row-appears")) Put({3, 3}, "integer", "1");
    auto entry = values_.find(name);
    if (Is("get-finds-nothing") || HasNoValue(name)) entry = values_.end();
    if (Is("any-name-is-there") && entry == values_.end()) {
      return WriteInstance(name, {"integer", "5"});
    }
    if (Is("get-is-getnext") && entry == values_.end()) {
      return AnswerGetNext(name);
    }
    if (entry == values_.end()) {
      if (Is("get-dies")) std::exit(1);
      if (Is("get-is-silent")) return;
      if (Is("rows-can-be-created")) {
        return Write(absl::StrCat(name.ToString(), "\nnull\n\n"));
      }
      return Write("NONE\n");
    }
    if (Is("get-of-another-type") && entry->second.type == "integer") {
      return WriteInstance(name, {"gauge", entry->second.value});
    }
    if (Is("get-of-another-name")) {
      return WriteInstance(values_.begin()->first, entry->second);
    }
    WriteInstance(name, entry->second);
  }

  void AnswerGetNext(const Oid& name) {
    if (Is("long-name-kills") && name.size() == Oid::kMaxArcs) std::exit(1);
    if (Is("slow") && name == kBase) usleep(300'000);
    auto entry = Next(name);
    if (entry == values_.begin() && Is("base-is-no-name"))
      entry = values_.end();
    if (!name.StartsWith(kBase))
      entry = name < kBase ? values_.begin() : values_.end();
    if (name != kBase && name.StartsWith(kBase) && values_.count(name) == 0) {
      if (Is("gap-is-end")) return Write("NONE\n");
      if (Is("gap-is-start")) entry = values_.begin();
    }
    if (entry == values_.end()) return AnswerEnd(name);
    if (HasNoValue(entry->first)) {
      if (Is("no-value-is-silent")) return;
      return Write(Is("no-value-is-error") ? "error\n" : "NONE\n");
    }
    WriteInstance(entry->first, entry->second);
  }

  std::map<Oid, Line>::const_iterator Next(const Oid& name) const {
    if (Is("text-order")) return NextInTextOrder(name);
    if (Is("text-order-of-rows") || Is("text-order-of-columns")) {
      return FirstAfterInTextOrder(name);
    }
    auto next = values_.upper_bound(name);
    if (next == values_.end()) return next;
    const uint32_t row = RowOf(next->first);
    if (Is("misses-last-column") && next->first > Name({1, 3})) {
      return values_.end();
    }
    const bool is_absent = values_.count(name) == 0 && name != kBase;
    if ((Is("misses-first-row") && row == 1) ||
        (Is("gap-before-first-row") && row == 1 && is_absent) ||
        (Is("misses-last-row") && row == 3)) {
      ++next;
    }
    if (Is("gap-after-last-row") && RowOf(name) > 3) return values_.end();
    if (is_absent && Is("gap-is-next-column") &&
        name.size() > kBase.size() + 3) {
      return values_.lower_bound(Name({1, name[kBase.size() + 1] + 1}));
    }
    return next;
  }

  // Returns the first name of a list in text order that is greater.
  std::map<Oid, Line>::const_iterator FirstAfterInTextOrder(
      const Oid& name) const {
    auto first = values_.end();
    for (auto entry = values_.upper_bound(name); entry != values_.end();
         ++entry) {
      if (first == values_.end() ||
          entry->first.ToString() < first->first.ToString()) {
        first = entry;
      }
    }
    return first;
  }

  std::map<Oid, Line>::const_iterator NextInTextOrder(const Oid& name) const {
    auto next = values_.end();
    for (auto entry = values_.begin(); entry != values_.end(); ++entry) {
      const std::string text = entry->first.ToString();
      if (text > name.ToString() &&
          (next == values_.end() || text < next->first.ToString())) {
        next = entry;
      }
    }
    return next;
  }

  void AnswerEnd(const Oid& name) {
    if (Is("end-is-silent")) return;
    if (Is("end-is-empty")) return Write("\n");
    if (Is("end-in-lower-case")) return Write("none\n");
    if (Is("end-repeats")) return WriteInstance(name, {"integer", "1"});
    if (Is("end-starts-again")) {
      return WriteInstance(values_.begin()->first, values_.begin()->second);
    }
    if (Is("end-leaves-base")) {
      return WriteInstance(Concat(kSibling, {1}), {"integer", "1"});
    }
    if (Is("end-is-too-long")) {
      return WriteInstance(LongName(), {"integer", "1"});
    }
    Write("NONE\n");
  }

  void WriteInstance(const Oid& name, const Line& line) {
    std::string text = name.ToString();
    if (Is("textual-name")) text = "iso." + text.substr(3);
    absl::StrAppend(&text, "\n", line.type, "\n");
    if (!Is("no-value-line")) absl::StrAppend(&text, line.value, "\n");
    if (Is("line-too-many")) absl::StrAppend(&text, "\n");
    Write(text);
  }

  void AnswerSet(const Oid& name, const std::string& value) {
    if (Is("set-is-silent")) return;
    const bool settable = name == Name({1, 0});
    // The checker must not set these names: without an answer, it would report
    // "set".
    if (!settable && (Is("any-name-is-there") || Is("rows-can-be-created"))) {
      return;
    }
    if (settable && !Is("set-is-forgotten")) {
      Put({1, 0}, "integer", std::string(absl::StripPrefix(value, "integer ")));
    }
    if (Is("set-has-two-answers")) Write("DONE\n");
    if (Is("set-says-notWritable")) return Write("notWritable\n");
    if (Is("set-says-nothing")) return Write("\n");
    Write(settable ? "DONE\n" : "not-writable\n");
  }

  const std::string fault_;
  std::map<Oid, Line> values_;
  std::string in_;
  std::string out_;
  bool pinged_ = false;
  bool pong_ahead_ = false;
  bool after_set_ = false;  // no PING has come since the last set
};

}  // namespace

int main(int argc, char** argv) { Agent(argc > 1 ? argv[1] : "none").Run(); }
